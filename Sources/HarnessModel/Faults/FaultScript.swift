/// Faults at fixed times, and an end: what a demo does.
public struct FaultScript: Sendable, Hashable {
  /// One step.
  public struct Step: Sendable, Hashable {
    /// Seconds since the start, of the run's time.
    public var at: Double
    /// What is done.
    public var fault: FaultRequest

    /// A fault at a time.
    public init(at seconds: Double, _ kind: FaultKind, _ values: [FaultParameter.Name: FaultValue] = [:]) {
      at = seconds
      fault = FaultRequest(kind, values)
    }
  }

  /// What is done, in order of time.
  public var steps: [Step]
  /// When it is over, in seconds since the start.
  public var seconds: Double
  /// What is said then.
  public var end: String

  /// Faults at fixed times.
  public init(steps: [Step], seconds: Double, end: String) {
    self.steps = steps
    self.seconds = seconds
    self.end = end
  }
}
