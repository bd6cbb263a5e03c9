import HarnessCore

/// What GitHub actions show beside a job.
enum GitHubOutput {
  /// Writes workflow commands, where the program runs in such a job.
  static func write(_ result: ScenarioResult) {
    guard Host.environment["GITHUB_ACTIONS"] == "true" else { return }
    for line in GitHubAnnotations.lines(RunReport(result)) { StandardOutput.write(line + "\n") }
  }
}
