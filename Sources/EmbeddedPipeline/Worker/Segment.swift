import HarnessModel

/// One segment of the input: 6 s of video frames and the AAC frames that begin in them.
///
/// Audio comes in frames of 1024 samples, video in frames of 1/30 s; neither divides 6 s the same way. A segment's audio begins
/// at the first AAC frame that starts at or after the segment's first video frame, so it lies up to one AAC frame (21.3 ms at
/// 48 kHz) behind the video: that is what `startDeltaMilliseconds` says, computed from both grids.
struct Segment: Sendable, Equatable {
  /// From 0.
  var index: Int
  /// How many AAC frames it carries.
  var audioFrames: Int
  /// Start of its audio and its video on the input's axis, in seconds.
  var audioStart: Double
  var videoStart: Double
  /// How many video frames it carries.
  var videoFrames: Int
  /// Size of its audio in bytes.
  var audioBytes: Int
  /// When it was cut.
  var cutAt: RunInstant

  /// How far its audio begins after its video, in milliseconds.
  var startDeltaMilliseconds: Double { (audioStart - videoStart) * 1000 }
  /// Length of its audio, in milliseconds.
  var audioMilliseconds: Double { Double(audioFrames) * AACSilence.frameSeconds * 1000 }
  /// Length of its video, in seconds.
  var videoSeconds: Double { Double(videoFrames) / SegmentGrid.frameRate }
}

/// Cuts the input into segments on the grids of its audio and video frames; pure.
struct SegmentGrid: Sendable {
  static let frameRate = 30.0
  let segmentSeconds: Double

  /// The segment with an index, cut at an instant.
  func segment(_ index: Int, cutAt: RunInstant) -> Segment {
    let first = firstAudioFrame(atOrAfter: Double(index) * segmentSeconds)
    let next = firstAudioFrame(atOrAfter: Double(index + 1) * segmentSeconds)
    let firstVideo = firstVideoFrame(atOrAfter: Double(index) * segmentSeconds)
    let nextVideo = firstVideoFrame(atOrAfter: Double(index + 1) * segmentSeconds)
    return Segment(
      index: index, audioFrames: next - first, audioStart: Double(first) * AACSilence.frameSeconds,
      videoStart: Double(firstVideo) / Self.frameRate, videoFrames: nextVideo - firstVideo,
      audioBytes: AACSilence.byteCount(firstFrame: first, frames: next - first), cutAt: cutAt)
  }

  /// The audio bytes of a segment.
  func audio(of segment: Segment) -> [UInt8] {
    AACSilence.frames(firstFrame: firstAudioFrame(atOrAfter: Double(segment.index) * segmentSeconds), count: segment.audioFrames)
  }

  private func firstAudioFrame(atOrAfter seconds: Double) -> Int { Int((seconds / AACSilence.frameSeconds - 1e-6).rounded(.up)) }
  private func firstVideoFrame(atOrAfter seconds: Double) -> Int { Int((seconds * Self.frameRate - 1e-6).rounded(.up)) }
}
