import WireFormats

/// The states of a test environment (data model: *test environment*).
package enum EnvironmentState: String, Codable, Sendable, CaseIterable {
  case stopped, starting, ready, running, failed

  /// Whether the environment may go from this state to another.
  package func canBecome(_ next: EnvironmentState) -> Bool {
    switch (self, next) {
    case (.stopped, .starting), (.starting, .ready), (.ready, .running), (.running, .ready): true
    case (.starting, .stopped), (.ready, .stopped), (.running, .stopped), (.failed, .stopped): true
    case (.starting, .failed), (.ready, .failed), (.running, .failed): true
    default: false
    }
  }
}

/// The way of one test environment through its states: no step that the data model does not have.
package struct EnvironmentLifecycle: Codable, Hashable, Sendable {
  /// Where it stands.
  package private(set) var state: EnvironmentState
  /// Why it failed; nil in every other state.
  package private(set) var reason: String?

  /// An environment that is stopped.
  package init() { state = .stopped }

  /// Takes a step.
  /// - Parameters:
  ///   - next: the state it gets.
  ///   - reason: why it failed; needed for `failed`, kept for no other state.
  /// - Throws: a sentence when the data model does not have the step; the state stays as it is then.
  package mutating func become(_ next: EnvironmentState, reason: String? = nil) throws(ValidationError) {
    guard state.canBecome(next) else {
      throw ValidationError(field: "state", message: "an environment that is \(state.rawValue) cannot become \(next.rawValue)")
    }
    if next == .failed, reason?.isEmpty != false { throw ValidationError(field: "state", message: "failed without a reason") }
    state = next
    self.reason = next == .failed ? reason : nil
  }
}

/// What every test environment has.
package enum TestEnvironment {
  /// The services that the data model requires, all three.
  package static let requiredServices: [ServiceName] = [.mediaServer, .mediaService, .speechService]
}
