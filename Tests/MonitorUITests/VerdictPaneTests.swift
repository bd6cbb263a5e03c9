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
    _ = ui.reduce(.command(.down), in: run)
    _ = ui.reduce(.command(.down), in: run)
    _ = ui.reduce(.command(.enter), in: run)
    #expect(ui.isZoomed)
    #expect(ui.shownInstant == RunInstant(seconds: 9))
    #expect(Self.text(run, ui, 100, 24).contains("open at 5 failures"))
    // The selection is on the same expectation, although rows of evidence came between; the next row is its evidence.
    _ = ui.reduce(.command(.down), in: run)
    _ = ui.reduce(.command(.enter), in: run)
    #expect(ui.shownInstant == RunInstant(seconds: 9))
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
