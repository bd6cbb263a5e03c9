/// How far the output's audio is moved against its video: a fixed skew and a drift that adds up. Positive is later. Pure.
struct AudioShift: Sendable, Equatable {
  /// What a skew may be, in milliseconds.
  static let skewLimits = -5000.0...5000.0
  /// What a drift may be, in milliseconds per second.
  static let driftLimits = -100.0...100.0

  private(set) var skewMilliseconds = 0.0
  private(set) var driftMillisecondsPerSecond = 0.0
  /// What the drift has added up to since the skew was set, in milliseconds.
  private(set) var driftedMilliseconds = 0.0
  private var last: Int64?

  /// The whole shift, in milliseconds; never beyond the limits of a skew.
  var milliseconds: Double { min(max(skewMilliseconds + driftedMilliseconds, Self.skewLimits.lowerBound), Self.skewLimits.upperBound) }

  /// Sets the shift; what a drift had added up to is gone.
  mutating func setSkew(_ milliseconds: Double) {
    skewMilliseconds = min(max(milliseconds, Self.skewLimits.lowerBound), Self.skewLimits.upperBound)
    driftedMilliseconds = 0
  }

  /// Sets how fast the shift changes from now on.
  mutating func setDrift(_ millisecondsPerSecond: Double) {
    driftMillisecondsPerSecond = min(max(millisecondsPerSecond, Self.driftLimits.lowerBound), Self.driftLimits.upperBound)
  }

  /// The shift in ticks of a frame that is put out now, with its unshifted time; time passes with the frames.
  mutating func ticks(at pts: Int64) -> Int64 {
    if let last, driftMillisecondsPerSecond != 0 {
      let elapsed = MediaTicks.seconds(pts - last)
      if elapsed > 0, elapsed < 5 { driftedMilliseconds += driftMillisecondsPerSecond * elapsed }
      let room = Self.skewLimits.lowerBound - skewMilliseconds...Self.skewLimits.upperBound - skewMilliseconds
      driftedMilliseconds = min(max(driftedMilliseconds, room.lowerBound), room.upperBound)
    }
    last = pts
    return MediaTicks.ticks(seconds: milliseconds / 1000)
  }
}
