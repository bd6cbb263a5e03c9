/// All rules that there are.
package enum Rules {
  /// One row a rule, in the order in which they are told.
  package static let all: [any Rule.Type] = [
    Counter.self, Gauge.self, EventCount.self,
    SyncWithin.self, Dubbed.self, NoRepeat.self, NoLoss.self, DelayWithin.self, SilenceWithin.self, FreezeWithin.self, BlackWithin.self,
    Loudness.self, OutputDuration.self, PresentationTimesRise.self,
    OutputUnbroken.self,
    FragmentsAccounted.self,
    BreakerOpens.self, BreakerCooldown.self, BreakerSequence.self, BreakerStaysClosed.self, BreakerGaugeAgrees.self,
    FallbackWhileOpen.self, FallbackOnlyWhileOpen.self,
    PauseHolds.self, SlowDownHolds.self, InflightLimit.self,
    BackoffHolds.self, FreshSession.self, Recovers.self, ExitsWithFailure.self,
    LogsQuiet.self, Healthy.self, SnapshotKept.self, StepsDone.self, Published.self, OutputSeen.self, ConditionsHold.self,
  ]

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  /// The rule of this name; nil where there is none.
  package static func named(_ name: String) -> (any Rule.Type)? { byName[name] }
}
