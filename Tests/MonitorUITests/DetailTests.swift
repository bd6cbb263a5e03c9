import CanvasSupport
import Events
import MonitorUI
import RunModel
import TerminalCanvas
import TestSupport
import Testing

/// A row opened whole.
@Suite struct DetailTests {
  let run = SampleRuns.everything().state()

  private func after(_ commands: [Command.Action], _ run: RunState? = nil) -> (ui: MonitorState, text: String) {
    let run = run ?? self.run
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    for command in commands { _ = ui.reduce(.command(command), in: run) }
    let rows = MonitorView.render(run: run, ui: ui, size: Size(width: 120, height: 40)).rows()
    return (ui, rows.joined(separator: "\n"))
  }

  @Test func `enter opens a row, enter again goes to its time`() throws {
    let opened = after([.up, .enter])
    #expect(opened.ui.overlay == .detail && opened.ui.time == .live)
    #expect(opened.text.contains("echo-sts: health 503") == true || opened.text.contains("health 503 \"simulated outage\""))
    let gone = after([.up, .enter, .enter])
    let row = try #require(run.rows.last)
    #expect(gone.ui.overlay == .none && gone.ui.time == .frozen(row.at))
    #expect(after([.up, .enter, .named("back")]).ui.overlay == .none)
  }

  /// Every pane that has rows opens one, and what it says is more than the row.
  @Test(arguments: Pane.allCases) func `every pane opens its rows`(_ pane: Pane) {
    let run = pane == .sync ? SampleStreams.drift.state() : pane == .verdict ? VerdictPaneTests.manyJudged().state() : self.run
    var commands: [Command.Action] = [.focus(pane), .down]
    if pane == .sync { commands = [.focus(pane), .up] }
    let opened = after(commands + [.enter], run)
    #expect(opened.ui.overlay == .detail, "\(pane)")
    #expect(opened.text.contains("esc closes"), "\(pane)")
    #expect(!opened.text.contains("no longer there"), "\(pane)")
  }

  @Test func `an event tells what it was part of`() {
    // The breaker opened while errors were injected, and is the evidence of nothing here.
    let opened = after([.focus4, .down, .enter])
    #expect(opened.text.contains("closed → open (failure ×5)"))
    #expect(opened.text.contains("during") && opened.text.contains("TIMEOUT ×5"))
    #expect(opened.text.contains("before and after it"))
    #expect(opened.text.contains("opens at 5 failures"))
  }

  @Test func `evidence is named with its expectation, and an expectation with its evidence`() throws {
    let run = VerdictPaneTests.manyJudged().state()
    let expectation = after([.focus8, .down, .enter], run)
    #expect(expectation.text.contains("rests on") || expectation.text.contains("why"))
    #expect(expectation.text.contains("violated"))
    var ui = MonitorState()
    let row = try #require(run.rows.first { $0.category == .breaker })
    _ = ui.reduce(.select(.events, item: row.serial, at: nil), in: run)
    _ = ui.reduce(.command(.enter), in: run)
    let text = MonitorView.render(run: run, ui: ui, size: Size(width: 120, height: 40)).rows().joined(separator: "\n")
    #expect(text.contains("evidence of") || text.contains("decides"))
  }

