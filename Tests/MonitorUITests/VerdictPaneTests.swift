import Contracts
import Events
import Judging
import MonitorUI
import RuleSupport
import RunModel
import TerminalCanvas
import Testing

/// swift-testing has a type of this name, too.
typealias Expectation = RunModel.Expectation

@Suite struct VerdictPaneTests {
  /// Three expectations: one met, one violated, one pending.
  private static func judged() -> Script {
    var contract = SampleRuns.dataModelContract
    contract.logTemplates = [
      LogTemplate(happening: "fragment-sent", pattern: "fragment sent"), LogTemplate(happening: "breaker", pattern: "circuit breaker"),
    ]
    var script = Script()
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: "trial", environment: "embedded", contract: contract, contractReason: "asked for", services: SampleRuns.services,
          startedAt: WallTime(epochSeconds: Script.start),
          expectations: [
            Expectation(id: "sent", title: "fragments are sent", rule: .events(EventPattern(.fragmentSent), .atLeast, 1)),
            Expectation(id: "closed", title: "breaker stays closed", rule: .breakerStaysClosed),
            Expectation(id: "back", title: "the connection comes back", rule: .recovers, isOptional: true),
          ])))
    script.own(1, .scenario(.began(name: "trial")))
    script.told(6, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 0)))
    script.told(9, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.tick(20)
    return script
  }

  private static func text(_ run: RunState, _ ui: MonitorState, _ width: Int = 160, _ height: Int = 48) -> String {
    MonitorView.render(run: run, ui: ui, size: Size(width: width, height: height)).rows().joined(separator: "\n")
  }

  @Test func `title and rows`() {
    let run = Self.judged().state()
    let text = Self.text(run, MonitorState())
    #expect(text.contains("Verdict · 1 met · 1 violated · 1 pending"))
    #expect(text.contains("✓ fragments are sent"))
    #expect(text.contains("✗ breaker stays closed: went open at 5 failures"))
    #expect(text.contains("… the connection comes back (optional)"))
  }

  @Test func `narrow screens show the counts`() {
    let run = Self.judged().state()
    #expect(Self.text(run, MonitorState(), 80, 24).contains("1✓ 1✗ 1…"))
    #expect(Self.text(run, MonitorState(), 30, 5).contains("1✓ 1✗ 1…"))
  }

  @Test func `without expectations findings show`() {
    #expect(Self.text(SampleRuns.everything().state(), MonitorState()).contains("Verdict · not judged"))
  }

  @Test func `enter shows the evidence and goes there`() throws {
    let run = Self.judged().state()
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    _ = ui.reduce(.focus(.verdict), in: run)
    // What is violated comes first.
    _ = ui.reduce(.command(.down), in: run)
    _ = ui.reduce(.command(.enter), in: run)
    #expect(ui.overlay == .detail)
    #expect(Self.text(run, ui, 100, 24).contains("open at 5 failures"))
    #expect(Self.text(run, ui, 100, 24).contains("rests on"))
    _ = ui.reduce(.command(.enter), in: run)
    #expect(ui.shownInstant == RunInstant(seconds: 9))
    // Zoomed, rows of evidence come between, and the selection is on the same expectation; the next row is its evidence.
    _ = ui.reduce(.command(.zoom), in: run)
    #expect(ui.isZoomed)
    _ = ui.reduce(.command(.down), in: run)
    for _ in 0..<2 { _ = ui.reduce(.command(.enter), in: run) }
    #expect(ui.shownInstant == RunInstant(seconds: 9))
  }

  // MARK: What is wrong now

  private static func lines(_ run: RunState, _ size: Size, _ ui: MonitorState = MonitorState()) -> [String] {
    Picture(name: "", run: run, ui: ui, size: size).pane(.verdict)?.rows() ?? []
  }

  @Test func `a view that is not judged begins with what is wrong, worst first`() {
    var script = SampleRuns.healthyMediaService()
    script.health(41, .speechService, .unreachable(reason: "connection refused"))
    script.told(42, .finding(Finding(id: "odd", text: "something is odd")))
    for service in [ServiceName.mediaServer, .mediaService] { script.healthy(42, service) }
    let lines = Self.lines(script.state(), Size(width: 120, height: 40))
    #expect(lines[0].contains("8 Verdict · not judged · wrong now: 2"))
    #expect(lines[1].contains("✗ 12:00:41 echo-sts gives no answer: connection refused, http://localhost/health"))
    #expect(lines[1].contains("health:echo-sts #"))
    #expect(lines[2].contains("▲ 12:00:42 something is odd"))
    // Narrow screens say it in the title.
    #expect(Self.text(script.state(), MonitorState(), 80, 24).contains("✗ 2 wrong"))
    #expect(Self.text(script.state(), MonitorState(), 60, 5).contains("2 wrong"))
  }

  @Test func `nothing wrong says what was looked at and what was not`() {
    let lines = Self.lines(SampleRuns.healthyMediaService().state(), Size(width: 120, height: 40))
    #expect(lines[0].contains("8 Verdict · not judged · nothing wrong"))
    #expect(lines[1].contains("nothing wrong: 3 services, breaker, connection, backpressure looked at"))
    #expect(lines[2].contains("not looked at: output, sync"))
    let unknown = Self.lines(RunState(), Size(width: 120, height: 40))
    #expect(unknown[0].contains("nothing looked at yet") && !unknown.joined().contains("nothing wrong"))
  }

  @Test func `what is not known is said in these words`() {
    var script = Self.judged()
    script.own(21, .scenario(.completed(reason: "all is done")))
    script.own(22, .scenario(.closed))
    var ui = MonitorState()
    _ = ui.reduce(.focus(.verdict), in: script.state())
    _ = ui.reduce(.command(.zoom), in: script.state())
    let text = Self.text(script.state(), ui)
    #expect(text.contains("1 not known") && text.contains("○ the connection comes back (optional): not known:"), "\(text)")
    #expect(!text.contains("unobservable"))
  }

  /// Fifteen expectations of which the seventh and the ninth are violated, as of a run that goes wrong.
  static func manyJudged() -> Script {
    var script = Script()
    let expectations = (1...15).map { number in
      Expectation(
        id: "e\(number)", title: "expectation \(number) of fifteen",
        rule: number == 7 || number == 9 ? .breakerStaysClosed : .events(EventPattern(.fragmentSent), .atLeast, number < 4 ? 1 : 9))
    }
    var contract = SampleRuns.dataModelContract
    contract.logTemplates = [
      LogTemplate(happening: "fragment-sent", pattern: "fragment sent"), LogTemplate(happening: "breaker", pattern: "circuit breaker"),
    ]
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: "many", environment: "embedded", contract: contract, contractReason: "asked for", services: SampleRuns.services,
          startedAt: WallTime(epochSeconds: Script.start), expectations: expectations)))
    script.own(1, .scenario(.began(name: "many")))
    script.told(6, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 0)))
    for service in SampleRuns.services { script.healthy(8, service) }
    script.told(9, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.health(10, .speechService, .unreachable(reason: "connection refused"))
    return script
  }

  @Test(arguments: [(160, 48), (120, 40), (120, 31), (80, 24)]) func `what is cut is said, and never what is violated before what is met`(
    _ width: Int, _ height: Int
  ) throws {
    let run = Self.manyJudged().state()
    var ui = MonitorState()
    _ = ui.reduce(.focus(.verdict), in: run)
    let lines = Self.lines(run, Size(width: width, height: height), ui)
    #expect(lines[1].contains("✗ expectation 7 of fifteen: went open"), "\(lines)")
    #expect(lines[2].contains("✗ expectation 9 of fifteen: went open"), "\(lines)")
    let shown = lines.joined(separator: "\n")
    let count = shown.matches(of: /expectation \d+ of fifteen|circuit breaker is open|gives no answer/).count
    let more = shown.firstMatch(of: /\+(\d+) more/).flatMap { Int($0.1) } ?? 0
    // 15 expectations and two alarms beside them.
    #expect(count + more == 17, "\(shown)")
  }

  @Test func `the pane grows with what is wrong, as far as all others have their room`() throws {
    func height(_ run: RunState, _ size: Size) throws -> Int {
      try #require(Picture(name: "", run: run, size: size).layout.rect(of: .verdict)).height
    }
    let size = Size(width: 160, height: 48)
    let (calm, bad) = (SampleRuns.healthyMediaService().state(), Self.manyJudged().state())
    #expect(try height(calm, size) == 4)
    // Two that are violated, two alarms, thirteen others in three columns, and the frame.
    #expect(try height(bad, size) == 11)
    let tight = Size(width: 120, height: 31)
    #expect(try height(bad, tight) == height(calm, tight))
  }

  @Test func `a selected alarm keeps its row when others come and go`() {
    var script = SampleRuns.healthyMediaService()
    script.told(41, .finding(Finding(id: "odd", text: "something is odd")))
    var ui = MonitorState()
    let before = script.state()
    _ = ui.reduce(.advanced(now: before.now, oldest: .zero), in: before)
    _ = ui.reduce(.focus(.verdict), in: before)
    _ = ui.reduce(.command(.down), in: before)
    let selected = ui.selection[.verdict]
    script.health(42, .speechService, .unreachable(reason: "refused"))
    let run = script.state()
    for _ in 0..<2 { _ = ui.reduce(.command(.enter), in: run) }
    #expect(ui.selection[.verdict] == selected && ui.shownInstant == RunInstant(seconds: 41))
  }

  @Test func `hostile text and every size are drawn`() {
    var script = Self.judged()
    script.add(
      21, SourceID(.log, .mediaService),
      .logLines([LogLine(service: .mediaService, text: "\u{1B}[2Jboo", level: .error)]))
    let run = script.state()
    for width in stride(from: 1, through: 200, by: 13) {
      for height in stride(from: 1, through: 60, by: 7) {
        var ui = MonitorState()
        _ = ui.reduce(.focus(.verdict), in: run)
        _ = ui.reduce(.command(.down), in: run)
        for _ in 0..<2 {
          let canvas = MonitorView.render(run: run, ui: ui, size: Size(width: width, height: height))
          #expect(!canvas.rows().joined().unicodeScalars.contains { $0.value < 0x20 })
          _ = ui.reduce(.command(.zoom), in: run)
        }
      }
    }
  }
}
