import Contracts
import Events

/// A source that can show what a rule is about.
package enum Witness: Hashable, Sendable {
  /// The worker's log, as far as it tells of these.
  case workerLog([HappeningKind])
  /// The worker's log, as far as it tells of the event that the rule names.
  case workerLogOfEvent
  /// The worker's log, as far as it tells of what the named signal counts, where the contract has no series for it.
  case workerLogOfSignal
  /// The log of the service that the rule names, as far as it tells of these.
  case serviceLog([HappeningKind])
  /// The logs of the services that the rule names; of all where it names none.
  case logs
  /// The worker's metrics, with this signal.
  case signal(SignalID)
  /// A metrics endpoint, with the signal or series that the rule names.
  case namedMetric
  /// The worker's metrics, all families.
  case metrics
  /// The packets of an output stream.
  case outputStream
  /// The health checks.
  case healthChecks
  /// dubwatch itself: its steps, faults, publisher and processes.
  case harness

  /// "worker's log: fragment-sent, fragment-processed".
  package var sentence: String {
    switch self {
    case .workerLog(let names): "worker's log (\(Self.list(names)))"
    case .workerLogOfEvent: "worker's log (the event named)"
    case .workerLogOfSignal: "worker's log (what the signal counts, where the contract has no series)"
    case .serviceLog(let names): "log of the service named (\(Self.list(names)))"
    case .logs: "logs of the services named, else of all"
    case .signal(let signal): "worker's metrics (\(signal.text))"
    case .namedMetric: "metrics (the signal or series named)"
    case .metrics: "worker's metrics (all families)"
    case .outputStream: "output stream"
    case .healthChecks: "health checks"
    case .harness: "dubwatch itself"
    }
  }

  private static func list(_ names: [HappeningKind]) -> String { names.map(\.word).joined(separator: ", ") }
}
