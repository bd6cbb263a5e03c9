import Foundation
import TestSupport
import Testing

/// Nobody takes what the program shows for 30 s, longer than the run itself: what was decided, and by which event, is the same everywhere.
@Suite(.timeLimit(.minutes(4))) struct StalledReaderTests {
  private struct Shown: Decodable {
    var lines: [String]
    var status: Int32
    var bells: Int?
  }

  private struct Item: Decodable {
    var title: String
    var standing: String
    var decision: String?
  }

  private struct Report: Decodable { var expectations: [Item] }

  private static let arguments = ["run", "circuit-breaker", "--speed", "5", "--mutation", "opens-at-4"]

  private struct Run {
    var shown: Shown
    var items: [Item]
    var junit: String
  }

  private func run(_ mode: String, _ arguments: [String] = []) async throws -> Run {
    let python = try #require(PythonPeer.interpreter, "no Python of the tests: run make setup")
    let scratch = try Scratch()
    let (json, junit) = (scratch.file("run.json"), scratch.file("run.xml"))
    let peer = Checkout.path("Tests/EndToEndTests/Peers/stalled.py")
    let child = try ChildProgram(
      python, [peer, mode, "30", dubwatchPath] + Self.arguments + arguments + ["--json", json, "--junit", junit])
    let status = try await child.exitStatus(within: 200)
    try #require(status == 0, "\(child.errors)")
    return Run(
      shown: try JSONDecoder().decode(Shown.self, from: Data(child.output.utf8)),
      items: try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: json))).expectations,
      junit: try String(contentsOfFile: junit, encoding: .utf8))
  }

  /// JSON and JUnit name the same number for every expectation, and the exit status says the same.
  private func expectReportsAgree(_ run: Run) throws {
    #expect(run.items.count == 15 && run.items.allSatisfy { $0.decision != nil })
    #expect(run.shown.status == 1)
    let cases = run.junit.components(separatedBy: "<testcase").dropFirst()
    #expect(cases.count == run.items.count)
    for (item, text) in zip(run.items, cases) {
      let number = try #require(item.decision)
      #expect(text.contains("decided as #\(number)\n") || text.contains("decided as #\(number)<"), "\(item.title): \(text)")
      #expect(text.contains("<failure") == (item.standing == "violated"), "\(item.title)")
    }
  }

  @Test func `lines say what the reports say`() async throws {
    let run = try await run("pipe", ["--headless"])
    try expectReportsAgree(run)
    for item in run.items {
      let number = try #require(item.decision)
      let told = run.shown.lines.filter { $0.contains(" #\(number) ") && $0.contains("\(item.standing): \(item.title)") }
      #expect(told.count == 1, "\(item.title): \(told)")
      #expect(run.shown.lines.contains { $0.hasPrefix(item.standing) && $0.contains(item.title) && $0.hasSuffix("  #\(number)") })
    }
  }

  @Test func `the screen says what the reports say`() async throws {
    let run = try await run("screen")
    try expectReportsAgree(run)
    let violated = run.items.count { $0.standing == "violated" }
    #expect(violated >= 1 && (1...violated).contains(run.shown.bells ?? 0), "\(run.shown.bells ?? 0) bells for \(violated) violations")
    var found = 0
    for row in run.shown.lines where row.hasPrefix("┃ ✓") || row.hasPrefix("┃ ✗") {
      let item = try #require(run.items.first { row.contains(" \($0.title):") }, "\(row)")
      #expect(row.contains("#\(item.decision ?? "?") "), "\(row)")
      #expect(row.hasPrefix("┃ ✗") == (item.standing == "violated"), "\(row)")
      found += 1
    }
    #expect(found >= 8, "\(run.shown.lines.joined(separator: "\n"))")
  }
}
