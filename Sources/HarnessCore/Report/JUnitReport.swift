import Events
import RunModel
import WireFormats

/// Writes judged runs as JUnit XML: a test suite per run, a test case per expectation.
///
/// A violated expectation is a failure, one that could not be observed an error (or, when it is optional, skipped), one still
/// pending an error: the run was ended before it was decided. Of several runs of a scenario each is a suite of its own, whose cases name the
/// earlier ones that failed. The dialect is the one that Jenkins, GitLab and GitHub actions read.
package enum JUnitReport {
  /// The document of one or more runs.
  package static func xml(_ reports: [RunReport]) -> String {
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
    let total = reports.map(Count.init).reduce(Count()) { $0 + $1 }
    let time = RunReport.fixed(reports.reduce(0) { $0 + $1.durationSeconds })
    lines.append("<testsuites name=\"dubwatch\" \(total.attributes) time=\"\(time)\">")
    for (report, attempts) in zip(reports, JUnitAttempts.of(reports)) { lines += suite(report, attempts) }
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
      for trouble in [report.environmentFailure, report.nothingShown] where trouble != nil {
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

  private static func suite(_ report: RunReport, _ attempts: JUnitAttempts) -> [String] {
    let name = "dubwatch.\(report.scenario)"
    var lines = [
      "  <testsuite name=\"\(attribute(name))\" \(Count(report).attributes) time=\"\(RunReport.fixed(report.durationSeconds))\" "
        + "timestamp=\"\(timestamp(report.startedAt))\">",
      "    <properties>",
    ]
    var properties = [("environment", report.environment), ("contract", report.contract), ("speed", RunReport.fixed(report.speed))]
    if attempts.count > 1 { properties.append(("attempt", "\(attempts.number) of \(attempts.count)")) }
    if let recording = report.recording { properties += [("recording", recording.path), ("replay", recording.replay)] }
    for (key, value) in properties { lines.append("      <property name=\"\(key)\" value=\"\(attribute(value))\"/>") }
    lines.append("    </properties>")
    let troubles = [
      ("the environment is ready", "environment", report.environmentFailure),
      ("something was observed", "unobservable", report.nothingShown),
    ]
    for case (let title, let type, let reason?) in troubles {
      lines.append("    <testcase classname=\"\(attribute(name))\" name=\"\(title)\" time=\"0.000\">")
      lines.append("      <error type=\"\(type)\" message=\"\(attribute(reason))\"/>")
      lines.append("    </testcase>")
    }
    for entry in report.entries { lines += testCase(entry, report, name, attempts) }
    lines.append("  </testsuite>")
    return lines
  }

  private static func testCase(_ entry: VerdictEntry, _ report: RunReport, _ suite: String, _ attempts: JUnitAttempts) -> [String] {
    let others = attempts.elements(of: entry, attribute: attribute)
    let time = RunReport.fixed(max(0, entry.verdict.decidedAt.map(report.seconds) ?? report.durationSeconds))
    let open = "    <testcase classname=\"\(attribute(suite))\" name=\"\(attribute(entry.expectation.markedTitle))\" time=\"\(time)\""
    let element: String
    switch entry.verdict.standing {
    case .met:
      let body = report.lines(of: entry).prefix(2).map(XMLText.escaped).joined(separator: "\n")
      return [open + ">"] + others + ["      <system-out>\(body)</system-out>", "    </testcase>"]
    case .violated: element = "failure"
    case .pending: element = "error"
    case .unobservable: element = entry.expectation.isOptional ? "skipped" : "error"
    }
    let message = attribute(entry.verdict.reason)
    let type = element == "skipped" ? "" : " type=\"\(entry.verdict.standing.rawValue)\""
    let body = report.lines(of: entry).map(XMLText.escaped).joined(separator: "\n")
    return [open + ">", "      <\(element)\(type) message=\"\(message)\">\(body)</\(element)>"] + others + ["    </testcase>"]
  }

  /// ISO 8601 in UTC without a fraction, as the dialect has it.
  static func timestamp(_ wall: WallTime) -> String {
    guard wall.epochSeconds.isFinite, abs(wall.epochSeconds) < 1e11 else { return "1970-01-01T00:00:00" }
    let time = CivilTime(epochSeconds: Int(wall.epochSeconds.rounded(.down)))
    return "\(time.date)T\(time.time)"
  }

  private static func attribute(_ value: String) -> String {
    XMLText.escaped(value).replacing("\n", with: "&#10;").replacing("\t", with: "&#9;")
  }
}
