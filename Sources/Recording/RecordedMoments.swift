import Events

/// What lies on the way of a recording, in order of time.
package struct RecordedMoments: Hashable, Sendable {
  /// A span of time; without an end, to the end of the recording.
  package struct Span: Hashable, Sendable {
    /// When it began.
    package var from: RunInstant
    /// When it ended.
    package var to: RunInstant?
  }

  /// Where something is violated.
  package var violations: [RunInstant] = []
  /// Transitions of the breaker, faults, marks and steps of the scenario.
  package var turns: [RunInstant] = []
  /// Everything that arrived but for ticks and dubwatch's own cost.
  package var events: [RunInstant] = []
  /// Faults.
  package var faults: [Span] = []
}
