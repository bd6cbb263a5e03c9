/// A test fixture (data model: *test fixture*): what the published stream must be.
package struct TestFixture: Codable, Hashable, Sendable {
  /// What was measured of a file.
  package struct Facts: Codable, Hashable, Sendable {
    /// Length, in seconds.
    package var durationSeconds: Double
    /// The video codec; nil without a video stream.
    package var videoCodec: String?
    /// Width of the picture, in pixels.
    package var width: Int
    /// Height of the picture, in pixels.
    package var height: Int
    /// Video frames per second.
    package var framesPerSecond: Double
    /// The audio codec; nil without an audio stream.
    package var audioCodec: String?
    /// Audio samples per second.
    package var sampleRate: Int
    /// Audio channels.
    package var channels: Int
    /// Size of the file, in bytes.
    package var byteCount: UInt64
    /// Length of the video track, from its first packet to the end of its last, in seconds; nil where it cannot be measured.
    package var videoSeconds: Double?
    /// Length of the audio track, in seconds; nil where it cannot be measured.
    package var audioSeconds: Double?

    /// What was measured of a file.
    package init(
      durationSeconds: Double, videoCodec: String?, width: Int, height: Int, framesPerSecond: Double, audioCodec: String?, sampleRate: Int,
      channels: Int, byteCount: UInt64, videoSeconds: Double? = nil, audioSeconds: Double? = nil
    ) {
      self.durationSeconds = durationSeconds
      self.videoCodec = videoCodec
      self.width = width
      self.height = height
      self.framesPerSecond = framesPerSecond
      self.audioCodec = audioCodec
      self.sampleRate = sampleRate
      self.channels = channels
      self.byteCount = byteCount
      self.videoSeconds = videoSeconds
      self.audioSeconds = audioSeconds
    }
  }

  /// The absolute path of the file.
  package var path: String
  /// What was measured of it.
  package var facts: Facts

  /// A fixture.
  package init(path: String, facts: Facts) {
    self.path = path
    self.facts = facts
  }

  /// How far its length may lie from what is asked for, in seconds: a tenth, which no double is.
  static let durationTolerance = 0.1 + 1e-9

  /// How many segments it makes: duration / segment length, rounded down, where a length within the tolerance counts as whole.
  package func expectedSegments(segmentSeconds: Double = 6) -> Int {
    let count = (facts.durationSeconds + Self.durationTolerance) / segmentSeconds
    return count.isFinite && count >= 0 && count < 1e9 ? Int(count) : 0
  }
}
