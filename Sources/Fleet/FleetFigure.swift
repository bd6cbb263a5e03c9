import Contracts
import Events

/// A column of the fleet table that is read from signals of the contract: rows of a table, one query each for all workers.
package struct FleetFigure: Hashable, Sendable {
  /// What is made of a signal's series.
  package enum Shape: Hashable, Sendable {
    /// The value as it is; of several streams each by itself.
    case state
    /// The sum of the values.
    case level
    /// How much a second over the last minute, by the engine's own `rate`.
    case perSecond
    /// How much over the last five minutes, by the engine's own `increase`.
    case recent
    /// The mean of a histogram's last five minutes, or the greatest value of a gauge.
    case mean
  }

  /// A word for programs: `sent`.
  package let name: String
  /// The heading.
  package let title: String
  /// What it is, as one clause.
  package let meaning: String
  /// The signals that tell it: the first that the contract has.
  package let signals: [SignalID]
  /// What is made of it.
  package let shape: Shape

  /// Equal when the names are.
  package static func == (left: FleetFigure, right: FleetFigure) -> Bool { left.name == right.name }
  /// Goes with `==`.
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension FleetFigure {
  /// The breaker's state.
  package static let breaker = FleetFigure(
    name: "breaker", title: "breaker", meaning: "the breaker's state", signals: [.breakerState], shape: .state)
  /// Fragments sent a second.
  package static let sent = FleetFigure(
    name: "sent", title: "frag/s", meaning: "fragments sent a second, over a minute", signals: [.fragmentsSent], shape: .perSecond)
  /// Fragments that came back.
  package static let processed = FleetFigure(
    name: "processed", title: "dubbed", meaning: "fragments that came back dubbed in five minutes", signals: [.fragmentsProcessed],
    shape: .recent)
  /// Fallbacks.
  package static let fallback = FleetFigure(
    name: "fallback", title: "fallback", meaning: "fragments for which the original stood in, in five minutes",
    signals: [.fragmentsFallback, .fallbackCircuitOpen], shape: .recent)
  /// Fragments in flight.
  package static let inflight = FleetFigure(
    name: "inflight", title: "in flight", meaning: "fragments sent and not answered yet", signals: [.inflightFragments], shape: .level)
  /// The worker's own figure of its sync.
  package static let sync = FleetFigure(
    name: "sync", title: "sync ms", meaning: "the worker's own claim of its audio's offset, in milliseconds", signals: [.syncClaim],
    shape: .mean)
  /// Backpressure messages.
  package static let backpressure = FleetFigure(
    name: "backpressure", title: "pressure", meaning: "backpressure messages in five minutes", signals: [.backpressureEvents],
    shape: .recent)
  /// Reconnections.
  package static let reconnections = FleetFigure(
    name: "reconnections", title: "reconn", meaning: "attempts to connect again in five minutes", signals: [.reconnections], shape: .recent)

  /// Those that would show a fault: a worker of which one is not known is not called good.
  package static let telling: [FleetFigure] = [breaker, sent, processed, fallback, backpressure]

  /// All of them, in the order of the columns.
  package static let all: [FleetFigure] = [breaker, sent, processed, fallback, inflight, sync, backpressure, reconnections]
}
