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
  /// The endpoint that it is read from.
  package internal(set) var service: ServiceName?
  /// Since when good scrapes of its service show it no more; nil while they do.
  package internal(set) var goneAt: RunInstant?
  /// What the mean rate is counted from: as long as nothing was reset, the first look.
  private var basis = 0.0
  /// Since when; nil for the first look.
  private var countedFrom: RunInstant?

  init(limits: StateLimits) {
    points = History(limit: limits.points)
    rates = History(limit: limits.points)
  }

  /// Mean increase per second since dubwatch began to look, or since the counter began again, as its value does; nil before the second
  /// scrape.
  package func meanRate(now: RunInstant) -> Double? {
    guard let from = countedFrom ?? firstSeen, let last, last.at > from else { return nil }
    return (increase - basis) / last.at.seconds(since: from)
  }

  /// Takes in one scrape's value. A histogram counts as its number of observations.
  /// - Parameter hasShrunk: whether it fell although its process went on: a sum over series of which one ended. What was counted meanwhile is
  ///   not known, and nothing began again.
  mutating func note(_ value: SignalValue, at instant: RunInstant, hasShrunk: Bool = false) {
    let before = goneAt == nil ? last : nil
    last = Timed(value, at: instant)
    if firstSeen == nil { firstSeen = instant }
    if goneAt != nil || hasShrunk { beginAgain(at: instant) }
    switch value {
    case .number(let number):
      points.append(Timed(number, at: instant))
      guard !hasShrunk, let before, let previous = before.value.number else { return }
      count(from: previous, to: number, since: before.at, at: instant)
    case .histogram(let histogram):
      guard let before, case .histogram(let previous) = before.value else {
        if histogram.count > 0, let sum = histogram.sum { points.append(Timed(sum / histogram.count, at: instant)) }
        return
      }
      if hasShrunk { return }
      let isReset = histogram.count < previous.count
      let observations = isReset ? histogram.count : histogram.count - previous.count
      if observations > 0, let sum = histogram.sum {
        points.append(Timed((isReset ? sum : sum - (previous.sum ?? 0)) / observations, at: instant))
      }
      count(from: previous.count, to: histogram.count, since: before.at, at: instant)
    case .ambiguous, .unclear: break
    }
  }

  /// It was gone and is there again, or lost a part: what was counted meanwhile is in its value, not in a rate.
  private mutating func beginAgain(at instant: RunInstant) {
    goneAt = nil
    countedFrom = instant
    basis = increase
  }

  private mutating func count(from previous: Double, to number: Double, since: RunInstant, at instant: RunInstant) {
    let isReset = number < previous
    // A counter that fell began again at zero: what it shows now was counted since.
    let added = isReset ? number : number - previous
    guard added.isFinite else { return }
    // Whatever was counted since the restart was counted after the scrape before it.
    if isReset {
      resetAt = instant
      countedFrom = since
      basis = increase
    }
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
  /// The contract's signals in it.
  package internal(set) var signals: Set<SignalID>

  /// - Parameter signals: those of the contract, where they are known.
  init(_ sample: MetricsSample, at instant: RunInstant, after before: ScrapeTrack?, _ signals: Set<SignalID>? = nil) {
    last = Timed(sample.scrape, at: instant)
    previous = before?.last
    byteCount = sample.byteCount
    latencyMilliseconds = sample.latencyMilliseconds
    self.signals = signals ?? Set(sample.signals.keys)
  }
}

/// Signals and series of a run.
package struct MetricsTrack: Codable, Sendable {
  /// Signals, by name.
  package internal(set) var signals: [SignalID: SignalTrack] = [:]
  /// Every series of every endpoint, as last scraped.
  package internal(set) var scrapes: [ServiceName: ScrapeTrack] = [:]

  /// An empty set of metrics.
  package init() {}

  /// The value of a signal; nil when it was never seen, and when it is no longer exposed.
  package func number(_ signal: SignalID) -> Double? {
    guard let track = signals[signal], track.goneAt == nil else { return nil }
    return track.last?.value.number
  }
}

extension HistogramValue {
  /// The mean of all observations; nil without any, and where their sum is not exposed.
  package var mean: Double? { count > 0 ? sum.map { $0 / count } : nil }

