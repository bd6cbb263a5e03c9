import RunModel

/// The title of the terminal's window: how the run stands, for who looks at another window.
enum WindowTitle {
  /// What runs, and the verdict or what is wrong now.
  static func text(_ run: RunState) -> String {
    guard let description = run.description else { return "dubwatch" }
    return "\(standing(run)) - \(description.scenario ?? description.environment) - dubwatch"
  }

  private static func standing(_ run: RunState) -> String {
    if let failure = run.environmentFailure, run.ended != nil { return "FAILED: \(failure)" }
    let end = run.ended == nil ? "" : "ended, "
    let counts = run.verdict.counts
    if run.verdict.isJudged {
      let parts = [
        (counts.violated, "violated"), (counts.unobservable, "not known"), (counts.met, "met"), (counts.pending, "pending"),
      ]
      return end + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
    let wrong = run.alarms.count
    // Where nothing was looked at yet nothing can be said.
    return end + (wrong > 0 ? "\(wrong) wrong" : run.inspection.seen.isEmpty ? "nothing looked at yet" : "nothing wrong")
  }
}
