import Events

/// One segment of the input: 6 s of video frames and the AAC frames whose time lies in them.
///
/// Audio comes in frames of 1024 samples, video in frames of, say, 1/30 s; neither divides 6 s the same way. So a segment's audio
/// begins up to one AAC frame (21.3 ms at 48 kHz) beside its video: that is what `startDeltaMilliseconds` says.
struct Segment: Sendable, Equatable {
  /// From 0.
  var index: Int
  /// How many AAC frames it carries.
  var audioFrames: Int
  /// How long one of them lasts, in seconds.
  var audioFrameSeconds = AACSilence.frameSeconds
  /// Start of its audio and its video on the input's axis, in seconds.
  var audioStart: Double
  var videoStart: Double
  /// How many video frames it carries.
  var videoFrames: Int
  /// Size of its audio in bytes.
  var audioBytes: Int
  /// Size of its video in bytes.
  var videoBytes = 0
  /// When it was cut.
  var cutAt: RunInstant
  /// When it begins to leave: until then it must be known which audio it has.
  var dueAt: RunInstant
  /// Whether the speech service can be given its audio.
  var isDubbable = true

  /// How far its audio begins after its video, in milliseconds.
  var startDeltaMilliseconds: Double { (audioStart - videoStart) * 1000 }
  /// Length of its audio, in milliseconds.
  var audioMilliseconds: Double { Double(audioFrames) * audioFrameSeconds * 1000 }
}

/// Segments by the clock, with silent audio, for a worker without an input: on the grids of audio and video frames; pure.
struct SegmentGrid: Sendable {
  static let frameRate = 30.0
  let segmentSeconds: Double
  /// How long after its cut a segment is due.
  let outputDeadlineSeconds: Double

  init(rules: WorkerRules = WorkerRules()) {
    segmentSeconds = rules.segmentSeconds
    outputDeadlineSeconds = rules.outputDeadlineSeconds
  }

  /// The segment with an index, cut at an instant.
  func segment(_ index: Int, cutAt: RunInstant) -> Segment {
    let first = firstAudioFrame(atOrAfter: Double(index) * segmentSeconds)
    let next = firstAudioFrame(atOrAfter: Double(index + 1) * segmentSeconds)
    let firstVideo = firstVideoFrame(atOrAfter: Double(index) * segmentSeconds)
    let nextVideo = firstVideoFrame(atOrAfter: Double(index + 1) * segmentSeconds)
    return Segment(
      index: index, audioFrames: next - first, audioStart: Double(first) * AACSilence.frameSeconds,
      videoStart: Double(firstVideo) / Self.frameRate, videoFrames: nextVideo - firstVideo,
      audioBytes: AACSilence.byteCount(firstFrame: first, frames: next - first), cutAt: cutAt,
      dueAt: cutAt.advanced(bySeconds: outputDeadlineSeconds))
  }

  /// The audio bytes of a segment.
  func audio(of segment: Segment) -> [UInt8] {
    AACSilence.frames(firstFrame: firstAudioFrame(atOrAfter: Double(segment.index) * segmentSeconds), count: segment.audioFrames)
  }

  private func firstAudioFrame(atOrAfter seconds: Double) -> Int { Int((seconds / AACSilence.frameSeconds - 1e-6).rounded(.up)) }
  private func firstVideoFrame(atOrAfter seconds: Double) -> Int { Int((seconds * Self.frameRate - 1e-6).rounded(.up)) }
}