  /// Whether the q-quantile lies in the first bucket: of which nothing is known but its bound, so that a figure inside it would be made up.
  package func isInFirstBucket(_ q: Double) -> Bool {
    guard let first = cumulativeCounts.first, let total = cumulativeCounts.last else { return false }
    return total > 0 && first >= q * total
  }

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
    guard case .lane(let lane) = lane(scraped: sample) else {
      metrics.scrapes[sample.service] = ScrapeTrack(sample, at: instant, after: before)
      return
    }
    enter(lane)
    if sample.service == metricsService {
      // A log may have told of the new process since the scrape before.
      if sample.restartEvidence != nil, before.map({ $0.last.at > restartedAt ?? .zero }) ?? true { beginAnew(at: instant) }
      noteWorkerScrape(at: instant)
    }
    let isSameShape = before?.last.value.layout === sample.scrape.layout && before?.signals.count == sample.signals.count
    metrics.scrapes[sample.service] = ScrapeTrack(sample, at: instant, after: before, isSameShape ? before?.signals : nil)
    if !isSameShape, let before { noteGone(before.signals.subtracting(sample.signals.keys), of: sample.service, at: instant) }
    fold(sample, at: instant)
    foldStreams(sample, at: instant)
    enter(lane)
    if !sample.resetSignals.isEmpty {
      let names = sample.resetSignals.map(\.text).sorted().prefix(3).joined(separator: ", ")
      // Whose process goes on began nothing again: a series that was added up has ended.
      let text =
        sample.restartEvidence == nil
        ? "a series of \(names) ended: the sum fell, and no counter began again" : "counters began again: \(names)"
      addRow(.service, sample.restartEvidence == nil ? .info : .warning, text, at: instant, service: sample.service)
    }
    if let track = service(sample.service) {
      let isRunning = track.hasEnded(before: sample.askedAt(instant, speed: speed))
      if track.processStart != sample.processStart || isRunning {
        updateService(sample.service) {
          $0.processStart = sample.processStart
          if isRunning { $0.exit = nil }
        }
      }
    } else if let start = sample.processStart {
      updateService(sample.service) { $0.processStart = start }
    }
    if lane == nil { verdict.note(sample, at: instant) }
  }

  /// Takes over the signals of a scrape as those of the lane that the state is in.
  private mutating func fold(_ sample: MetricsSample, at instant: RunInstant) {
    for (signal, value) in sample.signals where takesOver(signal, from: sample.service) {
      var track = metrics.signals.removeValue(forKey: signal) ?? SignalTrack(limits: limits)
      let increased = track.increase
      track.note(value, at: instant, hasShrunk: sample.restartEvidence == nil && sample.resetSignals.contains(signal))
      track.service = sample.service
      if track.increase > increased, countedSignals.contains(signal), signal != .errors, signal != .breakerFailures {
        noteDataMoved(sample.service, signal.text, at: instant)
      }
      metrics.signals[signal] = track
    }
    func isOwn(_ signal: SignalID) -> Bool { metrics.signals[signal]?.service == sample.service }
    if isOwn(.breakerState) { foldBreaker(sample, at: instant) }
    if isOwn(.inflightFragments), let inflight = sample.signals[.inflightFragments]?.number {
      backpressure.streams = sample.summed[.inflightFragments] ?? 1
      backpressure.noteInflight(inflight, at: instant)
      if inflight > Double(inflightLimit) { alarmBook.isDue = true }
    }
    if isOwn(.syncClaim), let claim = metrics.signals[.syncClaim]?.points.last, claim.at == instant {
      sync.noteClaim(claim.value, at: instant, isUnsigned: claimIsUnsigned)
    }
    if isOwn(.syncClaim), case .ambiguous(let matches)? = sample.signals[.syncClaim] { sync.noteClaims(matches, at: instant) }
    noteCounters(sample, at: instant)
  }

  /// Whether a scrape's value of a signal is taken over: that of the worker's own endpoint always, of another one only what nobody else
  /// shows.
  private mutating func takesOver(_ signal: SignalID, from service: ServiceName) -> Bool {
    guard let track = metrics.signals[signal], let owner = track.service, owner != service else { return true }
    guard service == metricsService else { return track.goneAt != nil }
    // What another endpoint said of it is none of the worker's.
    metrics.signals[signal] = nil
    counterBases[signal] = nil
    counterWatches[signal] = nil
    if signal == .breakerState { breaker.noteRestart() }
    if signal == .inflightFragments { backpressure.noteInflightGone() }
    if signal == .syncClaim { sync = SyncTrack(limits: limits) }
    return true
  }

  /// Takes over what a scrape shows of each of several streams.
  private mutating func foldStreams(_ sample: MetricsSample, at instant: RunInstant) {
    lanes.streamCounts[sample.service] = sample.streamCount
    let worker = shownLane.service
    guard sample.service == metricsService else { return }
    let restartedAt = restartedAt
    let told = sample.streams.prefix(SignalResolver.streamLimit)
    let streams = Set(told.map(\.name))
    for lane in lanes.others.keys where lane.service == worker && lane.stream.map({ !streams.contains($0) }) ?? false {
      lanes.others[lane] = nil
      // What was found wrong with it is gone with it.
      for id in findings.keys.sorted() where id.hasSuffix("@\(lane)") {
        note(Finding(id: id, text: "", holds: false), at: instant, service: worker)
      }
    }
    var room = WorkerLanes.streamLimit - lanes.streamCount
    for stream in told {
      let lane = WorkerLane(worker, stream: stream.name)
      if lanes.others[lane] == nil {
        guard room > 0 else { continue }
        room -= 1
      }
      enter(lane)
      // Whoever told first of the new process, its streams are new, too.
      if let restartedAt, self.restartedAt ?? .zero < restartedAt { beginAnew(at: restartedAt) }
      noteWorkerScrape(at: instant)
      var own = sample
      own.signals = stream.signals
      own.summed = [:]
      own.streams = []
      for signal in metrics.signals.keys where stream.signals[signal] == nil {
        if metrics.signals[signal]?.goneAt == nil { metrics.signals[signal]?.goneAt = instant }
      }
      fold(own, at: instant)
    }
  }

  /// A good scrape shows them no more: what they said is history.
  private mutating func noteGone(_ gone: Set<SignalID>, of service: ServiceName, at instant: RunInstant) {
    let gone = gone.filter { metrics.signals[$0]?.service == service }
    guard !gone.isEmpty else { return }
    for signal in gone { metrics.signals[signal]?.goneAt = instant }
    if gone.contains(.breakerState) { breaker.noteGaugeGone() }
    if gone.contains(.inflightFragments) { backpressure.noteInflightGone() }
    addRow(.service, .warning, "no longer exposed: \(Figure.list(gone.map(\.text).sorted(), atMost: 3))", at: instant, service: service)
  }

  /// Whether the service's own figure has lost its sign: the gauge of contract `media-service` is an absolute value.
  private var claimIsUnsigned: Bool {
    contract.signals.first { $0.signal == .syncClaim }?.kind == .gauge
  }
}
