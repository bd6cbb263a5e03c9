import Events
import WireFormats

/// What was found of a test stream, rule by rule.
package enum FixtureListing {
  /// A good one in a few words.
  static func summary(_ fixture: TestFixture) -> String { "good, \(fixture.expectedSegments()) segments of 6 s" }

  /// The checks as text.
  package static func text(_ fixture: TestFixture, _ checks: [TestFixture.Check], _ marks: Marks) -> String {
    let width = checks.map(\.field.count).max() ?? 0
    var lines = checks.map { check in
      let padding = String(repeating: " ", count: width - check.field.count + 2)
      let rule = check.holds || check.found == check.required ? "" : ", but must be \(check.required)"
      return "\(check.holds ? marks.good : marks.bad) \(check.field)\(padding)\(escapeUntrusted(check.found))\(rule)"
    }
    let broken = checks.filter { !$0.holds }.count
    lines.append(broken == 0 ? summary(fixture) : "\(broken) of \(checks.count) rules broken")
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Report: Encodable {
    var path: String
    var ok: Bool
    var expectedSegments: Int
    var facts: TestFixture.Facts
    var checks: [TestFixture.Check]
  }

  /// The same as JSON.
  package static func json(_ fixture: TestFixture, _ checks: [TestFixture.Check], _ isGood: Bool) throws -> String {
    let report = Report(
      path: fixture.path, ok: isGood, expectedSegments: fixture.expectedSegments(), facts: fixture.facts, checks: checks)
    return try JSONValue(encoding: report).document
  }
}
