import Events
import MonitorUI
import RunModel
import TerminalCanvas
import TestSupport
import Testing
import WireFormats

@Suite struct SyncPaneTests {
  /// Pane 2 alone, cut out of the whole screen.
  private func pane(_ run: RunState, _ size: Size, ui: MonitorState = MonitorState(), ahead: RunState? = nil, glyphs: GlyphSet = .unicode)
    throws -> Canvas
  {
    try #require(Picture(name: "sync", run: run, ui: ui, size: size, glyphs: glyphs, ahead: ahead).pane(.sync))
  }

  private func text(_ canvas: Canvas) -> String { canvas.rows().joined(separator: "\n") }

  @Test func `the words of the mock up`() throws {
    let run = SampleStreams.good.state()
    let wide = text(try pane(run, Size(width: 120, height: 40)))
    #expect(wide.contains("2 A/V sync · live/test/out "))
    #expect(wide.contains(/content +\+\d+ ms late +p50 +\d+ p95 +\d+ max +\d+  drift +[+-]\d+\.\d ms\/min/))
    #expect(wide.contains(/segments ■{9}□ 9\/9 within 120 ms   timestamps \+5 +service claims \+18/))
    #expect(wide.contains("100 % within, 95 % needed ✓  timestamps 8/8 ✓"))
    let narrow = text(try pane(run, Size(width: 80, height: 24)))
    #expect(narrow.contains(/now +\+\d+ late +p95 +\d+ +9\/9 within +100 %/))
  }

