import Events
import RunModel

/// What a step can wait for.
package enum ScenarioCondition: Codable, Hashable, Sendable {
  /// The breaker is in this state, by the log or, where that tells nothing, by the gauge.
  case breaker(BreakerState)
  /// So many happenings of a kind since the step before began, as far as they come in once that does what it does.
  case event(EventPattern, count: Int)
  /// A metric reads at least this much.
  case metric(MetricSelector, atLeast: Double)
  /// An expectation is decided, whichever way.
  case decided(expectation: String)

  /// "the breaker is open".
  package var sentence: String {
    switch self {
    case .breaker(let state): "the breaker is \(state.rawValue)"
    case .event(let pattern, let count): count == 1 ? "\(pattern.sentence) is seen" : "\(pattern.sentence) is seen \(count) times"
    case .metric(let selector, let value): "\(selector.sentence) is at least \(Figure.text(value))"
    case .decided(let id): "\(id) is decided"
    }
  }
}

/// Watches the history for a condition: a fold over events, so that nothing that passes between two looks is missed.
package struct ConditionWatch: Sendable {
  /// The condition.
  package let condition: ScenarioCondition
  /// Whether it holds, or has been seen.
  package private(set) var holds = false
  private var count = 0
  private let since: RunInstant

  /// A watch that has seen nothing.
  /// - Parameters:
  ///   - since: happenings before this instant do not count.
  ///   - run: the run as it stands now, for conditions that may hold already.
  package init(_ condition: ScenarioCondition, since: RunInstant, run: RunState) {
    self.condition = condition
    self.since = since
    look(at: run)
  }

  /// Takes in one event and the run after it.
  package mutating func note(_ envelope: EventEnvelope, run: RunState) {
    guard !holds else { return }
    switch condition {
    case .event(let pattern, let needed):
      guard case .happening(let happening) = envelope.event, !happening.isSequel, pattern.matches(happening) else { return }
      guard run.occurrence(of: happening, in: envelope) >= since else { return }
      count += 1
      holds = count >= needed
    case .metric(let selector, let value):
      guard case .sample(.metrics(let sample)) = envelope.event, case .value(let number) = selector.read(sample) else { return }
      holds = number >= value
    case .breaker, .decided: look(at: run)
    }
  }

  private mutating func look(at run: RunState) {
    switch condition {
    case .breaker(let state): holds = run.breaker.state == state
    case .decided(let id): holds = run.verdict.entries.contains { $0.expectation.id == id && $0.verdict.standing != .pending }
    case .event, .metric: break
    }
  }
}
