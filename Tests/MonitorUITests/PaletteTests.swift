import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// The list of all commands, in which one is chosen by its words.
@Suite struct PaletteTests {
  let run = SampleRuns.everything().state()

  private func typed(_ text: String, _ keys: [Key] = []) -> MonitorState {
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    for key in [Key.char(":")] + text.map(Key.char) + keys { if let action = ui.action(for: key) { _ = ui.reduce(action, in: run) } }
    return ui
  }

  private func rows(_ ui: MonitorState, _ size: Size = Size(width: 120, height: 40)) -> [String] {
    MonitorView.render(run: run, ui: ui, size: size).rows()
  }

  @Test func `a command is found by words of it and done`() {
    let ui = typed("theme next")
    #expect(ui.overlay == .palette)
    #expect(rows(ui).contains { $0.contains("┃ theme             t                 next theme") })
    #expect(rows(ui).last?.contains("command: theme next   1 found  enter: do it") == true)
    let done = typed("theme next", [.enter])
    #expect(done.overlay == .none && done.prompt == nil && done.theme == .light && done.notice == "theme light")
  }

  @Test func `arrows choose among what is found, and typing begins anew`() {
    let found = Commands.all.filter { $0.name.contains("copy") || $0.help.contains("copy") }
    #expect(found.count == 2)
    let ui = typed("copy", [.down, .down, .down])
    #expect(ui.overlayIndex == 1, "it stops at the last")
    #expect(typed("cop", [.down, .char("y")]).overlayIndex == 0)
    #expect(typed("copy", [.down, .up]).overlayIndex == 0)
    #expect(typed("focus-4", [.enter]).focus == .breaker)
    // What needs a line of text asks for it.
    #expect(typed("write a note", [.enter]).prompt?.purpose == .mark)
  }

  @Test func `nothing found is said, and stays`() {
    let ui = typed("zzzz")
    #expect(rows(ui).contains { $0.contains("no command has these words") })
    var later = ui
    #expect(later.reduce(.submit, in: run) == [.bell] && later.overlay == .palette)
  }

  @Test func `escape and a click beside it close it with what was typed`() {
    let closed = typed("theme", [.escape])
    #expect(closed.overlay == .none && closed.prompt == nil && closed.theme == .dark)
    var clicked = typed("theme")
    _ = clicked.reduce(.closeOverlay, in: run)
    #expect(clicked.overlay == .none && clicked.prompt == nil)
    #expect(typed("theme", [.escape, .char("t")]).theme == .light, "keys are keys again")
  }

  /// Every command can be found by its name and its first key, whatever it is, and is the one that its name finds first.
  @Test(arguments: Commands.all.map(\.name)) func `every command is in it`(_ name: String) {
    let ui = typed(name)
    guard name != "palette" else { return }
    #expect(rows(ui).contains { $0.contains("┃ \(name) ") }, "\(name)")
  }

  @Test(arguments: [(40, 10), (60, 15), (80, 24), (120, 40), (200, 60)]) func `the chosen command shows at every size`(
    _ width: Int, _ height: Int
  ) {
    var ui = typed("")
    let size = Size(width: width, height: height)
    for _ in Commands.all {
      let canvas = MonitorView.render(run: run, ui: ui, size: size)
      let isMarked = (0..<height).contains { y in (0..<width).count { canvas[$0, y].style.attributes.contains(.reverse) } > width / 3 }
      #expect(isMarked, "\(ui.overlayIndex) of \(size)")
      _ = ui.reduce(.command(.down), in: run)
    }
  }
}
