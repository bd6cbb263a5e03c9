import Contracts
import Events
import PrometheusText

/// A signal over time.
package struct SignalTrack: Codable, Sendable {
  /// What the last scrape said.
  package internal(set) var last: Timed<SignalValue>?
  /// Its points: a number as it is; of a histogram the mean of what was observed between two scrapes.
  package internal(set) var points: History<Timed<Double>>
  /// For a counter: what was counted since dubwatch began to look, across restarts of the service.
  package internal(set) var increase = 0.0
  /// For a counter: increase per second, one point a scrape.
  package internal(set) var rates: History<Timed<Double>>
  /// When dubwatch first saw it.
  package internal(set) var firstSeen: RunInstant?
  /// When the counter last fell to a lower value: the service was restarted.
  package internal(set) var resetAt: RunInstant?

  init(limits: StateLimits) {
    points = History(limit: limits.points)
    rates = History(limit: limits.points)
  }

  /// Mean increase per second since dubwatch began to look; nil before the second scrape.
  package func meanRate(now: RunInstant) -> Double? {
    guard let firstSeen, let last, last.at > firstSeen else { return nil }
    return increase / last.at.seconds(since: firstSeen)
  }

  /// Takes in one scrape's value. A histogram counts as its number of observations.
  mutating func note(_ value: SignalValue, at instant: RunInstant) {
    let before = last
    last = Timed(value, at: instant)
    if firstSeen == nil { firstSeen = instant }
    switch value {
    case .number(let number):
      points.append(Timed(number, at: instant))
      guard let before, let previous = before.value.number else { return }
      count(from: previous, to: number, since: before.at, at: instant)
    case .histogram(let histogram):
      guard let before, case .histogram(let previous) = before.value else {
        if histogram.count > 0, let sum = histogram.sum { points.append(Timed(sum / histogram.count, at: instant)) }
        return
      }
      let isReset = histogram.count < previous.count
      let observations = isReset ? histogram.count : histogram.count - previous.count
      if observations > 0, let sum = histogram.sum {
        points.append(Timed((isReset ? sum : sum - (previous.sum ?? 0)) / observations, at: instant))
      }
      count(from: previous.count, to: histogram.count, since: before.at, at: instant)
    case .ambiguous: break
    }
  }

  private mutating func count(from previous: Double, to number: Double, since: RunInstant, at instant: RunInstant) {
    let isReset = number < previous
    // A counter that fell began again at zero: what it shows now was counted since.
    let added = isReset ? number : number - previous
    if isReset { resetAt = instant }
    guard added.isFinite else { return }
    increase += added
    let seconds = instant.seconds(since: since)
    if seconds > 0 { rates.append(Timed(added / seconds, at: instant)) }
  }
}

/// The last scrape of one endpoint, and the one before it for rates.
package struct ScrapeTrack: Codable, Sendable {
  /// The last scrape.
  package internal(set) var last: Timed<Scrape>
  /// The scrape before it.
  package internal(set) var previous: Timed<Scrape>?
  /// How large the response was, in bytes.
  package internal(set) var byteCount: Int
  /// How long it took, in milliseconds.
  package internal(set) var latencyMilliseconds: Double
}

/// Signals and series of a run.
package struct MetricsTrack: Codable, Sendable {
  /// Signals, by name.
  package internal(set) var signals: [SignalID: SignalTrack] = [:]
  /// Every series of every endpoint, as last scraped.
  package internal(set) var scrapes: [ServiceName: ScrapeTrack] = [:]

  /// An empty set of metrics.
  package init() {}

  /// The newest value of a signal; nil when it was never seen.
  package func number(_ signal: SignalID) -> Double? { signals[signal]?.last?.value.number }
}

extension HistogramValue {
  /// The q-quantile, 0 to 1: linear interpolation inside the bucket, as Prometheus' `histogram_quantile` does.
  ///
  /// Nil without observations. In the last, unbounded bucket the highest finite bound is given.
  package func quantile(_ q: Double) -> Double? {
    guard count > 0, upperBounds.count == cumulativeCounts.count, let total = cumulativeCounts.last, total > 0, q >= 0, q <= 1 else {
      return nil
    }
    let rank = q * total
    guard let bucket = cumulativeCounts.firstIndex(where: { $0 >= rank }) else { return nil }
    let upper = upperBounds[bucket]
    guard upper.isFinite else { return bucket > 0 ? upperBounds[bucket - 1] : nil }
    // The first bucket begins at 0 unless its bound is not positive: then nothing below it is known.
    if bucket == 0, upper <= 0 { return upper }
    let lower = bucket == 0 ? 0 : upperBounds[bucket - 1]
    let below = bucket == 0 ? 0 : cumulativeCounts[bucket - 1]
    let inside = cumulativeCounts[bucket] - below
    return inside > 0 ? lower + (upper - lower) * (rank - below) / inside : upper
  }
}

extension RunState {
  mutating func applyMetrics(_ sample: MetricsSample, _ envelope: EventEnvelope) {
    let instant = envelope.instant
    let before = metrics.scrapes[sample.service]
    metrics.scrapes[sample.service] = ScrapeTrack(
      last: Timed(sample.scrape, at: instant), previous: before?.last, byteCount: sample.byteCount,
      latencyMilliseconds: sample.latencyMilliseconds)
    for (signal, value) in sample.signals {
      var track = metrics.signals.removeValue(forKey: signal) ?? SignalTrack(limits: limits)
      let increased = track.increase
      track.note(value, at: instant)
      if track.increase > increased, countedSignals.contains(signal), signal != .errors, signal != .breakerFailures {
        noteDataMoved(sample.service, signal.text, at: instant)
      }
      metrics.signals[signal] = track
    }
    if !sample.resetSignals.isEmpty {
      let names = sample.resetSignals.map(\.text).sorted().prefix(3).joined(separator: ", ")
      addRow(.service, .warning, "counters began again: \(names)", at: instant, service: sample.service)
    }
    if let start = sample.processStart { updateService(sample.service) { $0.processStart = start } }
    if let code = sample.signals[.breakerState]?.number {
      let entries = breaker.entries.total
      breaker.noteGauge(code: code, state: contract.breakerState(code: code), at: instant)
      if breaker.entries.total > entries { addInferredBreakerRow(at: instant) }
    }
    if let inflight = sample.signals[.inflightFragments]?.number {
      backpressure.noteInflight(inflight, at: instant)
      if inflight > Double(inflightLimit) { alarmBook.isDue = true }
    }
    if let claim = metrics.signals[.syncClaim]?.points.last, claim.at == instant {
      sync.noteClaim(claim.value, at: instant, isUnsigned: claimIsUnsigned)
    }
    noteCounters(sample, at: instant)
    verdict.note(sample, at: instant)
  }

  /// Whether the service's own figure has lost its sign: the gauge of contract `media-service` is an absolute value.
  private var claimIsUnsigned: Bool {
    contract.signals.first { $0.signal == .syncClaim }?.kind == .gauge
  }
}
