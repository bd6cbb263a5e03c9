import WireFormats

/// How the delay of a stream goes: where it stands, how it grows, and where it steps.
package struct DelayCourse: Hashable, Sendable {
  /// The newest delay, in seconds.
  package let latest: Double
  /// The longest, in seconds.
  package let longest: Double
  /// By how much it grows since its last step, in milliseconds a minute; nil for fewer than ``leastSegments`` segments since then.
  package var growth: Double? { present?.slope }
  /// By how much it changed at each step, in seconds, in their order.
  package let steps: [Double]
  /// Of how many segments it is known.
  package let count: Int

  /// How it grew over some segments that one line fits.
  package struct Growth: Hashable, Sendable {
    /// By how much, in milliseconds a minute.
    package let slope: Double
    /// The standard error of that.
    package let error: Double
    /// For how long, in seconds.
    package let seconds: Double

    /// How much of it is certain, in milliseconds a minute: all but three standard errors.
    package var certain: Double { slope - 3 * error }
  }

  /// How it grows since its last step; nil where that is not known.
  private let present: Growth?
  /// The growth of which most is certain, also where it is over; nil where none is known.
  package let worst: Growth?

  /// How many segments a growth takes at least.
  package static let leastSegments = 5
  /// What two delays may differ by without any reason, in milliseconds: how often a busy machine looks.
  private static let floorMilliseconds = 20.0

  /// The course of some delays, each with when it was told, in seconds on the run's axis and rising; nil for none.
  package init?(_ delays: [(at: Double, seconds: Double)]) {
    guard let last = delays.last else { return nil }
    let points = delays.map { LineFit.Point(x: $0.at, y: $0.seconds * 1000) }
    let pieces = LineFit.pieces(of: points, floor: Self.floorMilliseconds).map { (range: $0, line: LineFit(points[$0])) }
    let growths = pieces.map { piece -> Growth? in
      guard piece.range.count >= Self.leastSegments, let line = piece.line, let end = points[piece.range].last else { return nil }
      return Growth(slope: line.slope * 60, error: line.slopeError * 60, seconds: end.x - points[piece.range.lowerBound].x)
    }
    // A course may also bend without a step.
    steps = zip(pieces, pieces.dropFirst()).compactMap { before, after in
      let x = points[after.range.lowerBound].x
      guard let from = before.line?.value(at: x), let to = after.line?.value(at: x), abs(to - from) >= Self.floorMilliseconds else {
        return nil
      }
      return (to - from) / 1000
    }
    latest = last.seconds
    longest = delays.map(\.seconds).max() ?? last.seconds
    present = growths.last ?? nil
    worst = growths.compactMap(\.self).max { $0.certain < $1.certain }
    count = delays.count
  }

  /// Whether it certainly grew by more than so many milliseconds a minute, then or now.
  package func grew(beyond limit: Double) -> Bool { worst.map { $0.certain > limit } ?? false }
  /// Whether it certainly does since its last step.
  package func grows(beyond limit: Double) -> Bool { present.map { $0.certain > limit } ?? false }

  /// By how much a delay may grow and be called steady, in milliseconds a minute: at 100 a live stream is 6 s later after an hour.
  package static let steadyGrowth = 100.0
  /// Whether the stream certainly comes later and later.
  package var isLagging: Bool { grows(beyond: Self.steadyGrowth) }

  /// `15.2 s, +3 ms/min`, `15.2 s, stepped by +2 s`.
  package var words: String {
    var parts = ["\(NumberText.fixed(latest, 1)) s"]
    if let growth { parts.append("\(Self.signed(growth, 0)) ms/min") }
    if let step = steps.last {
      let times = steps.count > 1 ? "\(steps.count) steps, the last one" : "stepped"
      parts.append("\(times) by \(Self.step(step))")
    }
    return parts.joined(separator: ", ")
  }

  /// `+400 ms/min for 60 s`: the growth of which most is certain; nil where none is known.
  package var worstWords: String? {
    worst.map { "\(Self.signed($0.slope, 0)) ms/min for \(NumberText.fixed($0.seconds, 0)) s" }
  }

  private static func step(_ seconds: Double) -> String {
    abs(seconds) < 0.1 ? "\(signed(seconds * 1000, 0)) ms" : "\(signed(seconds, 1)) s"
  }

  private static func signed(_ value: Double, _ digits: Int) -> String {
    let text = NumberText.fixed(abs(value), digits)
    return Double(text) == 0 ? text : (value > 0 ? "+" : "-") + text
  }
}
