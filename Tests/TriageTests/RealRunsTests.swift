import MCAP
import Recording
import TestSupport
import Testing
import WireFormats

@testable import Triage

/// Six real runs of `circuit-breaker` at speed 3 that passed, and one of a worker that opens at 4 failures (`run --mutation opens-at-4`).
@Suite struct RealRunsTests {
  private static func path(_ name: String) -> String { Checkout.fixture("recordings/triage/circuit-breaker-\(name).mcap") }
  private static let good = (1...6).map { path("good-\($0)") }

  @Test(arguments: 0..<6) func `a good run beside five others differs in nothing`(_ index: Int) throws {
    var others = try Self.good.map { try RunTrace(path: $0) }
    let one = others.remove(at: index)
    let comparison = try Comparison(one, with: others)
    #expect(one.lanes.values.map(\.count).reduce(0, +) > 80)
    #expect(comparison.isSame, "\(comparison.lines())")
  }

  @Test func `a breaker that opens too early is the first divergence of the run that shows it`() throws {
    let comparison = try Comparison(try RunTrace(path: Self.path("opens-at-4")), with: try Self.good.map { try RunTrace(path: $0) })
    let first = try #require(comparison.divergences.first)
    #expect(first.kind == .shifted && first.lane.text == "breaker" && first.event?.text == "open (timeout ×4)")
    #expect(first.good?.event.text == "open (timeout ×5)")
    #expect(first.sentence.contains(" s earlier than in any of 6 good runs: "))
    #expect(comparison.candidates.count == 3 && Set(comparison.candidates.map(\.lane)).count == 3)
  }

  @Test func `by their recordings it is flaky, with the interval of Wilson`() throws {
    let report = FlakyReport((Self.good + [Self.path("opens-at-4")]).map { RecordingSummary($0) })
    let scenario = try #require(report.scenarios.first)
    #expect(report.scenarios.count == 1 && report.leftOut.isEmpty)
    #expect(scenario.tally[.passed] == 6 && scenario.tally[.failed] == 1)
    #expect(scenario.steadiness == .flaky)
    let json = report.json["scenarios"]?[0]
    #expect(json?["class"] == "flaky")
    #expect(json?["interval_95"]?.arrayValue?.count == 2)
  }

  @Test func `a recording cut in its middle is neither a pass nor the same`() throws {
    let scratch = try Scratch("triage")
    let bytes = try MCAPFile(path: Self.good[0]).read(at: 0, count: 1 << 20)
    try scratch.write("cut.mcap", Array(bytes.prefix(bytes.count * 3 / 4)))
    let trace = try RunTrace(path: scratch.file("cut.mcap"))
    let comparison = try Comparison(trace, with: try Self.good.dropFirst().map { try RunTrace(path: $0) })
    #expect(comparison.ignorance != nil && comparison.json["not_known"] != .null)
    #expect(RunRecord(RecordingSummary(scratch.file("cut.mcap")))?.outcome != .passed)
  }

  @Test func `what is no recording is left out, with its reason`() throws {
    let scratch = try Scratch("triage")
    try scratch.write("a.mcap", "no recording")
    let report = FlakyReport([RecordingSummary(scratch.file("a.mcap")), RecordingSummary(scratch.file("none.mcap"))])
    #expect(report.scenarios.isEmpty && report.leftOut.count == 2)
    #expect(report.leftOut.allSatisfy { !$0.reason.isEmpty })
    #expect(report.lines.first == "no judged run was found")
    #expect(report.lines.last?.hasPrefix("2 recordings are left out; the first: ") == true)
  }
}
