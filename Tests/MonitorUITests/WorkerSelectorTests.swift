import Contracts
import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// Several workers on one screen: a key goes through them, and whatever shows says whose it is.
@Suite struct WorkerSelectorTests {
  private static let contract = Contract(
    name: "test", summary: "",
    signals: [
      SignalBinding(signal: .fragmentsSent, title: "sent", series: "sent_total", kind: .counter),
      SignalBinding(signal: .breakerState, title: "breaker", series: "breaker", kind: .gauge),
    ])

  private static func run(_ fill: (inout Script) -> Void) -> RunState {
    var script = Script()
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: nil, environment: "attached", contract: contract, contractReason: "asked for", services: [.mediaService],
          startedAt: WallTime(epochSeconds: Script.start))))
    fill(&script)
    return script.state()
  }

  private static func rows(_ run: RunState, _ ui: MonitorState, _ size: Size = Size(width: 160, height: 48)) -> String {
    MonitorView.render(run: run, ui: ui, size: size).rows().joined(separator: "\n")
  }

  private static let two = run { script in
    script.metrics(1, [.fragmentsSent: .number(84), .breakerState: .number(0)], text: "up 1\n")
    script.metrics(1.2, [.fragmentsSent: .number(1234), .breakerState: .number(0)], text: "up 1\n", of: "w2")
  }

  @Test func `one worker alone is not named beside its panes`() {
    let run = Self.run { $0.metrics(1, [.fragmentsSent: .number(84)], text: "up 1\n") }
    #expect(!Self.rows(run, MonitorState()).contains("Breaker of"))
    var ui = MonitorState()
    _ = ui.reduce(.command(.nextWorker), in: run)
    #expect(ui.worker == nil && ui.notice == "only one worker with one stream is read")
  }

  @Test func `the key goes through the workers and back, and panes say whose figures they show`() {
    var ui = MonitorState()
    let first = Self.rows(Self.two, ui)
    #expect(first.contains("Breaker of media-service") && first.contains("of media-service 1/2") && !first.contains("1234"))
    _ = ui.reduce(.command(.nextWorker), in: Self.two)
    let second = Self.rows(Self.two, ui)
    #expect(second.contains("Breaker of w2") && second.contains("Metrics of w2") && second.contains("of w2 2/2"))
    #expect(!second.contains("Breaker of media-service"))
    _ = ui.reduce(.command(.nextWorker), in: Self.two)
    #expect(Self.rows(Self.two, ui) == first)
    _ = ui.reduce(.command(.previousWorker), in: Self.two)
    #expect(Self.rows(Self.two, ui) == second)
  }

  @Test func `of several streams the worst breaker is named where its state stands`() {
    let run = Self.run { script in
      let open = Self.contract.breakerEncoding.first { $0.state == .open }?.value ?? 1
      let streams = [("a", 0), ("bravo", open)].map {
        StreamSignals(name: $0, signals: [.fragmentsSent: .number(1), .breakerState: .number($1)])
      }
      script.metrics(
        1, [.fragmentsSent: .number(2), .breakerState: .ambiguous(matches: 2)], text: "up 1\n", streams: streams)
    }
    let rows = Self.rows(run, MonitorState())
    #expect(rows.contains("OPEN") && rows.contains("bravo, the worst of 2"), "\(rows)")
    #expect(!rows.contains("/5 failures"))
  }
}
