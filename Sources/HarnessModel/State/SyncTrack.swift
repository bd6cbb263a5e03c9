/// What is known of A/V sync. Figures of different origin are never mixed up: each has its own name.
public struct SyncTrack: Codable, Sendable {
  /// What the service's own metric claims, in milliseconds; positive is audio late where the sign is kept.
  public internal(set) var claims: History<Timed<Double>>
  /// Whether the claim is an absolute value, so that nobody can say early or late.
  public internal(set) var claimIsUnsigned = false
  /// Corrections that the log tells of, in milliseconds.
  public internal(set) var corrections: History<Timed<Double>>

  init(limits: StateLimits) {
    claims = History(limit: limits.points)
    corrections = History(limit: limits.points)
  }

  mutating func noteClaim(_ milliseconds: Double, at instant: RunInstant, isUnsigned: Bool) {
    guard milliseconds.isFinite else { return }
    claimIsUnsigned = isUnsigned
    claims.append(Timed(milliseconds, at: instant))
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
public struct SyncSummary: Codable, Hashable, Sendable {
  /// The newest, in milliseconds.
  public var latest: Double
  /// Of the absolute values, in milliseconds.
  public var p50: Double
  /// The 95th percentile of the absolute values, in milliseconds.
  public var p95: Double
  /// The largest of the absolute values, in milliseconds.
  public var max: Double
  /// How the delta changes, in milliseconds per minute: the slope of a least-squares line. Nil for fewer than three points.
  public var driftPerMinute: Double?
  /// How many points it is made of.
  public var count: Int
  /// How many of them lie within the threshold: |delta| < threshold.
  public var within: Int

  /// Figures over deltas, oldest first; nil when there are none.
  public init?(_ points: some Collection<Timed<Double>>, thresholdMilliseconds: Double) {
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

  private static func slope(_ points: some Collection<Timed<Double>>) -> Double? {
    guard points.count >= 3, let origin = points.first?.at else { return nil }
    let n = Double(points.count)
    let times = points.map { $0.at.seconds(since: origin) }
    let meanTime = times.reduce(0, +) / n
    let meanValue = points.reduce(0) { $0 + $1.value } / n
    var covariance = 0.0
    var variance = 0.0
    for (time, point) in zip(times, points) {
      covariance += (time - meanTime) * (point.value - meanValue)
      variance += (time - meanTime) * (time - meanTime)
    }
    return variance > 0 ? covariance / variance : nil
  }
}

extension Array {
  fileprivate func partitionCount(_ holds: (Element) -> Bool) -> Int { reduce(0) { $0 + (holds($1) ? 1 : 0) } }
}
