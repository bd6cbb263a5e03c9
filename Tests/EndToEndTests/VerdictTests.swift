import Foundation
import TestSupport
import Testing

/// The real binary judges its own pipeline: every scenario to its verdict, and every broken rule found by exactly the expectations that
/// a file names. Several pipelines run at once, as they mostly wait.
@Suite(.serialized) struct VerdictTests {
  /// What a run's JSON says of one expectation.
  private struct Item: Decodable {
    var id: String
    var standing: String
    var optional: Bool
    var reason: String

    var isFailure: Bool { standing == "violated" || standing == "pending" || (standing == "unobservable" && !optional) }
  }

  private struct Report: Decodable {
    var outcome: String
    var expectations: [Item]
  }

  private struct Outcome: Sendable {
    var name: String
    var status: Int32
    var output: String
    var report: Data?
    /// What became of the run's recording when it was judged again.
    var check: CommandResult
    var checked: Data?
  }

  /// Whether this checkout reads streams; without a reader the rules on the output rightly say that nothing was measured.
  private static var readsStreams: Bool {
    FileManager.default.fileExists(atPath: Checkout.path("Sources/HarnessCore/Stream/StreamProbe.swift"))
  }

  /// Runs the program with these arguments, so many at a time.
  private func runs(_ all: [(name: String, arguments: [String])], atOnce: Int = 3) async throws -> [Outcome] {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var waiting = all[...]
      var outcomes: [Outcome] = []
      func next() {
        guard let (name, arguments) = waiting.popFirst() else { return }
        group.addTask {
          let scratch = try Scratch()
          defer { scratch.remove() }
          let child = try ChildProgram(
            dubwatchPath,
            ["run"] + arguments + ["--headless", "--json", scratch.file("verdict.json"), "--record", scratch.file("run.mcap")])
          let status = try await child.exitStatus(within: 150)
          let check = try ChildProgram(dubwatchPath, ["check", scratch.file("run.mcap"), "--json", scratch.file("again.json")])
          let again = await check.result(within: 60)
          return Outcome(
            name: name, status: status, output: child.output + child.errors,
            report: try? Data(contentsOf: URL(fileURLWithPath: scratch.file("verdict.json"))), check: again,
            checked: try? Data(contentsOf: URL(fileURLWithPath: scratch.file("again.json"))))
        }
      }
      for _ in 0..<atOnce { next() }
      while let outcome = try await group.next() {
        outcomes.append(outcome)
        next()
      }
      return outcomes
    }
  }

  /// A recording stands as its run did: verdict, reasons, evidence and numbers.
  private func expectSame(_ outcome: Outcome) throws {
    #expect(outcome.check.status == outcome.status, "\(outcome.name): \(outcome.check)")
    func verdict(_ data: Data?) throws -> NSDictionary {
      let report = try JSONSerialization.jsonObject(with: try #require(data, "\(outcome.name) wrote no report")) as? [String: Any]
      return NSDictionary(dictionary: try #require(report).filter { ["outcome", "counts", "expectations"].contains($0.key) })
    }
    let (live, again) = (try verdict(outcome.report), try verdict(outcome.checked))
    #expect(live.count == 3)
    #expect(live == again, "\(outcome.name)")
  }

  private static func tail(_ text: String) -> String { text.split(separator: "\n").suffix(40).joined(separator: "\n") }

  @Test(.timeLimit(.minutes(8))) func `every scenario is met on a pipeline that keeps the rules`() async throws {
    var names = [
      "circuit-breaker", "non-retryable-error", "backpressure", "in-flight-limit", "fragment-timeout", "reconnection",
      "reconnection-gives-up",
    ]
    if Self.readsStreams { names += ["full-pipeline", "av-sync"] }
    let outcomes = try await runs(names.map { ($0, [$0, "--speed", "5"]) })
    #expect(outcomes.count == names.count)
    for outcome in outcomes {
      #expect(outcome.status == 0, "\(outcome.name):\n\(Self.tail(outcome.output))")
      try expectSame(outcome)
    }
  }

  @Test(.timeLimit(.minutes(8))) func `every broken rule is found by exactly the expectations that are named for it`() async throws {
    let folder = Checkout.fixture("mutations")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
    var expected: [String: Set<String>] = [:]
    var planned: [(name: String, arguments: [String])] = []
    for file in files {
      let mutation = String(file.dropLast(".yaml".count))
      let lines = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(separator: "\n")
      let scenario = try #require(lines.first { $0.hasPrefix("scenario: ") }).dropFirst("scenario: ".count)
      expected[mutation] = Set(lines.filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) })
      #expect(expected[mutation]?.isEmpty == false, "\(file) names nothing: a checker that cannot fail is a defect")
      if mutation == "skew-200" || scenario == "full-pipeline", !Self.readsStreams { continue }
      planned.append((mutation, [String(scenario), "--speed", "5", "--mutation", mutation]))
    }
    #expect(files.count == 15)
    for outcome in try await runs(planned) {
      #expect(outcome.status == 1, "\(outcome.name):\n\(Self.tail(outcome.output))")
      let decoder = JSONDecoder()
      let report = try decoder.decode(Report.self, from: #require(outcome.report, "\(outcome.name) wrote no report"))
      #expect(report.outcome == "failed")
      try expectSame(outcome)
      let failed = Set(report.expectations.filter(\.isFailure).map(\.id))
      let reasons = report.expectations.filter(\.isFailure).map { "\($0.id) \($0.standing): \($0.reason)" }.joined(separator: "\n")
      #expect(failed == expected[outcome.name], "\(outcome.name) failed by\n\(reasons)")
    }
  }
}
