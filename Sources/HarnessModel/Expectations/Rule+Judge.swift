extension Expectation.Rule {
  /// A judge of this rule that has seen nothing.
  func judge() -> any RuleJudge {
    switch self {
    case .counter(let selector, let comparison, let value, let isDelta):
      CounterJudge(selector: selector, comparison: comparison, wanted: value, isDelta: isDelta)
    case .gauge(let selector, let minimum, let maximum, let time):
      GaugeJudge(selector: selector, minimum: minimum, maximum: maximum, time: time)
    case .events(let pattern, let comparison, let count):
      EventCountJudge(pattern: pattern, comparison: comparison, wanted: count)
    case .sync(let figure, let threshold, let share, let segments):
      SyncJudge(figure: figure, thresholdMilliseconds: threshold, share: share, segments: segments)
    case .outputDuration(let tolerance): OutputDurationJudge(tolerance: tolerance)
    case .presentationTimesRise: PresentationTimesJudge()
    case .outputUnbroken: OutputUnbrokenJudge()
    case .breakerOpens(let failures): BreakerOpensJudge(wanted: failures)
    case .breakerCooldown: BreakerCooldownJudge()
    case .breakerSequence(let states): BreakerSequenceJudge(wanted: states)
    case .breakerStaysClosed: BreakerStaysClosedJudge()
    case .breakerGaugeAgrees(let seconds): BreakerGaugeJudge(tolerance: seconds)
    case .fallbackOnlyWhileOpen: FallbackOnlyWhileOpenJudge()
    case .fallbackWhileOpen: FallbackWhileOpenJudge()
    case .pauseHolds: PauseJudge()
    case .slowDownHolds: SlowDownJudge()
    case .inflightLimit(let limit): InflightJudge(limit: limit)
    case .backoff(let attempts): BackoffJudge(wanted: attempts)
    case .freshSession: FreshSessionJudge()
    case .recovers: RecoveryJudge()
    case .exitsWithFailure(let service): ExitJudge(service: service)
    case .logsQuiet(let level, let allowed, let services):
      LogsQuietJudge(level: level, allowed: allowed.map { $0.lowercased() }, services: services)
    case .healthy(let services): HealthJudge(services: services)
    case .fragmentsAccounted: FragmentsAccountedJudge()
    case .snapshot: SnapshotJudge()
    case .stepsDone: StepsJudge()
    }
  }
}
