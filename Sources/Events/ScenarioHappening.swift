/// What a scenario does: its place in the history is what makes a verdict the same live and in replay.
package enum ScenarioHappening: Codable, Hashable, Sendable {
  /// The environment is ready and judging begins; deadlines and deltas count from here.
  case began(name: String)
  /// A step was begun; its number from 1 and what it does.
  case step(number: Int, text: String)
  /// A step could not be done; why. No further step is tried.
  case stepFailed(number: Int, reason: String)
  /// The steps are over; why. What is judged at the end is read from now on.
  case completed(reason: String)
  /// Everything that belongs to the run has been read: what is pending is decided now.
  case closed

  /// How grave it is: only a step that could not be done is bad.
  var severity: EventRow.Severity {
    if case .stepFailed = self { return .bad }
    return .info
  }

  package var sentence: String {
    switch self {
    case .began(let name): "scenario \(name) began"
    case .step(let number, let text): "step \(number): \(text)"
    case .stepFailed(let number, let reason): "step \(number) failed: \(reason)"
    case .completed(let reason): "steps over: \(reason)"
    case .closed: "judging is over"
    }
  }
}
