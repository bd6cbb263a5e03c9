import HarnessModel

/// Writes judged runs as JUnit XML: a test suite per run, a test case per expectation.
///
/// A violated expectation is a failure, one that could not be observed an error (or, when it is optional, skipped), one still
/// pending an error: the run was ended before it was decided. The dialect is the one that Jenkins, GitLab and GitHub actions read.
public enum JUnitReport {
  /// The document of one or more runs.
  public static func xml(_ reports: [RunReport]) -> String {
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
    let total = reports.map(Count.init).reduce(Count()) { $0 + $1 }
    let time = RunReport.fixed(reports.reduce(0) { $0 + $1.durationSeconds })
    lines.append("<testsuites name=\"dubwatch\" \(total.attributes) time=\"\(time)\">")
    for report in reports { lines += suite(report) }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Count {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    init() {}

    init(_ report: RunReport) {
      tests = report.entries.count
      for entry in report.entries {
        switch entry.verdict.standing {
        case .met: break
        case .violated: failures += 1
        case .pending: errors += 1
        case .unobservable: if entry.expectation.isOptional { skipped += 1 } else { errors += 1 }
        }
      }
      if report.environmentFailure != nil {
        tests += 1
        errors += 1
      }
    }

    static func + (left: Count, right: Count) -> Count {
      var sum = left
      sum.tests += right.tests
      sum.failures += right.failures
      sum.errors += right.errors
      sum.skipped += right.skipped
      return sum
    }

    var attributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\"" }
  }

  private static func suite(_ report: RunReport) -> [String] {
    let name = "dubwatch.\(report.scenario)"
    var lines = [
      "  <testsuite name=\"\(attribute(name))\" \(Count(report).attributes) time=\"\(RunReport.fixed(report.durationSeconds))\" "
        + "timestamp=\"\(timestamp(report.startedAt))\">",
      "    <properties>",
    ]
    let properties = [("environment", report.environment), ("contract", report.contract), ("speed", RunReport.fixed(report.speed))]
    for (key, value) in properties { lines.append("      <property name=\"\(key)\" value=\"\(attribute(value))\"/>") }
    lines.append("    </properties>")
    if let reason = report.environmentFailure {
      lines.append("    <testcase classname=\"\(attribute(name))\" name=\"the environment is ready\" time=\"0.000\">")
      lines.append("      <error type=\"environment\" message=\"\(attribute(reason))\"/>")
      lines.append("    </testcase>")
    }
    for entry in report.entries { lines += testCase(entry, report, name) }
    lines.append("  </testsuite>")
    return lines
  }

  private static func testCase(_ entry: VerdictEntry, _ report: RunReport, _ suite: String) -> [String] {
    let time = RunReport.fixed(max(0, entry.verdict.decidedAt.map(report.seconds) ?? report.durationSeconds))
    let open = "    <testcase classname=\"\(attribute(suite))\" name=\"\(attribute(entry.expectation.markedTitle))\" time=\"\(time)\""
    let element: String
    switch entry.verdict.standing {
    case .met:
      let body = report.lines(of: entry).prefix(2).map(text).joined(separator: "\n")
      return [open + ">", "      <system-out>\(body)</system-out>", "    </testcase>"]
    case .violated: element = "failure"
    case .pending: element = "error"
    case .unobservable: element = entry.expectation.isOptional ? "skipped" : "error"
    }
    let message = attribute(entry.verdict.reason)
    let type = element == "skipped" ? "" : " type=\"\(entry.verdict.standing.rawValue)\""
    let body = report.lines(of: entry).map(text).joined(separator: "\n")
    return [open + ">", "      <\(element)\(type) message=\"\(message)\">\(body)</\(element)>", "    </testcase>"]
  }

  /// ISO 8601 in UTC without a fraction, as the dialect has it.
  static func timestamp(_ wall: WallTime) -> String {
    guard wall.epochSeconds.isFinite, abs(wall.epochSeconds) < 1e11 else { return "1970-01-01T00:00:00" }
    let seconds = Int(wall.epochSeconds.rounded(.down))
    let day = Int((Double(seconds) / 86_400).rounded(.down))
    let rest = seconds - day * 86_400
    // Days to civil date: Howard Hinnant, "chrono-compatible low-level date algorithms".
    let shifted = day + 719_468
    let era = Int((Double(shifted) / 146_097).rounded(.down))
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = "\(year)-\(two(month))-\(two(dayOfYear - (153 * monthIndex + 2) / 5 + 1))"
    return "\(date)T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
  }

  /// Text as XML character data. What XML 1.0 forbids even as a reference (most control characters) is spelled out.
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func attribute(_ value: String) -> String {
    text(value).replacing("\n", with: "&#10;").replacing("\t", with: "&#9;")
  }
}
