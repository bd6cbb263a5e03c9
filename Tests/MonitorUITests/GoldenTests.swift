import HarnessModel
import MonitorUI
import TerminalCanvas
import Testing

@Suite struct GoldenTests {
  static let sizes = [(160, 48), (120, 40), (80, 24), (60, 15), (40, 10), (30, 5)]

  @Test(arguments: sizes) func everything(_ width: Int, _ height: Int) throws {
    let run = SampleRuns.everything().state()
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    try Golden.expect(MonitorView.render(run: run, ui: ui, size: Size(width: width, height: height)), "everything-\(width)x\(height)")
  }

  @Test(arguments: [(160, 48), (80, 24)]) func everythingInASCII(_ width: Int, _ height: Int) throws {
    let run = SampleRuns.everything().state()
    let ui = MonitorState(theme: .none)
    let canvas = MonitorView.render(run: run, ui: ui, size: Size(width: width, height: height), glyphs: .ascii)
    try Golden.expect(canvas, "everything-ascii-\(width)x\(height)")
  }

  @Test func healthyMediaService() throws {
    let run = SampleRuns.healthyMediaService().state()
    try Golden.expect(MonitorView.render(run: run, ui: MonitorState(), size: Size(width: 120, height: 40)), "media-service-120x40")
  }

  @Test func nothingKnown() throws {
    try Golden.expect(MonitorView.render(run: RunState(), ui: MonitorState(), size: Size(width: 120, height: 40)), "nothing-120x40")
  }

  @Test func whileReconnecting() throws {
    let run = SampleRuns.everything(until: 47).state()
    try Golden.expect(MonitorView.render(run: run, ui: MonitorState(), size: Size(width: 120, height: 40)), "reconnecting-120x40")
  }

  @Test(arguments: ["help", "faults", "filter"]) func overlays(_ command: String) throws {
    let run = SampleRuns.everything().state()
    var ui = MonitorState()
    _ = ui.reduce(.command(.named(command)), in: run)
    try Golden.expect(MonitorView.render(run: run, ui: ui, size: Size(width: 100, height: 30)), "overlay-\(command)")
  }

  @Test(arguments: Pane.allCases) func zoomed(_ pane: Pane) throws {
    let run = SampleRuns.everything().state()
    var ui = MonitorState()
    _ = ui.reduce(.focus(pane), in: run)
    _ = ui.reduce(.command(.zoom), in: run)
    try Golden.expect(MonitorView.render(run: run, ui: ui, size: Size(width: 100, height: 24)), "zoom-\(pane.number)")
  }

  @Test func rawLogs() throws {
    let run = SampleRuns.healthyMediaService().state()
    var ui = MonitorState()
    _ = ui.reduce(.command(.rawLogs), in: run)
    _ = ui.reduce(.command(.zoom), in: run)
    try Golden.expect(MonitorView.render(run: run, ui: ui, size: Size(width: 100, height: 16)), "raw-logs")
  }
}
