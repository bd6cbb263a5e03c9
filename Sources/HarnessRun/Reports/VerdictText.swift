import Events
import HarnessCore
import Judging
import RunModel
import WireFormats

/// The verdict as lines, at the end of a run.
package enum VerdictText {
  /// Writes every expectation with its reason, and for a failure its evidence: the end of a run that was read as lines.
  static func write(_ result: ScenarioResult) {
    var lines: [String] = []
    if result.end == .judged {
      for entry in result.run.verdict.entries { lines += text(entry, since: result.run.verdict.beganAt ?? .zero) }
    }
    lines.append(lastLine(result, isShort: true))
    StandardOutput.write(words: lines.joined(separator: "\n") + "\n")
  }

  /// Writes what a screen leaves behind: what is violated or not known, how the run ended, and where its reports are. Of a run that was
  /// ended before its verdict, as it stood.
  /// - Parameter reports: the paths of the reports that were written.
  static func writeRest(_ result: ScenarioResult, reports: [String]) {
    StandardOutput.write(words: rest(result, reports: reports).joined(separator: "\n") + "\n")
  }

  /// The lines of ``writeRest(_:reports:)``.
  package static func rest(_ result: ScenarioResult, reports: [String]) -> [String] {
    let began = result.run.verdict.beganAt ?? .zero
    let entries = result.run.verdict.entries
    // The worst first.
    let bad = entries.filter { $0.verdict.standing == .violated } + entries.filter { $0.verdict.standing == .unobservable }
    var lines = bad.flatMap { text($0, since: began) } + [lastLine(result, isShort: false)]
    if !reports.isEmpty { lines.append("reports: \(reports.map { escapeUntrusted($0) }.joined(separator: ", "))") }
    return lines
  }

  private static func lastLine(_ result: ScenarioResult, isShort: Bool) -> String {
    let name = result.scenario.name
    switch result.end {
    case .judged:
      return "\(result.outcome.word) \(name) in \(Int(result.seconds.rounded())) s: \(summary(result.run.verdict.counts))"
    case .interrupted:
      let counts = summary(result.run.verdict.counts)
      return "\(name): ended before its verdict\(isShort || counts.isEmpty ? "" : ": \(counts)")"
    case .environmentFailed(let reason): return "\(name): no environment: \(escapeUntrusted(reason))"
    }
  }

  /// Writes where a run is recorded, and how it is seen again.
  static func write(_ recording: RecordingNote?) {
    guard let recording else { return }
    StandardOutput.write(words: "recorded: \(escapeUntrusted(recording.path))\n  \(escapeUntrusted(recording.replay))\n")
  }

  /// Writes how many of several runs passed.
  static func writeSummary(_ results: [ScenarioResult], planned: Int) {
    let passed = results.count(where: \.hasPassed)
    let left = planned - results.count
    StandardOutput.write(words: "\(passed) of \(results.count) runs passed\(left > 0 ? ", \(left) not run" : "")\n")
  }

  private static func text(_ entry: VerdictEntry, since began: RunInstant) -> [String] {
    let word = pad(entry.verdict.standing.word, width: 13)
    let optional = entry.expectation.isOptional ? " (optional)" : ""
    let number = entry.verdict.decision.map { "  #\($0)" } ?? ""
    var lines = ["\(word)\(escapeUntrusted(entry.expectation.title))\(optional): \(escapeUntrusted(entry.verdict.reason))\(number)"]
    guard entry.isFailure else { return lines }
    lines += entry.verdict.evidence.suffix(4).map {
      "             +\(NumberText.fixed($0.at.seconds(since: began), 1)) s  #\($0.sequence)  \(escapeUntrusted($0.text))"
    }
    return lines
  }

  private static func summary(_ counts: VerdictCounts) -> String {
    [(counts.met, "met"), (counts.violated, "violated"), (counts.unobservable, "not known"), (counts.pending, "pending")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}
