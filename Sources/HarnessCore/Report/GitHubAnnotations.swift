import RunModel

/// Says what a run violated as workflow commands of GitHub actions, which shows them beside the job.
package enum GitHubAnnotations {
  /// A line per expectation that makes the run fail, and a notice when it passed.
  package static func lines(_ report: RunReport) -> [String] {
    var lines: [String] = []
    if let reason = report.environmentFailure {
      lines.append(command("error", title: "\(report.scenario): environment", [reason]))
    }
    for entry in report.entries where entry.isFailure || entry.verdict.standing == .pending {
      lines.append(
        command(
          "error", title: "\(report.scenario): \(entry.expectation.markedTitle)",
          ["\(entry.verdict.standing.word): \(entry.verdict.reason)"] + report.lines(of: entry).dropFirst()
            + (report.recording.map { ["see it: \($0.replay)"] } ?? [])))
    }
    for entry in report.entries where entry.verdict.standing == .unobservable && entry.expectation.isOptional {
      lines.append(
        command("warning", title: "\(report.scenario): \(entry.expectation.markedTitle)", ["not observed: \(entry.verdict.reason)"]))
    }
    if let reason = report.nothingShown { lines.append(command("error", title: "\(report.scenario)", ["not known: \(reason)"])) }
    if report.outcome == .passed {
      lines.append(command("notice", title: "\(report.scenario)", ["passed: \(report.counts.met) expectations met"]))
    }
    return lines
  }

  /// A workflow command; the escapes are those of @actions/core.
  private static func command(_ name: String, title: String, _ message: [String]) -> String {
    let title = data(title).replacing(":", with: "%3A").replacing(",", with: "%2C")
    return "::\(name) title=\(title)::\(data(message.joined(separator: "\n")))"
  }

  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      // Also what turns the direction of text round, or ends a line where \n does not.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Expectation {
  /// Its title, and whether it may stay unobserved.
  var markedTitle: String { title + (isOptional ? " (optional)" : "") }
}
