import Events
import RunModel
import WireFormats

/// Watches one reader: whether packets come. Pure: times are given.
struct Watchdog: Sendable {
  struct Limits: Sendable, Hashable {
    /// Seconds of pipeline time.
    var stall: Double
    /// Real seconds.
    var hang: Double
    /// Real seconds.
    var connect: Double
  }

  enum Alarm: Sendable, Hashable {
    case nothing
    case stalled(seconds: Double)
    case hangs
  }

  /// Whether a packet has come.
  private(set) var hasOpened = false
  /// Why the reader was given up; nil while it was not.
  private(set) var reason: String?
  private var lastPacket: RunInstant?
  private var lastReal = ContinuousClock.now
  private var stalledSince: RunInstant?

  /// Packets have come; after how many seconds of stall, when there was one.
  mutating func packet(now: RunInstant, real: ContinuousClock.Instant) -> Double? {
    hasOpened = true
    lastPacket = now
    lastReal = real
    defer { stalledSince = nil }
    return stalledSince.map { now.seconds(since: $0) }
  }

  mutating func look(now: RunInstant, real: ContinuousClock.Instant, _ limits: Limits) -> Alarm {
    guard reason == nil else { return .nothing }
    let silent = real - lastReal
    guard hasOpened, let lastPacket else {
      guard silent > .seconds(limits.connect) else { return .nothing }
      reason = "no packet came within \(NumberText.shortest(limits.connect)) s"
      return .hangs
    }
    if silent > .seconds(limits.hang) {
      reason = "no packet came for \(NumberText.shortest(limits.hang)) s"
      return .hangs
    }
    let seconds = now.seconds(since: lastPacket)
    guard stalledSince == nil, seconds >= limits.stall else { return .nothing }
    stalledSince = lastPacket
    return .stalled(seconds: seconds)
  }

  /// How long no packet has come, in seconds of pipeline time; 0 while they come.
  func silence(now: RunInstant) -> Double {
    let seconds = lastPacket.map { now.seconds(since: $0) } ?? 0
    return seconds < 1 ? 0 : seconds
  }
}

/// Rates between two looks at rising counts.
struct RateMeter: Sendable {
  private var before: (at: RunInstant, frames: UInt64, bytes: UInt64)?

  /// Frames and bits per second since the look before; nil for the first.
  mutating func note(_ now: RunInstant, frames: UInt64, bytes: UInt64) -> (frames: Double, bits: Double)? {
    defer { before = (now, frames, bytes) }
    guard let before, frames >= before.frames, bytes >= before.bytes else { return nil }
    let seconds = now.seconds(since: before.at)
    guard seconds > 0 else { return nil }
    return (Double(frames - before.frames) / seconds, Double(bytes - before.bytes) * 8 / seconds)
  }
}
