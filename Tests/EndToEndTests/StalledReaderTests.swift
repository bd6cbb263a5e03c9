import Foundation
import TestSupport
import Testing

/// Nobody takes what the program shows for 30 s, longer than the run itself: what was decided, by which event, and on which evidence, is
/// the same everywhere.
@Suite(.timeLimit(.minutes(6))) struct StalledReaderTests {
  struct Play: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    /// How many expectations it has, and how the program ends.
    var count: Int
    var status: Int32
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let plays = [
    Play(arguments: ["circuit-breaker", "--mutation", "opens-at-4"], count: 19, status: 1),
    Play(arguments: ["non-retryable-error"], count: 14, status: 0),
  ]

  private struct Shown: Decodable {
    var lines: [String]
    var status: Int32
    var bells: Int?
  }

  private struct Item: Decodable {
    struct Proof: Decodable {
      var sequence: UInt64
      var text: String
    }

    var title: String
    var optional: Bool
    var standing: String
    var reason: String
    var decision: String?
    var evidence: [Proof]
    var omitted_evidence: Int

    var isFailure: Bool { standing == "violated" || standing == "pending" || (standing == "unobservable" && !optional) }
    var numbers: [UInt64] { evidence.map(\.sequence) }
    /// The event that decided it: `4711` of `4711.2`.
    var event: UInt64? { decision?.split(separator: ".").first.flatMap { UInt64($0) } }
  }

  private struct Report: Decodable {
    var outcome: String
    var counts: [String: Int]
    var expectations: [Item]
  }

  private struct Run {
    var shown: Shown
    var report: Report
    var junit: String
    var items: [Item] { report.expectations }
  }

  private func run(_ mode: String, _ arguments: [String]) async throws -> Run {
    let python = try #require(PythonPeer.interpreter, "no Python of the tests: run make setup")
    let scratch = try Scratch()
    let (json, junit) = (scratch.file("run.json"), scratch.file("run.xml"))
    let peer = Checkout.path("Tests/EndToEndTests/Peers/stalled.py")
    let child = try ChildProgram(
      python, [peer, mode, "30", dubwatchPath, "run"] + arguments + ["--speed", "5", "--json", json, "--junit", junit])
    let status = try await child.exitStatus(within: 240)
    try #require(status == 0, "\(child.errors)")
    return Run(
      shown: try JSONDecoder().decode(Shown.self, from: Data(child.output.utf8)),
      report: try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: json))),
      junit: try String(contentsOfFile: junit, encoding: .utf8))
  }

  /// The numbers in front of which something stands, in order: "s  #4711  lost" with "s  #" has 4711.
  private func numbers(_ text: some StringProtocol, after mark: String) -> [UInt64] {
    text.components(separatedBy: mark).dropFirst().compactMap { UInt64($0.prefix { $0.isWholeNumber }) }
  }

  /// JSON and JUnit name the same numbers for every expectation, and the exit status says the same.
  private func expectReportsAgree(_ run: Run, _ play: Play) throws {
    #expect(run.items.count == play.count && run.items.allSatisfy { $0.decision != nil })
    #expect(run.shown.status == play.status)
    #expect(run.report.outcome == (play.status == 0 ? "passed" : "failed"))
    #expect(run.items.contains(where: \.isFailure) == (play.status != 0))
    #expect(Dictionary(grouping: run.items, by: \.standing).mapValues(\.count) == run.report.counts.filter { $0.value > 0 })
    #expect(run.items.contains { !$0.evidence.isEmpty }, "a verdict without evidence compares nothing")
    let cases = run.junit.components(separatedBy: "<testcase").dropFirst()
    #expect(cases.count == run.items.count)
    for (item, text) in zip(run.items, cases) {
      let number = try #require(item.decision)
      let event = try #require(item.event)
      #expect(text.contains("decided as #\(number)\n") || text.contains("decided as #\(number)<"), "\(item.title): \(text)")
      #expect(text.contains("<failure") == (item.standing == "violated"), "\(item.title)")
      // What is met needs no evidence there.
      #expect(numbers(text, after: " s  #") == (item.standing == "met" ? [] : item.numbers), "\(item.title): \(text)")
      #expect(
        text.contains("… and \(item.omitted_evidence) more") == (item.omitted_evidence > 0 && item.standing != "met"), "\(item.title)")
      #expect(
        item.numbers.allSatisfy { $0 <= event }, "\(item.title) rests on something later than its decision: \(item.numbers) \(number)")
    }
    #expect(Set(run.items.map(\.decision)).count == run.items.count, "no two decisions have one number")
  }

  @Test(arguments: plays) func `lines say what the reports say`(_ play: Play) async throws {
    let run = try await run("pipe", play.arguments + ["--headless"])
    try expectReportsAgree(run, play)
    let lines = run.shown.lines
    for item in run.items {
      let number = try #require(item.decision)
      let told = lines.filter { $0.contains(" #\(number) ") && $0.contains("\(item.standing): \(item.title)") }
      #expect(told.count == 1, "\(item.title): \(told)")
      let place = try #require(
        lines.firstIndex { $0.hasPrefix(item.standing) && $0.contains(item.title) && $0.hasSuffix("  #\(number)") }, "\(item.title)")
      #expect(lines[place].contains(": \(item.reason)  #"), "\(lines[place])")
      // What it rests on stands under what failed, the last four of it.
      let proofs = lines[(place + 1)...].prefix { $0.hasPrefix("             +") }
      #expect(proofs.flatMap { numbers($0, after: " s  #") } == (item.isFailure ? item.numbers.suffix(4) : []), "\(item.title)")
    }
    // The history told everything once; an event may have two rows, itself and what is not as the contract has it.
    let told = lines.filter { $0.split(separator: " ").dropFirst().first?.hasPrefix("#") == true }
    #expect(Set(told).count == told.count)
  }

  /// A row of pane 8 for an expectation, and the numbers under it.
  private struct Row {
    var text: String
    var proofs: [String] = []
    var omitted: String?
  }

  /// The rows of the zoomed pane, without its frame.
  private func rows(_ lines: [String]) -> [Row] {
    var rows: [Row] = []
    for line in lines where line.hasPrefix("┃ ") {
      let text = String(line.dropFirst(2).prefix { $0 != "┃" }).replacing(#/ +$/#, with: "")
      // What else is wrong, with its time, and what was looked at stand there too.
      if text.isEmpty || text.contains(#/^[✗▲] \d\d:\d\d:\d\d /#) || text.contains(#/^(nothing wrong|looked at|not looked at): /#) {
        continue
      }
      if !text.hasPrefix(" ") {
        rows.append(Row(text: text))
      } else if let last = rows.indices.last {
        if text.hasSuffix("more in between") { rows[last].omitted = text } else { rows[last].proofs.append(text) }
      }
    }
    return rows
  }

  @Test(arguments: plays) func `the screen says what the reports say`(_ play: Play) async throws {
    let run = try await run("screen", play.arguments)
    try expectReportsAgree(run, play)
    // Rings for what is violated, at most once for each event that violates something, and for nothing else.
    let violating = Set(run.items.filter { $0.standing == "violated" }.compactMap(\.event))
    let bells = try #require(run.shown.bells)
    #expect(violating.isEmpty ? bells == 0 : (1...violating.count).contains(bells), "\(bells) bells for \(violating)")
    let rows = rows(run.shown.lines)
    // What is violated first, then what is not known and must be, then the rest in the scenario's order.
    let failed = run.items.filter { $0.standing == "violated" } + run.items.filter { $0.standing != "violated" && $0.isFailure }
    let items = failed + run.items.filter { !$0.isFailure }
    try #require(rows.count == items.count, "\(run.shown.lines.filter { !$0.allSatisfy { $0 == " " } }.joined(separator: "\n"))")
    for (item, row) in zip(items, rows) {
      let glyph = ["met": "✓", "violated": "✗", "unobservable": "○"][item.standing] ?? "…"
      let optional = item.optional ? " (optional)" : ""
      let known = item.standing == "unobservable" ? ": not known" : ""
      // The number stands at the right end.
      let text = row.text.replacing(#/ +(#[\d.]+)$/#) { "  \($0.1)" }
      #expect(text == "\(glyph) \(item.title)\(optional)\(known): \(item.reason)  #\(item.decision ?? "?")")
      #expect(row.proofs.map { numbers($0, after: " #").first } == item.numbers, "\(item.title): \(row.proofs)")
      for (proof, line) in zip(item.evidence, row.proofs) { #expect(line.contains(" #\(proof.sequence) \(proof.text)".prefix(200))) }
      #expect((row.omitted != nil) == (item.omitted_evidence > 0) && row.omitted?.contains(" \(item.omitted_evidence) more") != false)
    }
  }
}
