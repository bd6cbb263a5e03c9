import Events
import HarnessCore
import Judging
import MCAP
import Recording
import RunModel
import WireFormats

/// `dubwatch check`: a recording judged again, told as a run is.
package struct RecordingCheck: Sendable {
  /// The recording's path.
  package var path: String
  /// What is judged in place of its own expectations; nil for those.
  package var scenario: Scenario?
  /// Numbers that are changed, `NAME=NUMBER`.
  package var settings: [String]
  /// What is written of the result.
  package var reports: ReportFiles

  /// A recording to be judged again.
  package init(_ path: String, scenario: Scenario?, settings: [String], reports: ReportFiles) {
    self.path = path
    self.scenario = scenario
    self.settings = settings
    self.reports = reports
  }

  /// Judges it and writes what came of it.
  /// - Returns: the exit status: that of a run that ended so. A recording of which something is missing is not good, whatever it shows.
  package func run() throws(Problem) -> Int32 {
    let changes = try JudgeChanges(settings, expectations: scenario?.expectations)
    try reports.check()
    let source = try MCAPFile(recording: path)
    let judgement: RecordingJudgement
    do { judgement = try RecordingJudgement(source, changes) } catch { throw error.at(path) }
    let result = result(of: judgement)
    VerdictText.write(result)
    if let missing = judgement.losses.sentence {
      StandardError.write(
        "dubwatch: \(escapeUntrusted(path)): \(escapeUntrusted(missing)): what is missing is not known, so this is no pass\n")
    }
    if changes.isNone, judgement.agrees == false, judgement.losses.isNone {
      StandardError.write("dubwatch: this differs from the verdict that was recorded\n")
    }
    let unwritten = reports.write([result], planned: 1)
    for problem in unwritten { StandardError.write("dubwatch: \(escapeUntrusted(problem.description))\n") }
    GitHubOutput.write(result)
    let status = result.exitStatus
    return status == ExitStatus.good && !unwritten.isEmpty ? ExitStatus.no : status
  }

  private func result(of judgement: RecordingJudgement) -> ScenarioResult {
    var result = ScenarioResult(
      recorded: judgement.state, judgedBy: scenario, named: judgement.head.scenario ?? "run", missing: judgement.losses.sentence)
    result.recording = RecordingNote(path: path, replay: "dubwatch replay \(ShellWord.quoted(path))")
    return result
  }
}
