import CanvasSupport
import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// What lies over the panes: it takes every click and every scrolled line while it lies there.
@Suite struct OverlayTests {
  private static let size = Size(width: 100, height: 30)
  let run = SampleRuns.everything().state()

  /// A screen as the program keeps it: what was drawn is told to the state.
  private struct Screen {
    let run: RunState
    var ui = MonitorState(ownsEnvironment: true)
    var size = OverlayTests.size
    var frame: Frame { MonitorView.frame(run: run, ui: ui, size: size) }

    init(_ run: RunState) {
      self.run = run
      _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    }

    @discardableResult mutating func press(_ action: Command.Action) -> [String] {
      _ = ui.reduce(.command(action), in: run)
      return draw()
    }

    @discardableResult mutating func draw() -> [String] {
      let frame = frame
      if let end = frame.overlayEnd { _ = ui.reduce(.overlayDrawn(end: end), in: run) }
      return frame.canvas.rows()
    }
  }

  private static let overlays: [(MonitorState.Overlay, [Command.Action])] = [
    (.help, [.help]), (.faults, [.faults, .down]), (.detail, [.focus4, .down, .enter]), (.confirmQuit, [.quit]),
  ]

  private static func press(_ x: Int, _ y: Int) -> MouseEvent { MouseEvent(kind: .press, button: .left, point: Point(x: x, y: y)) }

  @Test(arguments: overlays) func `a click in it does nothing, one beside it closes it and hits nothing below`(
    _ overlay: MonitorState.Overlay, _ commands: [Command.Action]
  ) {
    var screen = Screen(run)
    for command in commands { screen.press(command) }
    #expect(screen.ui.overlay == overlay)
    let (frame, before) = (screen.frame, screen.ui)
    var actions: [MonitorAction?: Int] = [:]
    for y in 0..<Self.size.height {
      for x in 0..<Self.size.width { actions[frame.action(for: Self.press(x, y)), default: 0] += 1 }
    }
    // Lines that can be chosen are buttons, and so are answers; nothing else in it is.
    let buttons: Set<MonitorAction?> =
      switch overlay {
      case .faults: [.pressOverlay(0), .pressOverlay(1), .pressOverlay(2)]
      case .confirmQuit: [.answer(true), .answer(false)]
      case .none, .help, .detail, .palette: []
      }
    #expect(Set(actions.keys) == buttons.union([nil, .closeOverlay]), "\(actions)")
    _ = screen.ui.reduce(.closeOverlay, in: run)
    #expect(screen.ui.overlay == .none)
    #expect(screen.ui.selection == before.selection && screen.ui.focus == before.focus && screen.ui.time == before.time)
  }

  @Test func `a click on a frame from before it came closes it and hits nothing`() {
    var screen = Screen(run)
    screen.press(.help)
    for action in [MonitorAction.select(.breaker, item: 0, at: .zero), .point(.sync, at: .zero), .focus(.metrics)] {
      var ui = screen.ui
      _ = ui.reduce(action, in: run)
      #expect(ui.overlay == .none && ui.selection[.breaker] == nil && ui.focus == .events && ui.time == .live, "\(action)")
    }
  }

  @Test func `the wheel scrolls it wherever it stands`() {
    var screen = Screen(run)
    screen.size = Size(width: 80, height: 16)
    let first = screen.press(.help)
    for _ in 0..<2 {
      guard let action = screen.frame.action(for: MouseEvent(kind: .scrollDown, point: Point(x: 0, y: 0))) else {
        Issue.record("the wheel means nothing")
        return
      }
      _ = screen.ui.reduce(action, in: run)
      screen.draw()
    }
    #expect(screen.ui.overlayIndex == 6)
    #expect(screen.draw() != first)
    #expect(screen.ui.focus == .events && screen.ui.selection.isEmpty)
  }

  @Test(arguments: [(MonitorState.Overlay.help, [Command.Action.help]), (.detail, [.focus4, .down, .enter])])
  func `what is scrolled to the end comes back with the first key`(_ overlay: MonitorState.Overlay, _ commands: [Command.Action]) {
    var screen = Screen(run)
    screen.size = Size(width: 80, height: 12)
    for command in commands { screen.press(command) }
    #expect(screen.ui.overlay == overlay)
    screen.press(.last)
    let end = screen.draw()
    for _ in 0..<20 { screen.press(.down) }
    screen.press(.named("page-down"))
    #expect(screen.draw() == end)
    #expect(!end.contains { $0.contains("scrolls") }, "at its end nothing is below")
    #expect(screen.press(.up) != end, "one key up shows a line more")
    screen.press(.first)
    #expect(screen.ui.overlayIndex == 0)
    #expect(screen.draw().contains { $0.contains(/\+\d+ lines, down scrolls/) })
  }

  @Test func `a larger screen brings back what was scrolled away`() {
    var screen = Screen(run)
    screen.size = Size(width: 80, height: 12)
    for command in [Command.Action.help, .last] { screen.press(command) }
    let before = screen.ui.overlayIndex
    screen.size = Size(width: 140, height: 200)
    screen.draw()
    #expect(before > 0 && screen.ui.overlayIndex == 0)
  }

  /// The same in the program, which draws and asks by itself.
  @Test(.timeLimit(.minutes(1))) func `the program scrolls to the end and back`() async throws {
    let backend = InMemoryBackend(size: Size(width: 80, height: 12))
    let feed = ScriptedFeed()
    let program = MonitorProgram(backend: backend, options: MonitorOptions(frameInterval: .zero, restInterval: .zero))
    async let exit = program.run(feed: feed, effects: RecordingEffects())
    await feed.send(SampleRuns.everything().events)
    try await backend.waitForFrame { $0.rows().contains { $0.contains("RUNNING") } }
    func rows(_ canvas: Canvas) -> [String] { canvas.rows() }
    await backend.type("?")
    try await backend.waitForFrame { $0.rows().contains { $0.contains("lines, down scrolls") } }
    await backend.type("GGjjjj")
    let end = try await backend.waitForFrame { canvas in
      canvas.rows().contains { $0.contains("┃") } && !canvas.rows().contains { $0.contains("scrolls") }
    }
    await backend.type("k")
    let up = try await backend.waitForFrame { $0.rows().contains { $0.contains("+1 line, down scrolls") } }
    #expect(rows(up) != rows(end))
    await backend.feed(.closed)
    _ = try await exit
  }
}
