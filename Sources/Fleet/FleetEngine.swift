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
  package private(set) var troubles: [FleetTrouble] = []
  /// How many workers more the engine has than are read.
  package private(set) var unread = 0
  /// When it last answered for the workers at all, in local seconds since 1970.
  package private(set) var answeredAt: Double?
  /// How far its clock is ahead of this machine's, in seconds; nil as long as it is not known.
  package private(set) var clockOffset: Double?
  private let workerLimit: Int
  private var intervals: [String: Double] = [:]
  /// At which look the scrapes of each job were looked at last.
  private var looks: [String: Int] = [:]
  private var lookCount = 0
  private var families: Set<String> = []
  private var alerts: (all: [EngineAlert], at: Double)?
  /// What was told of each question when it was asked last.
  private var told: [FleetQuestion: [FleetTrouble]] = [:]
  /// Up to when the ages were counted.
  private var grownTo: Double?
  /// Where the strips end, in local seconds since 1970.
  private var stripEnd: Double?

  /// Beyond this an engine's clock is said to be off, in seconds: a refresh takes less.
  static let clockTolerance = 5.0
  /// After so many seconds alerts are not known any more: Prometheus evaluates its rules once a minute unless it is told otherwise
  /// (`global.evaluation_interval`).
  static let alertPatience = 60.0
  /// How many workers are kept, those that are gone among them.
  package static let workerLimit = 20_000

  /// An engine that has not answered yet.
  package init(place: Int, queries: FleetQueries, workerLimit: Int = FleetEngine.workerLimit) {
    self.place = place
    self.queries = queries
    self.workerLimit = workerLimit
  }

  /// A worker of each job, of which the scrapes are looked at: those first of which that is longest ago.
  package var examples: [WorkerKey] {
    var byJob: [String: WorkerKey] = [:]
    for worker in workers.values where worker.isUp != false && !worker.isGone {
      if let known = byJob[worker.key.job], known < worker.key { continue }
      byJob[worker.key.job] = worker.key
    }
    func look(_ key: WorkerKey) -> Int { looks[key.job] ?? 0 }
    return byJob.values.sorted { look($0) != look($1) ? look($0) < look($1) : $0 < $1 }
  }

  /// Takes in what a refresh came to. What was not answered stays as it was for as long as the last answer is current, which its age tells.
  package mutating func take(_ answers: FleetAnswers) {
    told.merge(answers.told) { $1 }
    if let time = answers.engineTime { clockOffset = time - answers.askedAt }
    families = answers.families ?? families
    if let all = answers.alerts { alerts = (all, answers.askedAt) }
    if let spacing = answers.spacing { noteIntervals(spacing, of: answers.spacingJobs) }
    grow(to: answers.askedAt)
    if answers.reachability != nil || answers.freshness != nil {
      answeredAt = answers.askedAt
      rebuild(answers)
    }
    tellTroubles()
  }

  /// Lets all that is known grow older by what went by since it was told.
  /// - Parameter now: local seconds since 1970.
  package mutating func grow(to now: Double) {
    let added = max(0, now - (grownTo ?? now))
    grownTo = now
    if let at = alerts?.at, now - at > Self.alertPatience { alerts = nil }
    let cells = FleetStrip.cells(from: stripEnd ?? now, to: now)
    stripEnd = stripEnd.map { $0 + Double(cells) * FleetQueries.stripStep }
    workers = workers.mapValues { worker in
      var older = worker
      older.age = worker.age.map { $0 + added }
      older.strip = FleetStrip.moved(worker.strip, by: cells)
      if alerts == nil { older.alerts = nil }
      return older
    }
  }

  /// What is the matter, each kind of it once.
  private mutating func tellTroubles() {
    troubles = FleetQuestion.all.flatMap { told[$0] ?? [] }
    if unread > 0 {
      troubles.append(
        FleetTrouble("has \(unread) more \(unread == 1 ? "worker" : "workers") than are read: ask less with --match", kind: "workers"))
    }
    if let offset = clockOffset, abs(offset) > Self.clockTolerance {
      let apart = "\(FleetText.seconds(abs(offset))) \(offset > 0 ? "ahead of" : "behind")"
      troubles.append(FleetTrouble("its clock is \(apart) this machine's: ages are by its clock", kind: "clock"))
    }
    var seen: Set<String> = []
    troubles = troubles.filter { seen.insert($0.kind).inserted }
  }

  /// Distances of scrapes: the median for each job.
  private mutating func noteIntervals(_ result: EngineResult, of jobs: [String]) {
    lookCount += 1
    for job in jobs { looks[job] = lookCount }
    var gaps: [String: [Double]] = [:]
    for series in result.series {
      let times = series.points.map(\.time)
      gaps[series.labels["job"] ?? "", default: []] += zip(times, times.dropFirst()).map { $1 - $0 }.filter {
        $0 > 0 && $0 <= FleetQueries.longestInterval
      }
    }
    for (job, list) in gaps where !list.isEmpty { intervals[job] = list.sorted()[list.count / 2] }
    if let longest = intervals.values.max(), longest != queries.interval {
      queries = FleetQueries(contract: queries.contract, match: queries.match, interval: longest)
    }
    for (key, worker) in workers where intervals[key.job] != nil && worker.interval != intervals[key.job] {
      workers[key]?.interval = intervals[key.job]
    }
  }

  func key(_ labels: [String: String]) -> WorkerKey? {
    labels["instance"].map { WorkerKey(engine: place, job: labels["job"] ?? "", instance: $0) }
  }

  private mutating func rebuild(_ answers: FleetAnswers) {
    var now: [WorkerKey: FleetWorker] = [:]
    var unread: Set<WorkerKey> = []
    let countsFallbacksWhole = queries.countsFallbacksWhole
    func worker(_ key: WorkerKey) -> FleetWorker {
      if let known = now[key] { return known }
      var fresh = FleetWorker(key: key)
      fresh.labels = workers[key]?.labels ?? [:]
      fresh.strip = workers[key]?.strip ?? []
      fresh.interval = intervals[key.job]
      fresh.countsFallbacksWhole = countsFallbacksWhole
      return fresh
    }
    /// Whether there is room for it.
    func takes(_ key: WorkerKey) -> Bool {
      if now[key] != nil || now.count < workerLimit { return true }
      unread.insert(key)
      return false
    }
    /// A target is a worker where it has shown the contract's series: not every target of an engine is one.
    func isWorker(_ key: WorkerKey) -> Bool { now[key] != nil || workers[key] != nil }
    for series in answers.freshness?.series ?? [] {
      guard let key = key(series.labels), let taken = series.value, takes(key) else { continue }
      var one = worker(key)
      let age = (answers.freshness?.time ?? taken) - taken
      if age.isFinite, age >= -Self.clockTolerance { one.age = max(0, age) } else { one.ageDoubt = "when its newest sample was taken" }
      now[key] = one
    }
    for asked in queries.figures {
      guard let result = answers.figures[asked.figure] else { continue }
      if asked.figure == .breaker {
        for (key, state) in breakers(result, asked.binding) where isWorker(key) && takes(key) {
          var one = worker(key)
          (one.breaker, one.breakerDoubt) = (state, state == nil ? "breaker has an unknown code" : nil)
          // Of several streams the worst may be what is missing.
          if !result.isWhole { one.partial.insert(.breaker) }
          now[key] = one
        }
      } else {
        for series in result.series {
          guard let key = key(series.labels), isWorker(key), let value = series.value, value.isFinite, takes(key) else { continue }
          var one = worker(key)
          one.figures[asked.figure] = value
          if result.isPartial { one.partial.insert(asked.figure) }
          now[key] = one
        }
      }
    }
    // A target of which nothing was ever read is a worker where its job has others, or where the user named it.
    let jobs = Set(now.keys.map(\.job)).union(workers.keys.map(\.job))
    for series in answers.reachability?.series ?? [] {
      guard let key = key(series.labels) else { continue }
      guard isWorker(key) || jobs.contains(key.job) || !queries.match.all.isEmpty, takes(key) else { continue }
      var one = worker(key)
      one.isUp = series.value.flatMap { $0.isFinite ? $0 > 0.5 : nil }
      one.labels = series.labels.filter { $0.key != "__name__" }
      now[key] = one
    }
    readZeros(&now, answers)
    // That a worker is gone is known where nothing is missing from what the engine said; else it grows old as it was.
    let isWhole = answers.reachability?.isWhole == true && (queries.freshness == nil || answers.freshness?.isWhole == true)
    for (key, old) in workers where now[key] == nil && takes(key) { now[key] = isWhole ? Self.gone(old) : old }
    readAlerts(&now)
    if let strip = answers.strip {
      FleetStrip.read(strip.result, end: strip.end, of: self, into: &now)
      stripEnd = answers.askedAt
    }
    self.unread = unread.count
    workers = now
  }

  private static func gone(_ worker: FleetWorker) -> FleetWorker {
    var gone = worker
    gone.isGone = true
    gone.figures = [:]
    (gone.breaker, gone.age) = (nil, nil)
    return gone
  }

  private func readAlerts(_ now: inout [WorkerKey: FleetWorker]) {
    for key in now.keys { now[key]?.alerts = alerts.map { _ in [] } }
    for alert in alerts?.all ?? [] where alert.isFiring {
      for key in now.keys where alert.labels["instance"] == key.instance && (alert.labels["job"] ?? key.job) == key.job {
        now[key]?.alerts?.append(alert.name)
      }
    }
  }

  /// A labelled counter has no series before its first event: it is 0 where the contract says so, nothing is missing from the answer, and
  /// its family is there: by another series of this worker, by a series of another worker, or declared by a target.
  private func readZeros(_ now: inout [WorkerKey: FleetWorker], _ answers: FleetAnswers) {
    for asked in queries.figures where asked.binding.absentIsZero {
      guard let result = answers.figures[asked.figure], result.isWhole else { continue }
      let name = asked.binding.series
      let isDeclared =
        !result.series.isEmpty || families.contains(name) || (name.hasSuffix("_total") && families.contains(String(name.dropLast(6))))
      let kin = queries.figures.filter { $0.binding.series == name && $0.figure != asked.figure }.map(\.figure)
      for (key, worker) in now where worker.figures[asked.figure] == nil && worker.age != nil && worker.isUp != false {
        if isDeclared || kin.contains(where: { worker.figures[$0] != nil }) { now[key]?.figures[asked.figure] = 0 }
      }
    }
  }
}
