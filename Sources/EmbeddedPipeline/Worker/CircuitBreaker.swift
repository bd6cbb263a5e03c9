import Events

/// A circuit breaker with a lazy half-open state: it is entered by the first request after the cooldown, not by a timer.
struct CircuitBreaker: Sendable {
  /// What a request is told.
  enum Admission: Sendable, Equatable {
    /// Go ahead.
    case pass
    /// Go ahead as the one probe; the breaker is half-open.
    case probe
    /// Do not send.
    case refuse
  }

  let failureThreshold: Int
  let cooldownSeconds: Double
  private(set) var state = BreakerState.closed
  private(set) var consecutiveFailures = 0
  private(set) var lastFailure: RunInstant?
  private var isProbeOut = false

  init(failureThreshold: Int, cooldownSeconds: Double) {
    self.failureThreshold = failureThreshold
    self.cooldownSeconds = cooldownSeconds
  }

  /// Whether a request would be refused at an instant; changes nothing.
  func wouldRefuse(at now: RunInstant) -> Bool {
    switch state {
    case .closed: false
    case .open: !isCooledDown(at: now)
    case .halfOpen: isProbeOut
    }
  }

  /// Lets a request pass or not; the first one after the cooldown makes the breaker half-open.
  mutating func admit(at now: RunInstant) -> (admission: Admission, transition: BreakerTransition?) {
    if wouldRefuse(at: now) { return (.refuse, nil) }
    switch state {
    case .closed: return (.pass, nil)
    case .halfOpen:
      isProbeOut = true
      return (.probe, nil)
    case .open:
      isProbeOut = true
      return (.probe, become(.halfOpen, trigger: nil))
    }
  }

  /// A request went well.
  mutating func recordSuccess() -> BreakerTransition? {
    switch state {
    case .open: return nil
    case .closed:
      consecutiveFailures = 0
      return nil
    case .halfOpen:
      isProbeOut = false
      consecutiveFailures = 0
      return become(.closed, trigger: .success)
    }
  }

  /// A request failed in a way that may pass; `trigger` says how.
  mutating func recordFailure(at now: RunInstant, trigger: BreakerTransition.Trigger) -> BreakerTransition? {
    consecutiveFailures += 1
    lastFailure = now
    switch state {
    case .open: return nil
    case .closed: return consecutiveFailures >= failureThreshold ? become(.open, trigger: trigger) : nil
    case .halfOpen:
      isProbeOut = false
      return become(.open, trigger: trigger)
    }
  }

  /// The probe came to nothing that says how the service is: the next request probes again.
  mutating func abandonProbe() { isProbeOut = false }

  private func isCooledDown(at now: RunInstant) -> Bool {
    // A nanosecond of tolerance: the instant of a timer set to the cooldown is rounded.
    guard let lastFailure else { return true }
    return now.seconds(since: lastFailure) >= cooldownSeconds - 1e-9
  }

  private mutating func become(_ next: BreakerState, trigger: BreakerTransition.Trigger?) -> BreakerTransition {
    let from = state
    state = next
    return BreakerTransition(from: from, state: next, trigger: trigger, failureCount: next == .open ? consecutiveFailures : nil)
  }
}
