import Events
import MediaSync

/// What is known of A/V sync. Figures of different origin are never mixed up: each has its own name.
package struct SyncTrack: Codable, Sendable {
  /// What the service's own metric claims, in milliseconds; positive is audio late where the sign is kept.
  package internal(set) var claims: History<Timed<Double>>
  /// Whether the claim is an absolute value, so that nobody can say early or late.
  package internal(set) var claimIsUnsigned = false
  /// Corrections that the log tells of, in milliseconds.
  package internal(set) var corrections: History<Timed<Double>>

  /// How many claims of several streams came at once, so that none is the pipeline's; nil while there is one.
  package internal(set) var severalClaims: Int?

  init(limits: StateLimits) {
    claims = History(limit: limits.points)
    corrections = History(limit: limits.points)
  }

  mutating func noteClaim(_ milliseconds: Double, at instant: RunInstant, isUnsigned: Bool) {
    guard milliseconds.isFinite else { return }
    claimIsUnsigned = isUnsigned
    severalClaims = nil
    claims.append(Timed(milliseconds, at: instant))
  }

  /// Several streams claim something: what one of them claimed before is not what the pipeline does now.
  mutating func noteClaims(_ count: Int, at instant: RunInstant) {
    severalClaims = count
    claims.dropFirst { _ in true }
  }

  mutating func noteCorrection(_ milliseconds: Double, at instant: RunInstant) {
    if milliseconds.isFinite { corrections.append(Timed(milliseconds, at: instant)) }
  }

  mutating func trim(before oldest: RunInstant) {
    claims.dropFirst { $0.at < oldest }
    corrections.dropFirst { $0.at < oldest }
  }
}

/// Figures over a list of deltas.
package struct SyncSummary: Codable, Hashable, Sendable {
  /// The newest, in milliseconds.
  package var latest: Double
  /// Of the absolute values, in milliseconds.
  package var p50: Double
  /// The 95th percentile of the absolute values, in milliseconds.
  package var p95: Double
  /// The largest of the absolute values, in milliseconds.
  package var max: Double
  /// How the delta changes, in milliseconds per minute: the slope of a least-squares line through the points since it last jumped; nil for
  /// too few of them, and where they do not lie on a line: a step is no drift.
  ///
  /// The standard error of such a slope is s / T * sqrt(12 (n - 1) / (n (n + 1))) for n evenly spaced points over T minutes, each off by s
  /// (Draper and Smith, Applied Regression Analysis, 1.4, with the sum of squares of evenly spaced times). At s = 10 ms it is 67 ms/min for
  /// three segments of 6 s and 11 ms/min for ten of them, so that is the least: ten points that span nine segments.
  package var driftPerMinute: Double?
  /// How many points it is made of.
  package var count: Int
  /// How many of them lie within the threshold: |delta| < threshold.
  package var within: Int

  /// Figures over deltas, oldest first; nil when there are none.
  package init?(_ points: some Collection<Timed<Double>>, thresholdMilliseconds: Double) {
    let sorted = points.map { abs($0.value) }.sorted()
    guard let last = Array(points).last, let largest = sorted.last else { return nil }
    latest = last.value
    count = sorted.count
    within = sorted.partitionCount { $0 < thresholdMilliseconds }
    // Nearest rank: the smallest value that at least this share of all values does not exceed.
    func rank(_ share: Double) -> Double {
      sorted[Swift.min(sorted.count, Swift.max(1, Int((share * Double(sorted.count)).rounded(.up)))) - 1]
    }
    p50 = rank(0.5)
    p95 = rank(0.95)
    max = largest
    driftPerMinute = Self.slope(points).map { $0 * 60 }
  }

  /// How many points a drift takes at least.
  package static let leastPoints = 10
  /// How long a time they span at least, in seconds: from the first of ten segments of 6 s to the last, give or take half a second.
  package static let leastSpanSeconds = 54.0

  /// What two points may differ by without any reason, in milliseconds.
  private static let floorMilliseconds = 3.0

  private static func slope(_ points: some Collection<Timed<Double>>) -> Double? {
    guard points.count >= leastPoints, let origin = points.first?.at else { return nil }
    let all = points.map { LineFit.Point(x: $0.at.seconds(since: origin), y: $0.value) }
    let piece = all[LineFit.lastPiece(of: all, floor: floorMilliseconds)...]
    guard piece.count >= leastPoints, let first = piece.first, let last = piece.last, last.x - first.x >= leastSpanSeconds - 0.5,
      let line = LineFit(piece), line.isGood(for: piece, floor: 2 * floorMilliseconds)
    else { return nil }
    return line.slope
  }
}

extension Array {
  fileprivate func partitionCount(_ holds: (Element) -> Bool) -> Int { reduce(0) { $0 + (holds($1) ? 1 : 0) } }
}
