import MediaSync

/// Reads what `ffmpeg -progress` prints: `key=value` lines, each block ended by `progress=continue` or `progress=end`.
struct ProgressReader: Sendable {
  private var frames: UInt64 = 0
  private var framesPerSecond: Double?
  private var bitRate: Double?
  private var bytes: Double?
  private var microseconds: Double?
  private var speed: Double?
  private var before: (bytes: Double, seconds: Double)?
  /// Media time never falls: a block without one keeps the time of the block before.
  private(set) var mediaSeconds = 0.0

  /// Takes in a line; gives a sample when it ends a block.
  mutating func read(_ line: some StringProtocol) -> PublisherSample? {
    guard let equals = line.firstIndex(of: "=") else { return nil }
    let value = line[line.index(after: equals)...].drop { $0 == " " }
    switch line[..<equals] {
    case "frame": frames = UInt64(value) ?? frames
    case "fps": framesPerSecond = Self.number(value)
    case "bitrate": bitRate = value.hasSuffix("kbits/s") ? Self.number(value.dropLast(7)).map { $0 * 1000 } : nil
    case "total_size": bytes = Self.number(value)
    case "out_time_us": microseconds = Self.number(value)
    case "speed": speed = value.hasSuffix("x") ? Self.number(value.dropLast()) : nil
    case "progress": return endBlock()
    default: break
    }
    return nil
  }

  private mutating func endBlock() -> PublisherSample {
    // Before its first packet ffmpeg gives N/A or the smallest number there is.
    if let microseconds, microseconds >= 0 { mediaSeconds = max(mediaSeconds, microseconds / 1e6) }
    let sample = PublisherSample(
      frames: frames, framesPerSecond: framesPerSecond.flatMap { $0 > 0 ? $0 : nil }, bitsPerSecond: currentBitRate(),
      speed: speed, mediaSeconds: mediaSeconds)
    (framesPerSecond, bitRate, bytes, microseconds, speed) = (nil, nil, nil, nil, nil)
    return sample
  }

  /// Bits per second of media since the block before; ffmpeg itself gives the average since the start. Nil where the muxer keeps no
  /// count (rtsp).
  private mutating func currentBitRate() -> Double? {
    guard let bytes else { return bitRate.flatMap { $0 > 0 ? $0 : nil } }
    guard let last = before else {
      before = (bytes, mediaSeconds)
      return nil
    }
    guard mediaSeconds - last.seconds > 0.01 else { return nil }
    before = (bytes, mediaSeconds)
    return max(0, bytes - last.bytes) * 8 / (mediaSeconds - last.seconds)
  }

  private static func number(_ text: some StringProtocol) -> Double? {
    Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
