/// A test fixture (data model: *test fixture*): what the published stream must be.
public struct TestFixture: Codable, Hashable, Sendable {
  /// What was measured of a file.
  public struct Facts: Codable, Hashable, Sendable {
    /// Length, in seconds.
    public var durationSeconds: Double
    /// The video codec; nil without a video stream.
    public var videoCodec: String?
    /// Width of the picture, in pixels.
    public var width: Int
    /// Height of the picture, in pixels.
    public var height: Int
    /// Video frames per second.
    public var framesPerSecond: Double
    /// The audio codec; nil without an audio stream.
    public var audioCodec: String?
    /// Audio samples per second.
    public var sampleRate: Int
    /// Audio channels.
    public var channels: Int
    /// Size of the file, in bytes.
    public var byteCount: UInt64

    /// What was measured of a file.
    public init(
      durationSeconds: Double, videoCodec: String?, width: Int, height: Int, framesPerSecond: Double, audioCodec: String?, sampleRate: Int,
      channels: Int, byteCount: UInt64
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
    }
  }

  /// The absolute path of the file.
  public var path: String
  /// What was measured of it.
  public var facts: Facts

  /// A fixture.
  public init(path: String, facts: Facts) {
    self.path = path
    self.facts = facts
  }

  /// How many segments it makes: duration / segment length, rounded down.
  public func expectedSegments(segmentSeconds: Double = 6) -> Int {
    let count = facts.durationSeconds / segmentSeconds
    return count.isFinite && count >= 0 && count < 1e9 ? Int(count) : 0
  }

  /// What the data model forbids in this fixture: 60 s, h264 1280x720 at 30 fps, aac 48 kHz stereo, below 50 MB.
  public func violations() -> [ValidationError] {
    var found: [ValidationError] = []
    func rule(_ holds: Bool, _ field: String, _ message: String) {
      if !holds { found.append(ValidationError(field: field, message: message)) }
    }
    rule(path.hasPrefix("/"), "path", "must be absolute, but is \(path)")
    rule(abs(facts.durationSeconds - 60) <= 0.1, "duration", "must be 60 s, but is \(facts.durationSeconds) s")
    rule(facts.videoCodec == "h264", "video codec", "must be h264, but is \(facts.videoCodec ?? "missing")")
    rule(facts.width == 1280 && facts.height == 720, "resolution", "must be 1280x720, but is \(facts.width)x\(facts.height)")
    rule(abs(facts.framesPerSecond - 30) < 0.01, "frame rate", "must be 30 fps, but is \(facts.framesPerSecond)")
    rule(facts.audioCodec == "aac", "audio codec", "must be aac, but is \(facts.audioCodec ?? "missing")")
    rule(facts.sampleRate == 48000, "sample rate", "must be 48000 Hz, but is \(facts.sampleRate)")
    rule(facts.channels == 2, "channels", "must be 2, but are \(facts.channels)")
    rule(facts.byteCount < 50_000_000, "size", "must be below 50 MB, but is \(facts.byteCount) bytes")
    return found
  }
}
