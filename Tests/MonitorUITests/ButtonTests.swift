import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// What is named on the screen can be clicked.
@Suite struct ButtonTests {
  private static let size = Size(width: 160, height: 48)
  let run = SampleRuns.everything().state()

  private func click(_ text: String, row: Int? = nil, _ ui: MonitorState = MonitorState(), offset: Int = 0) -> MonitorAction? {
    let frame = MonitorView.frame(run: run, ui: ui, size: Self.size)
    for (y, line) in frame.canvas.rows().enumerated() where row == nil || row == y {
      guard let range = line.firstRange(of: text) else { continue }
      let x = line.distance(from: line.startIndex, to: range.lowerBound) + offset
      return frame.action(for: MouseEvent(kind: .press, button: .left, point: Point(x: x, y: y)))
    }
    return nil
  }

  @Test(arguments: [
    ("quit", Command.Action.quit), ("help", .toggle(.help)), ("pause", .pause), ("commands", .palette), ("fault", .toggle(.faults)),
  ]) func `each key below is a button`(_ word: String, _ action: Command.Action) {
    #expect(click(word, row: Self.size.height - 1) == .command(action))
  }

  @Test func `LIVE stops, PAUSED goes on`() {
    #expect(click("LIVE", row: 0) == .command(.pause))
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    _ = ui.reduce(.command(.pause), in: run)
    #expect(click("PAUSED", row: 0, ui) == .command(.live))
  }

  @Test func `a title focuses its pane, and zooms it when it has the focus`() {
    #expect(click("4 Breaker") == .command(.focus(.breaker)))
    var ui = MonitorState()
    _ = ui.reduce(.command(.focus(.breaker)), in: run)
    #expect(click("4 Breaker", ui) == .command(.zoom))
  }

  @Test(arguments: [("value", MonitorState.SeriesOrder.value), ("rate", .rate), ("series", .name)])
  func `the head of a column sorts by it`(_ head: String, _ order: MonitorState.SeriesOrder) {
    var ui = MonitorState()
    for command in [Command.Action.focus(.metrics), .zoom] { _ = ui.reduce(.command(command), in: run) }
    #expect(click(head, row: 2, ui) == .sortSeries(order))
    _ = ui.reduce(.sortSeries(order), in: run)
    #expect(ui.seriesOrder == order)
  }

  @Test func `a drag over an axis goes through its time`() {
    let frame = MonitorView.frame(run: run, ui: MonitorState(), size: Self.size)
    let rows = frame.canvas.rows()
    guard let y = rows.firstIndex(where: { $0.contains(" closed ") || $0.contains("closed █") || $0.contains("closed  ") }),
      let start = rows[y].firstRange(of: "closed")
    else {
      Issue.record("no lane shows")
      return
    }
    let x = rows[y].distance(from: rows[y].startIndex, to: start.lowerBound)
    let times = [12, 16].compactMap { offset -> RunInstant? in
      let event = MouseEvent(kind: .drag, button: .left, point: Point(x: x + offset, y: y))
      if case .point(.breaker, let at) = frame.action(for: event) { return at }
      return nil
    }
    #expect(times.count == 2 && times[0] < times[1])
  }

  @Test func `a click chooses in a list, a second one does it`() {
    var ui = MonitorState()
    _ = ui.reduce(.command(.faults), in: run)
    #expect(click("Disconnect the worker", ui) == .pressOverlay(1))
    #expect(ui.reduce(.pressOverlay(1), in: run) == [] && ui.overlayIndex == 1)
    #expect(ui.reduce(.pressOverlay(1), in: run) == [.injectFault(id: "sts-disconnect")])
  }

  @Test func `the question can be answered by the mouse and by asking again`() {
    var ui = MonitorState(ownsEnvironment: true)
    _ = ui.reduce(.command(.quit), in: run)
    #expect(click("y quit", ui) == .answer(true))
    #expect(click("any other key", ui) == .answer(false))
    #expect(ui.action(for: .char("q")) == .answer(true) && ui.action(for: .char("x")) == .answer(false))
    // Where a pane has no room the question still shows.
    let small = MonitorView.render(run: run, ui: ui, size: Size(width: 30, height: 5)).rows()
    #expect(small[0].contains("Quit? q again quits"))
  }

  /// A key that changes something shows it, says it, or asks something of the world.
  @Test(arguments: Commands.all) func `no key is without an answer`(_ command: Command) {
    var ui = MonitorState(ownsEnvironment: true)
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    // From a state in which there is something to go back from.
    let before: [Command.Action] =
      command.action == .live || command.action == .timeForward || command.action == .timeForwardFar
      ? [.timeBackFar, .timeBackFar] : [.up, .up]
    for action in before { _ = ui.reduce(.command(action), in: run) }
    let was = MonitorView.render(run: run, ui: ui, size: Self.size)
    let effects = ui.reduce(.command(command.action), in: run)
    let isSame = MonitorView.render(run: run, ui: ui, size: Self.size) == was
    #expect(!isSame || !effects.isEmpty || ui.notice != nil || command.action == .focus(.events), "\(command.name)")
  }
}
