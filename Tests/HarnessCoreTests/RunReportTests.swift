import Contracts
import Events
import Foundation
import Judging
import MediaSync
import PrometheusText
import RuleSupport
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct RunReportTests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00"), (951_782_400.5, "2000-02-29T00:00:00"), (1_767_139_200, "2025-12-31T00:00:00"),
    (1_767_225_599.9, "2025-12-31T23:59:59"), (-1, "1969-12-31T23:59:59"), (.nan, "1970-01-01T00:00:00"),
  ])
  func `writes times`(seconds: Double, text: String) {
    #expect(JUnitReport.timestamp(WallTime(epochSeconds: seconds)) == text)
  }

  @Test(arguments: [
    (0.0, "0.000"), (1.0005, "1.001"), (-0.0001, "0.000"), (-2.5, "-2.500"), (.infinity, "0.000"), (90, "90.000"), (0.05, "0.050"),
  ])
  func `writes seconds`(value: Double, text: String) { #expect(RunReport.fixed(value) == text) }

  // MARK: Attempts

  /// A run of one expectation that is decided so.
  private static func attempt(_ standing: Verdict.Standing, scenario: String = "again", isOptional: Bool = false) -> RunReport {
    var run = RunState()
    let lost = RuleDocument.events(EventPattern(.speechDisconnected), .atLeast, 1)
    let description = RunDescription(
      scenario: scenario, environment: "embedded", contract: Contract(name: "stage/1", summary: ""), contractReason: "asked for",
      services: [], startedAt: WallTime(epochSeconds: 0),
      expectations: [RunModel.Expectation(id: "lost", title: "it is lost", rule: lost, isOptional: isOptional)])
    var verdict = Verdict.open
    (verdict.standing, verdict.reason) = (standing, "seen <\(standing.rawValue)>")
    for (index, event) in [
      RunEvent.description(description), .verdict(VerdictChange(index: 0, expectation: "lost", verdict: verdict)),
    ].enumerated() {
      run.apply(
        EventEnvelope(sequence: UInt64(index), instant: .zero, wall: WallTime(epochSeconds: 0), source: .harness, event: event))
    }
    return RunReport(run)
  }

  @Test func `a pass on retry hides no failed attempt`() throws {
    let xml = JUnitReport.xml([Self.attempt(.violated), Self.attempt(.met, scenario: "other"), Self.attempt(.violated), Self.attempt(.met)])
    let lines = xml.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.contains("<testsuites name=\"dubwatch\" tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"0\" time=\"0.000\">"))
    #expect(lines.filter { $0.hasPrefix("<failure ") }.count == 2)
    func attempts(_ name: String) -> [String] { lines.filter { $0.hasPrefix("<\(name) ") }.map { String($0.prefix(80)) } }
    let first = "type=\"violated\" message=\"attempt 1: seen &lt;violated&gt;\""
    let second = "type=\"violated\" message=\"attempt 2: seen &lt;violated&gt;\""
    #expect(attempts("rerunFailure").map { $0.contains(first) } == [true])
    #expect(attempts("flakyFailure").map { $0.contains(first) } == [true, false])
    #expect(attempts("flakyFailure").last?.contains(second) == true)
    #expect(
      lines.filter { $0.hasPrefix("<property name=\"attempt\"") } == (1...3).map { "<property name=\"attempt\" value=\"\($0) of 3\"/>" })
    // Each by itself is as it ever was.
    #expect(!JUnitReport.xml([Self.attempt(.violated)]).contains("attempt"))
  }

  /// What is optional and not known fails no run, and is no pass either.
  @Test(arguments: [
    (Verdict.Standing.met, "flakyFailure"), (.unobservable, "rerunFailure"), (.pending, "rerunFailure"), (.violated, "rerunFailure"),
  ])
  func `an attempt is flaky only where a later one met it`(_ standing: Verdict.Standing, _ element: String) {
    let xml = JUnitReport.xml([Self.attempt(.violated, isOptional: true), Self.attempt(standing, isOptional: true)])
    #expect(["flakyFailure", "rerunFailure"].filter { xml.contains("<\($0) ") } == [element])
  }

  // MARK: JSON

  /// A run that has something of everything that a report shows.
  private static func run() throws -> RunState {
    var run = RunState()
    var number: UInt64 = 0
    func apply(_ seconds: Double, _ source: SourceID, _ event: RunEvent) {
      run.apply(
        EventEnvelope(
          sequence: number, instant: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: 1_767_139_200 + seconds), source: source,
          event: event))
      number += 1
    }
    func tell(_ seconds: Double, _ kind: Happening.Kind, by service: ServiceName = "dubwatch") {
      apply(seconds, .harness, .happening(Happening(kind, service: service, provenance: .own)))
    }
    let lost = RuleDocument.events(EventPattern(.speechDisconnected), .atLeast, 1)
    apply(
      0, .harness,
      .description(
        RunDescription(
          scenario: "stage", environment: "embedded", contract: Contract(name: "stage/1", summary: ""), contractReason: "asked for",
          services: [.mediaService], speed: 2.5, startedAt: WallTime(epochSeconds: 1_767_139_200),
          expectations: [
            RunModel.Expectation(id: "lost", title: "it is \"lost\" / gone", rule: lost),
            RunModel.Expectation(id: "again", title: "once\tmore \u{7F}é", rule: lost, isOptional: true),
            RunModel.Expectation(id: "open", rule: lost),
          ])))
    tell(1, .scenario(.began(name: "stage")))
    tell(2, .fault(FaultHappening(id: 1, kind: "sts-outage", detail: "outage 2 s", phase: .began)), by: .speechService)
    tell(4.25, .fault(FaultHappening(id: 1, kind: "sts-outage", detail: "outage 2 s", phase: .ended)), by: .speechService)
    tell(5, .fault(FaultHappening(id: 2, kind: "sts-latency", detail: "+1 ms", phase: .began)), by: .speechService)
    tell(6, .finding(Finding(id: "f", text: "not as it should be: \\u{1}")))
    tell(6, .linesLost(LostLines(lines: 3)), by: .mediaService)
    for (index, delta) in [0.04, -0.2, 0].enumerated() {
      let measured = SyncMeasurement(segmentIndex: index, videoPTS: 6 * Double(index), audioPTS: 6 * Double(index) + delta)
      tell(7, .stream(.alignment(measured, isScored: true)), by: "live/test/out")
      tell(
        7, .stream(.contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: delta * 1000, markCount: 5))), by: "live/test/out")
    }
    var parser = ExpositionParser()
    let text = "sent_total{kind=\"a\"} 12\nlevel 0.1\nhigh +Inf\nlow -Inf\nnone NaN\nbig 1e300\nwhole 123456789012\n"
    let scrape = try parser.parse(text, format: .text)
    tell(8, .scenario(.completed(reason: "all is done")))
    apply(
      8.5, SourceID(.metrics, .mediaService),
      .sample(.metrics(MetricsSample(service: .mediaService, scrape: scrape, signals: [:], latencyMilliseconds: 1, byteCount: 5))))
    let evidence = [
      Evidence(sequence: 4711, at: RunInstant(seconds: 3.125), text: "lost"),
      Evidence(sequence: 4712, at: RunInstant(seconds: 4), text: ""),
    ]
    var decided = Verdict.open
    (decided.standing, decided.reason, decided.evidence, decided.omittedEvidence) = (.met, "it was", evidence, 7)
    (decided.decidedAt, decided.decision) = (RunInstant(seconds: 3.125), EventNumber(4711, part: 2))
    apply(9, .harness, .verdict(VerdictChange(index: 0, expectation: "lost", verdict: decided)))
    var violated = decided
    (violated.standing, violated.evidence, violated.omittedEvidence) = (.violated, [], 0)
    apply(9, .harness, .verdict(VerdictChange(index: 1, expectation: "again", verdict: violated)))
    tell(10, .scenario(.closed))
    return run
  }

  @Test func `a report as JSON is what it was`() throws {
    let report = RunReport(try Self.run())
    let all = RunReport.json([report, report])
    try Golden.expect([Golden.Section(name: "", text: report.json())], "run-report-json")
    // Two are an array of what one is.
    let one = try JSONValue.parse(report.json())
    #expect(try JSONValue.parse(all) == .array([one, one]))
    #expect(all.hasPrefix("[\n  {\n    \"contract\" : \"stage/1\",\n") && all.hasSuffix("\n  }\n]\n"))
  }
}
