import Events

/// Which worker: of which engine, by its job and instance. The texts are from outside.
package struct WorkerKey: Hashable, Comparable, Sendable {
  /// The engine's place among those that are asked, from 0.
  package var engine: Int
  /// The job.
  package var job: String
  /// The instance, mostly host and port.
  package var instance: String

  /// A worker's key.
  package init(engine: Int, job: String, instance: String) {
    self.engine = engine
    self.job = job
    self.instance = instance
  }

  /// By engine, job and instance, numbers within a name by their value: `worker-9` before `worker-10`.
  package static func < (left: WorkerKey, right: WorkerKey) -> Bool {
    if left.engine != right.engine { return left.engine < right.engine }
    if left.job != right.job { return NaturalOrder.isBefore(left.job, right.job) }
    return NaturalOrder.isBefore(left.instance, right.instance)
  }
}

/// What is known of one worker.
package struct FleetWorker: Hashable, Sendable {
  /// Which one.
  package var key: WorkerKey
  /// Its target's labels. From outside.
  package var labels: [String: String] = [:]
  /// Whether the engine could scrape it; nil where the engine does not say.
  package var isUp: Bool?
  /// How old its newest sample is by the engine's clock, in seconds; nil where there is none.
  package var age: Double?
  /// Why the age is not known, where the engine has something of it.
  package var ageDoubt: String?
  /// The distance of two scrapes, in seconds; nil as long as it is not known.
  package var interval: Double?
  /// The figures other than the breaker's.
  package var figures: [FleetFigure: Double] = [:]
  /// Figures of which the engine told only a part: they may be worse.
  package var partial: Set<FleetFigure> = []
  /// Whether the contract counts every fallback; else there are at least so many.
  package var countsFallbacksWhole = true
  /// The breaker of the stream for which it is worst; nil where it is not known.
  package var breaker: BreakerState?
  /// Why the breaker is not known, where the engine has something of it.
  package var breakerDoubt: String?
  /// The breaker's course of the last 15 minutes, a cell a minute, oldest first; nil where it is not known.
  package var strip: [BreakerState?] = []
  /// Names of alerts that fire for it; nil as long as the engine was not heard of them. From outside.
  package var alerts: [String]?
  /// Whether the engine has nothing of it any more.
  package var isGone = false

  /// A worker of which nothing is known yet.
  package init(key: WorkerKey) { self.key = key }

  /// Above this age a sample is too old to be told as current, in seconds: three intervals and half a second.
  package var ageLimit: Double? { interval.map { Staleness.limit(intervalSeconds: $0) } }

  /// The share of segments for which the original stood in over five minutes, 0 to 1; nil where it is not known or not
  /// counted whole, or nothing was sent.
  package var fallbackShare: Double? {
    guard countsFallbacksWhole, let fallback = figures[.fallback], let processed = figures[.processed], fallback + processed > 0 else {
      return nil
    }
    return fallback / (fallback + processed)
  }

  /// Whether what it last showed is told as what it is now.
  package var isCurrent: Bool {
    guard isUp != false, !isGone, let age, let ageLimit else { return false }
    return age <= ageLimit
  }
}

/// The order in which people count: runs of digits by their value.
package enum NaturalOrder {
  /// Whether one text comes before another.
  package static func isBefore(_ left: String, _ right: String) -> Bool {
    var (left, right) = (Substring(left), Substring(right))
    while let a = left.first, let b = right.first {
      if a.isASCII, b.isASCII, a.isNumber, b.isNumber {
        let (one, other) = (left.prefix { $0.isASCII && $0.isNumber }, right.prefix { $0.isASCII && $0.isNumber })
        let (x, y) = (one.drop { $0 == "0" }, other.drop { $0 == "0" })
        if x.count != y.count { return x.count < y.count }
        if x != y { return x < y }
        (left, right) = (left.dropFirst(one.count), right.dropFirst(other.count))
      } else {
        if a != b { return a < b }
        (left, right) = (left.dropFirst(), right.dropFirst())
      }
    }
    return left.isEmpty && !right.isEmpty
  }
}