  @Test func `a log line is shown whole and its fields one by one`() {
    var script = SampleRuns.healthyMediaService()
    let json = #"{"event":"fragment sent","fragment_id":"abc","level":"info","nested":{"a":1}}"#
    script.add(41, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: json, level: .info, isMatched: true)]))
    let opened = after([.rawLogs, .up, .enter], script.state())
    for text in ["log line of media-service", "fragment_id: abc", "event: fragment sent", "nested: {\"a\":1}", "knows it"] {
      #expect(opened.text.contains(text), "\(text)")
    }
  }

  @Test func `a row that has gone says so`() {
    var ui = MonitorState()
    _ = ui.reduce(.select(.breaker, item: 0, at: nil), in: run)
    _ = ui.reduce(.command(.enter), in: run)
    let text = MonitorView.render(run: RunState(), ui: ui, size: Size(width: 100, height: 30)).rows().joined()
    #expect(text.contains("this row is no longer there"))
  }

  @Test func `fragments are followed from sending to answer`() {
    var script = SampleRuns.healthyMediaService(until: 30)
    script.told(31, .fragment(FragmentHappening(stage: .sent, fragmentID: "x", sequenceNumber: 5)))
    script.told(31.1, .fragment(FragmentHappening(stage: .acknowledged, fragmentID: "x")))
    script.told(32.5, .fragment(FragmentHappening(stage: .failed, fragmentID: "x", detail: "TIMEOUT")))
    script.told(32.6, .fragment(FragmentHappening(stage: .fallback, sequenceNumber: 5, detail: "failed")))
    script.told(33, .fragment(FragmentHappening(stage: .sent, fragmentID: "y", sequenceNumber: 5)))
    let run = script.state()
    let records = run.fragments.records.suffix(2)
    #expect(records.first?.outcome == .failed && records.first?.detail == "TIMEOUT" && records.first?.fallback == "failed")
    #expect(records.first?.milliseconds.map { ($0 - 1500).magnitude < 0.001 } == true)
    #expect(records.last?.outcome == nil && records.last?.hasFailed == false, "a number that is sent again is another fragment")
    var ui = MonitorState()
    _ = ui.reduce(.focus(.backpressure), in: run)
    _ = ui.reduce(.command(.zoom), in: run)
    let text = MonitorView.render(run: run, ui: ui, size: Size(width: 120, height: 40)).rows().joined(separator: "\n")
    for words in ["fragments, one a row", "failed (TIMEOUT), original sound (failed)", "under way", "731 ms"] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test func `long lines go on in the next row, or are scrolled`() {
    let run = SampleRuns.everything().state()
    #expect(!after([]).text.contains("transport close"))
    let wrapped = after([.named("wrap")])
    #expect(wrapped.ui.wraps)
    #expect(wrapped.text.replacing("\n", with: "").contains("close"))
    let moved = after([.named("text-left")])
    #expect(moved.ui.sideways == 16 && moved.ui.notice?.contains("column 17") == true)
    #expect(moved.text != after([]).text)
    #expect(after([.named("text-left"), .named("text-right"), .named("text-right")]).ui.sideways == 0)
    _ = run
  }

  /// All that zoomed panes add.
  @Test func `a zoomed pane shows what the small one leaves out`() {
    let services = after([.focus1, .zoom]).text
    for words in ["asked ", "last 20 checks", "to do", "curl -i"] { #expect(services.contains(words), "\(words)") }
    #expect(after([.focus4, .zoom]).text.contains("fragments that came to nothing"))
    var script = SampleRuns.everything()
    script.told(62, .speechDisconnected(reason: "again"))
    script.told(64, .reconnectionAttempt(ReconnectionAttempt(attempt: 1, plannedDelaySeconds: 2, success: true)))
    let losses = after([.focus6, .zoom], script.state()).text
    #expect(losses.contains("loss 1") || losses.contains("12:00:39"))
    #expect(losses.contains("12:01:02"))
  }

  @Test func `a zoomed pane says who publishes to a path, who reads it, and what of it is in error`() {
    var script = SampleRuns.everything()
    var path = MediaPath(name: "live/test/in", isReady: true, bytesReceived: 9_000_000, readerCount: 2, sourceType: "rtmpConn")
    path.publishedAt = "2026-11-27T08:00:00.5Z"
    let sample = MediaPathsSample(service: .mediaServer, paths: [path], latencyMilliseconds: 1)
    script.add(62, SourceID(.mediaServer, .mediaServer), .sample(.mediaPaths(sample)))
    let bare = after([.focus1, .zoom], script.state()).text
    #expect(bare.contains("live/test/in by rtmpConn, since 2026-11-27 08:00:00 UTC, 2 readers") && !bare.contains("in error"), "\(bare)")
    script.metrics(62, [:], text: "paths_inbound_frames_in_error{name=\"live/test/in\",state=\"ready\"} 3\n", of: .mediaServer)
    let text = after([.focus1, .zoom], script.state()).text
    #expect(text.contains("2 readers, 3 frames in error"), "\(text)")
  }
}
