import Contracts
import Events

/// What is known of the workers of one engine: a fold over its answers. Pure.
package struct FleetEngine: Sendable {
  /// Its place among those that are asked.
  package let place: Int
  /// What it is asked.
  package private(set) var queries: FleetQueries
  /// The workers, by their keys.
  package private(set) var workers: [WorkerKey: FleetWorker] = [:]
  /// What is the matter with the engine's answers, a clause each; empty when all was answered.
  package private(set) var troubles: [String] = []
  /// When it last answered for the workers at all, in local seconds since 1970.
  package private(set) var answeredAt: Double?
  /// How far its clock is ahead of this machine's, in seconds; nil as long as it is not known.
  package private(set) var clockOffset: Double?
  private var intervals: [String: Double] = [:]
  private var families: Set<String> = []
  private var alerts: [EngineAlert] = []
  /// Up to when the ages were counted.
  private var grownTo: Double?

  /// Beyond this an engine's clock is said to be off, in seconds: a refresh takes less.
  static let clockTolerance = 5.0
  /// How many workers are kept, those that are gone among them.
  package static let workerLimit = 20_000

  /// An engine that has not answered yet.
  package init(place: Int, queries: FleetQueries) {
    self.place = place
    self.queries = queries
  }

  /// An instance of each job, of which the scrapes are looked at.
  package var examples: [String] {
    var byJob: [String: WorkerKey] = [:]
    for worker in workers.values where worker.isUp != false && !worker.isGone {
      if let known = byJob[worker.key.job], known < worker.key { continue }
      byJob[worker.key.job] = worker.key
    }
    return byJob.values.sorted().map(\.instance)
  }

  /// Takes in what a refresh came to. What was not answered stays as it was for as long as the last answer is current, which its age tells.
  package mutating func take(_ answers: FleetAnswers) {
    troubles = []
    for trouble in answers.troubles where trouble != .cancelled && !troubles.contains(trouble.description) {
      troubles.append(trouble.description)
    }
    troubles += answers.warnings.map { "warns: \($0)" }
    if answers.leftOut > 0 { troubles.append("has \(answers.leftOut) more series than are read: ask less with --match") }
    if let time = answers.engineTime {
      clockOffset = time - answers.askedAt
      if let offset = clockOffset, abs(offset) > Self.clockTolerance {
        troubles.append(
          "its clock is \(FleetText.seconds(abs(offset))) \(offset > 0 ? "ahead of" : "behind") this machine's: ages are by its clock")
      }
    }
    families = answers.families ?? families
    alerts = answers.alerts ?? alerts
    if let spacing = answers.spacing { noteIntervals(spacing) }
    guard answers.reachability != nil || answers.freshness != nil else {
      // Nothing is known of now: what was known grows old.
      grow(to: answers.askedAt)
      return
    }
    answeredAt = answers.askedAt
    grownTo = answers.askedAt
    rebuild(answers)
  }

  /// Lets all samples grow older by what went by since they were told.
  private mutating func grow(to now: Double) {
    let added = max(0, now - (grownTo ?? now))
    grownTo = now
    workers = workers.mapValues { worker in
      var older = worker
      older.age = worker.age.map { $0 + added }
      return older
    }
  }

  /// Distances of scrapes: the median for each job.
  private mutating func noteIntervals(_ result: EngineResult) {
    var gaps: [String: [Double]] = [:]
    for series in result.series {
      let times = series.points.map(\.time)
      gaps[series.labels["job"] ?? "", default: []] += zip(times, times.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    }
    for (job, list) in gaps where !list.isEmpty { intervals[job] = list.sorted()[list.count / 2] }
    if let longest = intervals.values.max(), longest != queries.interval {
      queries = FleetQueries(contract: queries.contract, match: queries.match, interval: longest)
    }
    for (key, worker) in workers where intervals[key.job] != nil && worker.interval != intervals[key.job] {
      workers[key]?.interval = intervals[key.job]
    }
  }

  private func key(_ labels: [String: String]) -> WorkerKey? {
    labels["instance"].map { WorkerKey(engine: place, job: labels["job"] ?? "", instance: $0) }
  }

  private mutating func rebuild(_ answers: FleetAnswers) {
    var now: [WorkerKey: FleetWorker] = [:]
    func worker(_ key: WorkerKey) -> FleetWorker {
      if let known = now[key] { return known }
      var fresh = FleetWorker(key: key)
      fresh.labels = workers[key]?.labels ?? [:]
      fresh.strip = workers[key]?.strip ?? []
      fresh.interval = intervals[key.job]
      return fresh
    }
    /// A target is a worker where it has shown the contract's series: not every target of an engine is one.
    func isWorker(_ key: WorkerKey) -> Bool { now[key] != nil || workers[key] != nil }
    for series in answers.freshness?.series ?? [] {
      guard let key = key(series.labels), now.count < Self.workerLimit, let taken = series.value else { continue }
      var one = worker(key)
      one.age = max(0, (answers.freshness?.time ?? taken) - taken)
      now[key] = one
    }
    for asked in queries.figures {
      guard let result = answers.figures[asked.figure] else { continue }
      if asked.figure == .breaker {
        for (key, found) in breakers(result, asked.binding) where isWorker(key) {
          var one = worker(key)
          (one.breaker, one.breakerDoubt) = (found.state, found.doubt)
          now[key] = one
        }
      } else {
        for series in result.series {
          guard let key = key(series.labels), isWorker(key), let value = series.value, value.isFinite else { continue }
          var one = worker(key)
          one.figures[asked.figure] = value
          now[key] = one
        }
      }
    }
    // A target of which nothing was ever read is a worker where its job has others, or where the user named it.
    let jobs = Set(now.keys.map(\.job)).union(workers.keys.map(\.job))
    for series in answers.reachability?.series ?? [] {
      guard let key = key(series.labels) else { continue }
      guard isWorker(key) || jobs.contains(key.job) || !queries.match.all.isEmpty, now[key] != nil || now.count < Self.workerLimit else {
        continue
      }
      var one = worker(key)
      one.isUp = series.value.map { $0 > 0.5 }
      one.labels = series.labels.filter { $0.key != "__name__" }
      now[key] = one
    }
    readZeros(&now, answers)
    for alert in alerts where alert.isFiring {
      for key in now.keys where alert.labels["instance"] == key.instance && (alert.labels["job"] ?? key.job) == key.job {
        now[key]?.alerts.append(alert.name)
      }
    }
    for (key, old) in workers where now[key] == nil && now.count < Self.workerLimit {
      var gone = old
      gone.isGone = true
      gone.figures = [:]
      (gone.breaker, gone.age) = (nil, nil)
      now[key] = gone
    }
    if let strip = answers.strip { readStrip(strip, &now) }
    workers = now
  }

  /// A labelled counter has no series before its first event: it is 0 where the contract says so and its family is there, by another
  /// series of this worker, or declared by a target.
  private func readZeros(_ now: inout [WorkerKey: FleetWorker], _ answers: FleetAnswers) {
    for asked in queries.figures where asked.binding.absentIsZero && answers.figures[asked.figure] != nil {
      let name = asked.binding.series
      let isDeclared = families.contains(name) || (name.hasSuffix("_total") && families.contains(String(name.dropLast(6))))
      let kin = queries.figures.filter { $0.binding.series == name && $0.figure != asked.figure }.map(\.figure)
      for (key, worker) in now where worker.figures[asked.figure] == nil && worker.age != nil && worker.isUp != false {
        if isDeclared || kin.contains(where: { worker.figures[$0] != nil }) { now[key]?.figures[asked.figure] = 0 }
      }
    }
  }

  private typealias Breaker = (state: BreakerState?, doubt: String?)

  /// The breaker of each worker, of its streams the worst.
  private func breakers(_ result: EngineResult, _ binding: SignalBinding) -> [WorkerKey: Breaker] {
    var found: [WorkerKey: Breaker] = [:]
    for series in result.series {
      guard let key = key(series.labels), let value = series.value else { continue }
      guard let state = state(value, series.labels, binding) else { continue }
      let old = found[key]?.state
      let doubt = state == nil ? "breaker has an unknown code" : found[key]?.doubt
      found[key] = (Self.worse(old, state), doubt)
    }
    return found
  }

  /// What a series says: nil where it says nothing, a state that is not 1; `.some(nil)` where the contract does not know it.
  private func state(_ value: Double, _ labels: [String: String], _ binding: SignalBinding) -> BreakerState?? {
    guard let label = binding.stateLabel else { return .some(queries.contract.breakerState(code: value)) }
    guard value > 0.5 else { return nil }
    return .some(labels[label].flatMap { queries.contract.breakerState(word: $0) })
  }

  private static func worse(_ left: BreakerState?, _ right: BreakerState?) -> BreakerState? {
    let order: [BreakerState?] = [nil, .closed, .halfOpen, .open]
    return (order.firstIndex(of: left) ?? 0) >= (order.firstIndex(of: right) ?? 0) ? left : right
  }

  private func readStrip(_ result: EngineResult, _ now: inout [WorkerKey: FleetWorker]) {
    guard let binding = queries.figures.first(where: { $0.figure == .breaker })?.binding else { return }
    let count = Int(FleetQueries.stripSeconds / FleetQueries.stripStep)
    guard let end = result.series.flatMap({ $0.points.last.map { [$0.time] } ?? [] }).max() else { return }
    var states: [WorkerKey: [BreakerState?]] = [:]
    for series in result.series {
      guard let key = key(series.labels) else { continue }
      for point in series.points {
        let cell = count - 1 - Int(((end - point.time) / FleetQueries.stripStep).rounded())
        guard cell >= 0, cell < count, let state = state(point.value, series.labels, binding) else { continue }
        states[key, default: Array(repeating: nil, count: count)][cell] = Self.worse(states[key]?[cell], state)
      }
    }
    for key in now.keys {
      now[key]?.strip = (states[key] ?? Array(repeating: nil, count: count)).map { state in
        switch state {
        case .closed?: .closed
        case .halfOpen?: .halfOpen
        case .open?: .open
        case nil: nil
        }
      }
    }
  }
}
