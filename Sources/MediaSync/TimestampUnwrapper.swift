/// Makes one rising axis of a track's time stamps, which a container keeps in few bits.
///
/// MPEG-TS has 33 bits at 90 kHz (26.5 h). FLV has 32 bits of milliseconds, but ffmpeg's muxer writes 31, and old RTMP code only 24.
struct TimestampUnwrapper: Sendable {
  /// A time stamp on the rising axis.
  struct Unwrapped: Hashable, Sendable {
    /// In ticks.
    var ticks: Int64
    /// Whether a wrap lies between it and the one before.
    var isWrap: Bool
  }

  /// How far from a whole period a jump may lie and still be a wrap, in seconds.
  static let tolerance = 10.0
  /// The largest time stamp that is believed; with it no difference of two can overflow.
  private static let bound: Int64 = 1 << 60

  /// After how many ticks time stamps begin again; the first is the container's own. Empty for a container that does not wrap.
  let periods: [Int64]
  private let toleranceTicks: UInt64
  private var last: Int64?
  private var seed: Int64?
  /// Whole periods added by now, in ticks.
  private(set) var offset: Int64 = 0

  /// An unwrapper by the container's name, as ffmpeg writes it, and the unit; without a name the unit tells.
  init(container: String?, base: TimeBase) {
    let isMilliseconds = base.numerator == 1 && base.denominator == 1000
    let isNinetyKilohertz = base.numerator == 1 && base.denominator == 90000
    switch container {
    case "mpegts"?: periods = isNinetyKilohertz ? [1 << 33] : []
    case "flv"?, "live_flv"?: periods = isMilliseconds ? [1 << 32, 1 << 31, 1 << 24] : []
    case nil: periods = isNinetyKilohertz ? [1 << 33] : isMilliseconds ? [1 << 32, 1 << 31, 1 << 24] : []
    default: periods = []
    }
    toleranceTicks = UInt64(min(max(1, Self.tolerance / base.seconds), 1e18))
  }

  /// Places the first time stamp near one of the other track, in ticks of this one.
  mutating func begin(near ticks: Int64) { if last == nil { seed = ticks } }

  /// The next time stamp on the axis.
  mutating func unwrap(_ given: Int64) -> Unwrapped {
    let raw = min(max(given, -Self.bound), Self.bound)
    let before = last
    let ticks = (before ?? seed).map { nearest(raw, to: $0) } ?? raw
    let hasMoved = ticks &- raw != offset
    offset = ticks &- raw
    last = ticks
    guard let before, ticks > before, (ticks &- before).magnitude <= toleranceTicks else { return Unwrapped(ticks: ticks, isWrap: false) }
    // A library may have unwrapped it already: then it passes a multiple of the period without a jump.
    let passes = periods.first.map { Self.cycle(ticks, $0) != Self.cycle(before, $0) } ?? false
    return Unwrapped(ticks: ticks, isWrap: hasMoved || passes)
  }

  /// A time stamp moved by whole periods to where it lies nearest to a place on the axis, when that is a wrap; else as it is.
  func nearest(_ raw: Int64, to place: Int64) -> Int64 {
    let moved = raw &+ offset
    let distance = moved &- place
    for period in periods {
      let count = Int64((Double(distance) / Double(period)).rounded())
      guard count != 0 else { continue }
      let rest = distance &- count &* period
      // Of MPEG-TS every jump is taken the shorter way round: a restart far below may come as one far above.
      if rest.magnitude <= toleranceTicks || periods.count == 1 { return place &+ rest }
    }
    return moved
  }

  private static func cycle(_ ticks: Int64, _ period: Int64) -> Int64 { ticks >= 0 ? ticks / period : (ticks &+ 1) / period - 1 }
}
