import WireFormats

/// How the delay of a stream goes: where it stands, how it grows, and where it steps.
package struct DelayCourse: Hashable, Sendable {
  /// The newest delay, in seconds.
  package let latest: Double
  /// The longest, in seconds.
  package let longest: Double
  /// By how much it grows since its last step, in milliseconds a minute; nil for fewer than ``leastSegments`` segments since then.
  package let growth: Double?
  /// The standard error of the growth, in milliseconds a minute.
  package let growthError: Double
  /// By how much it changed at each step, in seconds, in their order.
  package let steps: [Double]
  /// Of how many segments it is known.
  package let count: Int

  /// How many segments a growth takes at least.
  package static let leastSegments = 5
  /// What two delays may differ by without any reason, in milliseconds: how often a busy machine looks.
  private static let floorMilliseconds = 20.0
  private static let mostSteps = 8

  /// The course of some delays, each with when it was told, in seconds on the run's axis and rising; nil for none.
  package init?(_ delays: [(at: Double, seconds: Double)]) {
    guard let last = delays.last else { return nil }
    var points = delays.map { LineFit.Point(x: $0.at, y: $0.seconds * 1000) }
    let all = points
    var steps: [Double] = []
    while steps.count < Self.mostSteps, let begin = Self.lastStep(points) {
      let before = Array(points[..<begin])
      let earlier = LineFit(before[LineFit.lastPiece(of: before, floor: Self.floorMilliseconds)...])
      guard let line = LineFit(points[begin...]), let earlier else { break }
      steps.insert((line.value(at: points[begin].x) - earlier.value(at: points[begin].x)) / 1000, at: 0)
      points = before
    }
    let piece = all[LineFit.lastPiece(of: all, floor: Self.floorMilliseconds)...]
    let line = piece.count >= Self.leastSegments ? LineFit(piece) : nil
    latest = last.seconds
    longest = delays.map(\.seconds).max() ?? last.seconds
    growth = line.map { $0.slope * 60 }
    growthError = (line?.slopeError ?? 0) * 60
    self.steps = steps
    count = delays.count
  }

  private static func lastStep(_ points: [LineFit.Point]) -> Int? {
    let begin = LineFit.lastPiece(of: points, floor: floorMilliseconds)
    return begin > 0 ? begin : nil
  }

  /// Whether it certainly grows by more than so many milliseconds a minute: by three standard errors.
  package func grows(beyond limit: Double) -> Bool { growth.map { $0 - 3 * growthError > limit } ?? false }

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
      parts.append("\(times) by \(Self.signed(step, 1)) s")
    }
    return parts.joined(separator: ", ")
  }

  private static func signed(_ value: Double, _ digits: Int) -> String {
    let text = NumberText.fixed(abs(value), digits)
    return Double(text) == 0 ? text : (value > 0 ? "+" : "-") + text
  }
}
