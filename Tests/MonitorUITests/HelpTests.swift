import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// The help of what is looked at.
@Suite struct HelpTests {
  let run = SampleRuns.everything().state()

  /// Every line of it, scrolled through.
  private func lines(_ pane: Pane, _ size: Size) -> [String] {
    var ui = MonitorState()
    for command in [Command.Action.focus(pane), .help] { _ = ui.reduce(.command(command), in: run) }
    var all: [String] = []
    for _ in 0..<400 {
      let frame = MonitorView.frame(run: run, ui: ui, size: size)
      if let end = frame.overlayEnd { _ = ui.reduce(.overlayDrawn(end: end), in: run) }
      let rows = frame.canvas.rows()
      // The line that says how much is below shows whole when it is scrolled to.
      all += rows.filter { !$0.contains("scrolls ┃") }
      if !rows.contains(where: { $0.contains("scrolls ┃") }) { return all }
      // No further than what shows.
      _ = ui.reduce(.command(size.height > 20 ? .named("page-down") : .down), in: run)
    }
    Issue.record("it has no end")
    return all
  }

  @Test(arguments: Pane.allCases) func `it begins with the focused pane`(_ pane: Pane) {
    var ui = MonitorState()
    for command in [Command.Action.focus(pane), .help] { _ = ui.reduce(.command(command), in: run) }
    let rows = MonitorView.render(run: run, ui: ui, size: Size(width: 120, height: 40)).rows()
    let top = rows.firstIndex { $0.contains("Help · esc closes") }
    #expect(top.map { rows[$0 + 1].contains("Pane \(pane.number), ") } == true, "\(pane)")
  }

  @Test(arguments: [(40, 10), (80, 24), (120, 40)]) func `nothing of it is cut, and every key is in it`(_ width: Int, _ height: Int) {
    let all = lines(.breaker, Size(width: width, height: height)).filter { $0.contains("┃") }
    #expect(!all.contains { $0.contains("…") })
    let words = all.joined(separator: " ")
    for command in Commands.all {
      let key = KeyBindings.standard.text(for: command.action)
      #expect(words.contains(String(key.prefix(8))), "\(command.name)")
    }
    #expect(words.contains("Signs") && words.contains("Mouse") && words.contains("Keys: time"))
  }
}
