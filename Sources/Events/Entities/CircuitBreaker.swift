import WireFormats

/// The states of a circuit breaker.
package enum BreakerState: String, Codable, Sendable, CaseIterable {
  case closed
  case open
  case halfOpen = "half-open"

  /// Reads the spellings seen in logs: `half-open`, `half_open`, `HALF OPEN`, `halfopen`.
  package init?(spelling: some StringProtocol) {
    switch spelling.lowercased().filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
    case "closed": self = .closed
    case "open": self = .open
    case "halfopen": self = .halfOpen
    default: return nil
    }
  }
}

/// One change of a circuit breaker's state (data model: *circuit breaker transition*).
package struct BreakerTransition: Codable, Hashable, Sendable {
  /// What made it change.
  package enum Trigger: String, Codable, Sendable, CaseIterable { case failure, timeout, success }

  /// The state it came from, where known.
  package var from: BreakerState?
  /// The state it went to.
  package var state: BreakerState
  /// What made it change, where known.
  package var trigger: Trigger?
  /// Consecutive failures counted then, where known; at least 1.
  package var failureCount: Int?

  /// A change of state.
  package init(from: BreakerState? = nil, state: BreakerState, trigger: Trigger? = nil, failureCount: Int? = nil) {
    self.from = from
    self.state = state
    self.trigger = trigger
    self.failureCount = failureCount
  }

  /// What the data model forbids in this transition: an opening with fewer failures than the threshold.
  package func violations(failureThreshold: Int) -> [ValidationError] {
    var found: [ValidationError] = []
    if let failureCount, failureCount < 0 {
      found.append(ValidationError(field: "failure_count", message: "is \(failureCount), but must not be negative"))
    }
    if state == .open, from != .halfOpen, let failureCount, failureCount < failureThreshold {
      found.append(
        ValidationError(field: "failure_count", message: "the breaker opened at \(failureCount) failures, but needs \(failureThreshold)"))
    }
    return found
  }
}
