/// Faults at fixed times, and an end: what a demo does.
package struct FaultScript: Sendable, Hashable {
  /// One step.
  package struct Step: Sendable, Hashable {
    /// Seconds since the start, of the run's time.
    package var at: Double
    /// What is done.
    package var fault: FaultRequest

    /// A fault at a time.
    package init(at seconds: Double, _ kind: FaultKind, _ values: [FaultParameter.Name: FaultValue] = [:]) {
      at = seconds
      fault = FaultRequest(kind, values)
    }
  }

  /// What is done, in order of time.
  package var steps: [Step]
  /// When it is over, in seconds since the start.
  package var seconds: Double
  /// What is said then.
  package var end: String
  /// What it tells of meanwhile, in order of time.
  package var acts: [StoryAct] = []

  /// Faults at fixed times.
  package init(steps: [Step], seconds: Double, end: String) {
    self.steps = steps
    self.seconds = seconds
    self.end = end
  }
}
