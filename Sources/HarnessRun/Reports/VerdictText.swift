import Events
import HarnessCore
import Judging
import RunModel
import WireFormats

/// The verdict as lines, at the end of a headless run.
enum VerdictText {
  /// Writes every expectation with its reason, and for a failure its evidence.
  static func write(_ result: ScenarioResult) {
    var lines: [String] = []
    switch result.end {
    case .judged: break
    case .interrupted: lines.append("\(result.scenario.name): ended before its verdict")
    case .environmentFailed(let reason): lines.append("\(result.scenario.name): no environment: \(escapeUntrusted(reason))")
    }
    if result.end == .judged {
      for entry in result.run.verdict.entries { lines += text(entry, since: result.run.verdict.beganAt ?? .zero) }
      let verdict = result.run.verdict.outcome.word
      lines.append("\(verdict) \(result.scenario.name) in \(Int(result.seconds.rounded())) s: \(summary(result.run.verdict.counts))")
    }
    StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }

  /// Writes how many of several runs passed.
  static func writeSummary(_ results: [ScenarioResult], planned: Int) {
    let passed = results.count(where: \.hasPassed)
    let left = planned - results.count
    StandardOutput.write("\(passed) of \(results.count) runs passed\(left > 0 ? ", \(left) not run" : "")\n")
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
