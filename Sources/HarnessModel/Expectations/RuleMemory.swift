/// The judge of one rule with what it has seen; one closed list, so that a run's state stays a value that can be stored.
enum RuleMemory: Codable, Sendable {
  case counter(CounterJudge)
  case gauge(GaugeJudge)
  case events(EventCountJudge)
  case sync(SyncJudge)
  case outputDuration(OutputDurationJudge)
  case presentationTimes(PresentationTimesJudge)
  case outputUnbroken(OutputUnbrokenJudge)
  case breakerOpens(BreakerOpensJudge)
  case breakerCooldown(BreakerCooldownJudge)
  case breakerSequence(BreakerSequenceJudge)
  case breakerStaysClosed(BreakerStaysClosedJudge)
  case breakerGauge(BreakerGaugeJudge)
  case fallbackOnlyWhileOpen(FallbackOnlyWhileOpenJudge)
  case fallbackWhileOpen(FallbackWhileOpenJudge)
  case pause(PauseJudge)
  case slowDown(SlowDownJudge)
  case inflight(InflightJudge)
  case backoff(BackoffJudge)
  case freshSession(FreshSessionJudge)
  case recovers(RecoveryJudge)
  case exits(ExitJudge)
  case logs(LogsQuietJudge)
  case health(HealthJudge)
  case fragments(FragmentsAccountedJudge)
  case snapshot(SnapshotJudge)
  case steps(StepsJudge)

  init(_ rule: Expectation.Rule) {
    switch rule {
    case .counter(let selector, let comparison, let value, let isDelta):
      self = .counter(CounterJudge(selector: selector, comparison: comparison, wanted: value, isDelta: isDelta))
    case .gauge(let selector, let minimum, let maximum, let time):
      self = .gauge(GaugeJudge(selector: selector, minimum: minimum, maximum: maximum, time: time))
    case .events(let pattern, let comparison, let count):
      self = .events(EventCountJudge(pattern: pattern, comparison: comparison, wanted: count))
    case .sync(let figure, let threshold, let share, let segments):
      self = .sync(SyncJudge(figure: figure, thresholdMilliseconds: threshold, share: share, segments: segments))
    case .outputDuration(let tolerance): self = .outputDuration(OutputDurationJudge(tolerance: tolerance))
    case .presentationTimesRise: self = .presentationTimes(PresentationTimesJudge())
    case .outputUnbroken: self = .outputUnbroken(OutputUnbrokenJudge())
    case .breakerOpens(let failures): self = .breakerOpens(BreakerOpensJudge(wanted: failures))
    case .breakerCooldown: self = .breakerCooldown(BreakerCooldownJudge())
    case .breakerSequence(let states): self = .breakerSequence(BreakerSequenceJudge(wanted: states))
    case .breakerStaysClosed: self = .breakerStaysClosed(BreakerStaysClosedJudge())
    case .breakerGaugeAgrees(let seconds): self = .breakerGauge(BreakerGaugeJudge(tolerance: seconds))
    case .fallbackOnlyWhileOpen: self = .fallbackOnlyWhileOpen(FallbackOnlyWhileOpenJudge())
    case .fallbackWhileOpen: self = .fallbackWhileOpen(FallbackWhileOpenJudge())
    case .pauseHolds: self = .pause(PauseJudge())
    case .slowDownHolds: self = .slowDown(SlowDownJudge())
    case .inflightLimit(let limit): self = .inflight(InflightJudge(limit: limit))
    case .backoff(let attempts): self = .backoff(BackoffJudge(wanted: attempts))
    case .freshSession: self = .freshSession(FreshSessionJudge())
    case .recovers: self = .recovers(RecoveryJudge())
    case .exitsWithFailure(let service): self = .exits(ExitJudge(service: service))
    case .logsQuiet(let level, let allowed, let services):
      self = .logs(LogsQuietJudge(level: level, allowed: allowed.map { $0.lowercased() }, services: services))
    case .healthy(let services): self = .health(HealthJudge(services: services))
    case .fragmentsAccounted: self = .fragments(FragmentsAccountedJudge())
    case .snapshot: self = .snapshot(SnapshotJudge())
    case .stepsDone: self = .steps(StepsJudge())
    }
  }

  /// Takes in an event of the time before the scenario: counters rise from there, and the output's segments are counted on from there.
  mutating func noteBefore(_ event: JudgedEvent, _ file: inout CaseFile) {
    switch self {
    case .counter(var judge):
      judge.noteBefore(event)
      self = .counter(judge)
    case .outputUnbroken(var judge):
      judge.noteBefore(event)
      self = .outputUnbroken(judge)
    default: break
    }
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) { change { $0.note(event, &file) } }

  mutating func finish(_ file: inout CaseFile) {
    guard !file.isDecided else { return }
    change { $0.finish(&file) }
  }

  private mutating func change(_ body: (inout any RuleJudge) -> Void) {
    func with<Judge: RuleJudge>(_ judge: Judge) -> Judge {
      var any: any RuleJudge = judge
      body(&any)
      return any as? Judge ?? judge
    }
    switch self {
    case .counter(let judge): self = .counter(with(judge))
    case .gauge(let judge): self = .gauge(with(judge))
    case .events(let judge): self = .events(with(judge))
    case .sync(let judge): self = .sync(with(judge))
    case .outputDuration(let judge): self = .outputDuration(with(judge))
    case .presentationTimes(let judge): self = .presentationTimes(with(judge))
    case .outputUnbroken(let judge): self = .outputUnbroken(with(judge))
    case .breakerOpens(let judge): self = .breakerOpens(with(judge))
    case .breakerCooldown(let judge): self = .breakerCooldown(with(judge))
    case .breakerSequence(let judge): self = .breakerSequence(with(judge))
    case .breakerStaysClosed(let judge): self = .breakerStaysClosed(with(judge))
    case .breakerGauge(let judge): self = .breakerGauge(with(judge))
    case .fallbackOnlyWhileOpen(let judge): self = .fallbackOnlyWhileOpen(with(judge))
    case .fallbackWhileOpen(let judge): self = .fallbackWhileOpen(with(judge))
    case .pause(let judge): self = .pause(with(judge))
    case .slowDown(let judge): self = .slowDown(with(judge))
    case .inflight(let judge): self = .inflight(with(judge))
    case .backoff(let judge): self = .backoff(with(judge))
    case .freshSession(let judge): self = .freshSession(with(judge))
    case .recovers(let judge): self = .recovers(with(judge))
    case .exits(let judge): self = .exits(with(judge))
    case .logs(let judge): self = .logs(with(judge))
    case .health(let judge): self = .health(with(judge))
    case .fragments(let judge): self = .fragments(with(judge))
    case .snapshot(let judge): self = .snapshot(with(judge))
    case .steps(let judge): self = .steps(with(judge))
    }
  }
}
