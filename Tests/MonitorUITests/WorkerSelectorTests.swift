import Contracts
import Events
import MonitorUI
import RunModel
import SpeechProtocol
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
    // The line of keys says what the last one did.
    MonitorView.render(run: run, ui: ui, size: size).rows().dropLast().joined(separator: "\n")
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

  /// Two workers of which each has a breaker, losses and backpressure of its own.
  private static let both = run { script in
    script.metrics(1, [.fragmentsSent: .number(84), .breakerState: .number(0)], text: "up 1\n")
    script.metrics(1.2, [.fragmentsSent: .number(1234), .breakerState: .number(0)], text: "up 1\n", of: "w2")
    for (t, service) in [(2.0, ServiceName.mediaService), (10.0, "w2")] {
      script.told(t, .breaker(BreakerTransition(from: .closed, state: .open, trigger: .failure, failureCount: 5)), by: service)
      script.told(
        t + 1, .backpressure(BackpressureEvent(severity: .high, action: .pause, recommendedDelayMilliseconds: 50 * t)), by: service)
      script.told(t + 2, .speechDisconnected(reason: "of \(service)"), by: service)
      script.told(t + 4, .reconnectionAttempt(ReconnectionAttempt(attempt: 1, plannedDelaySeconds: 2, success: false)), by: service)
    }
    script.tick(20)
  }

  /// What keys act on is what shows.
  @Test(arguments: [(Pane.breaker, 0.0), (.backpressure, 1), (.reconnection, 4)])
  func `keys act on the rows of the worker that shows`(_ pane: Pane, _ offset: Double) {
    let run = Self.both
    for (presses, begin) in [(0, 2.0), (1, 10), (2, 2)] {
      var ui = MonitorState()
      _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
      for _ in 0..<presses { _ = ui.reduce(.command(.nextWorker), in: run) }
      for command in [Command.Action.focus(pane), .down, .enter] { _ = ui.reduce(.command(command), in: run) }
      let shown = Self.rows(run, ui)
      #expect(
        !shown.contains("no longer there") && shown.contains("12:00:\(begin + offset < 10 ? "0" : "")\(Int(begin + offset))"), "\(shown)")
      _ = ui.reduce(.command(.enter), in: run)
      #expect(ui.time == .frozen(RunInstant(seconds: begin + offset)), "\(pane) after \(presses)")
    }
  }

  @Test func `what is copied and found is of the worker that shows`() {
    var ui = MonitorState()
    for command in [Command.Action.nextWorker, .focus5, .down] { _ = ui.reduce(.command(command), in: Self.both) }
    #expect(ui.reduce(.command(.named("copy")), in: Self.both) == [.copy("12:00:11.000 high pause 500 ms")])
    _ = ui.reduce(.command(.search), in: Self.both)
    _ = ui.reduce(.paste("100 ms"), in: Self.both)
    _ = ui.reduce(.submit, in: Self.both)
    #expect(ui.notice?.contains("no earlier row") == true, "that one is the other worker's")
  }

  @Test func `another worker begins without a selection in every pane of a worker`() {
    var ui = MonitorState()
    for command in [Command.Action.focus6, .down, .focus4, .down, .focus7, .up, .nextWorker] {
      _ = ui.reduce(.command(command), in: Self.both)
    }
    #expect(Array(ui.selection.keys) == [.events])
  }
}