  @Test(
    arguments: [
      (SampleStreams.noMarks, ["timestamp alignment", "content no marks", "timestamps   +5 ms late"]),
      (.outOfRange, ["timestamp alignment", "content out of range"]), (.off, ["timestamp alignment", "content off above 4x"]),
      (.stalled, ["stalled for 14 s", "old)"]), (.closed, ["closed, again in 4 s: connection refused ×3"]),
      (.waiting, ["waiting for the stream"]), (.searching, ["searching for marks"]),
      (.early, ["content -193 ms early", "✗✗✗✗✗✗✗✗✗□ 0/9 within 120 ms", "0 % within, 95 % needed ✗"]),
      (.breaks, ["× 1", "◆ 1", "◇ 1", "■■■■·■■■■□ 8/8"]),
    ] as [(SampleStreams, [String])]) func `states in words`(_ state: SampleStreams, _ words: [String]) throws
  {
    let shown = text(try pane(state.state(), Size(width: 120, height: 40)))
    for word in words { #expect(shown.contains(word), "\(word) is missing in\n\(shown)") }
  }

  @Test func `a stream past the threshold is bad`() throws {
    let run = SampleStreams.drift.state()
    let canvas = try pane(run, Size(width: 120, height: 40))
    let shown = text(canvas)
    #expect(shown.contains("✗"))
    #expect(shown.contains("late"))
    let bad = Theme.dark.style(.bad)
    #expect((0..<canvas.size.height).contains { y in (0..<canvas.size.width).contains { canvas[$0, y].style == bad } })
  }

  @Test func `the selector goes through the streams`() throws {
    let run = SampleStreams.several.state()
    var ui = MonitorState()
    func title(_ ui: MonitorState) -> String { MonitorView.render(run: run, ui: ui, size: Size(width: 120, height: 40)).rows()[0] }
    #expect(title(ui).contains("stream live/test/out 2/2"), "what comes out shows first")
    _ = ui.reduce(.command(.nextStream), in: run)
    #expect(ui.stream == "live/test/in")
    #expect(title(ui).contains("stream live/test/in 1/2"))
    #expect(text(try pane(run, Size(width: 120, height: 40), ui: ui)).contains("A/V sync · live/test/in"))
    #expect(text(try pane(run, Size(width: 80, height: 24), ui: ui)).contains("A/V sync · live/test/in"))
    _ = ui.reduce(.command(.previousStream), in: run)
    #expect(ui.stream == "live/test/out")
    _ = ui.reduce(.command(.nextStream), in: RunState())
    #expect(ui.notice == "no stream is probed")
  }

  @Test func `a segment leads to its moment`() throws {
    let run = SampleStreams.good.state()
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    let frame = MonitorView.frame(run: run, ui: ui, size: Size(width: 120, height: 40))
    let row = try #require(frame.canvas.rows().firstIndex { $0.contains("segments ") })
    let column = try #require(frame.canvas.rows()[row].firstIndex(of: "■")).utf16Offset(in: frame.canvas.rows()[row])
    let action = frame.action(for: MouseEvent(kind: .press, button: .left, point: Point(x: column + 2, y: row)))
    let at = try #require(run.streams[SampleStreams.out]?.contentOffsets[2].at)
    #expect(action == .select(.sync, item: 2, at: RunInstant(seconds: 22)))
    #expect(at == RunInstant(seconds: 22.2))
    _ = ui.reduce(.command(.focus2), in: run)
    _ = ui.reduce(.command(.down), in: run)
    #expect(ui.selection[.sync] == 0)
    for _ in 0..<2 { _ = ui.reduce(.command(.enter), in: run) }
    #expect(ui.cursor == RunInstant(seconds: 10.2))
  }

  @Test func `the cursor stands on every axis`() throws {
    let canvas = Pictures.paused.canvas
    let cursor = Theme.dark.style(.cursor)
    let layout = Pictures.paused.layout
    for pane in [Pane.services, .sync, .metrics, .breaker] {
      let rect = try #require(layout.rect(of: pane))
      let found = (rect.y..<rect.maxY).contains { y in
        (rect.x..<rect.maxX).contains { x in
          canvas[x, y].style.foreground == cursor.foreground
            && (canvas[x, y].style.attributes.contains(.reverse) || canvas.rows()[y].contains("│"))
        }
      }
      #expect(found, "\(pane) has no cursor")
    }
  }

  @Test func `the paused axes stand still`() {
    let run = SampleRuns.everything().state()
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: RunInstant(seconds: 500), oldest: .zero), in: run)
    _ = ui.reduce(.command(.pause), in: run)
    #expect(ui.pausedAxisStart == 380)
    _ = ui.reduce(.command(.timeBack), in: run)
    #expect(ui.pausedAxisStart == 380 && ui.cursor == RunInstant(seconds: 498))
    _ = ui.reduce(.advanced(now: RunInstant(seconds: 600), oldest: .zero), in: run)
    #expect(ui.pausedAxisStart == 380, "the run goes on behind a view that stands still")
    _ = ui.reduce(.goTo(RunInstant(seconds: 100)), in: run)
    #expect(ui.pausedAxisStart == 70, "a moment beside the axes brings them along")
    _ = ui.reduce(.goTo(RunInstant(seconds: 590)), in: run)
    #expect(ui.pausedAxisStart == 500)
    _ = ui.reduce(.command(.zoomTimeIn), in: run)
    #expect(ui.pausedAxisStart == 540, "no further than now")
    _ = ui.reduce(.command(.live), in: run)
    #expect(ui.pausedAxisStart == nil && ui.cursor == nil)
  }

  @Test func `the property of every size`() {
    let runs = SampleStreams.allCases.map { $0.state() }
    var random = SplitMix(seed: 11)
    for width in stride(from: 1, through: 250, by: 13) {
      for height in stride(from: 1, through: 80, by: 11) {
        let run = runs[Int(random.next() % UInt64(runs.count))]
        var ui = MonitorState()
        _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
        _ = ui.reduce(.focus(.sync), in: run)
        if random.next() % 2 == 0 { _ = ui.reduce(.command(.zoom), in: run) }
        if random.next() % 3 == 0 { _ = ui.reduce(.goTo(RunInstant(seconds: 20)), in: run) }
        let canvas = MonitorView.render(run: run, ui: ui, size: Size(width: width, height: height), ahead: run)
        #expect(canvas.rows().allSatisfy { displayWidth($0) == width })
      }
    }
  }
}
