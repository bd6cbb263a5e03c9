import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

@Suite struct ReducerTests {
  let run = SampleRuns.everything().state()

  private func fresh(owns: Bool = false) -> MonitorState {
    var ui = MonitorState(ownsEnvironment: owns)
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    return ui
  }

  private func after(_ commands: [Command.Action], owns: Bool = false) -> MonitorState {
    var ui = fresh(owns: owns)
    for command in commands { _ = ui.reduce(.command(command), in: run) }
    return ui
  }

  @Test(
    arguments: [
      ([.focusNext], Pane.verdict), ([.focusNext, .focusNext], .services), ([.focusPrevious], .reconnection), ([.focus1], .services),
      ([.focus2], .sync), ([.focus3], .metrics), ([.focus4], .breaker), ([.focus5], .backpressure), ([.focus6], .reconnection),
      ([.focus4, .focus7], .events), ([.focus8], .verdict), ([.focus4, .verdict], .verdict), ([.focus4, .verdict, .verdict], .breaker),
      ([.focus4, .rawLogs], .events),
    ] as [([Command.Action], Pane)]) func `commands move the focus`(_ commands: [Command.Action], _ expected: Pane)
  {
    #expect(after(commands).focus == expected)
  }

  @Test func `zoom and back`() {
    #expect(after([.zoom]).isZoomed)
    #expect(!after([.zoom, .zoom]).isZoomed)
    #expect(!after([.zoom, .back]).isZoomed)
    #expect(after([.enter]).isZoomed, "enter zooms where nothing is selected")
  }

  @Test(
    arguments: [
      ([.pause], 60.0), ([.pause, .timeBack], 58), ([.timeBack, .timeBack], 56), ([.timeBackFar], 40), ([.timeBackFar, .timeForward], 42),
      ([.timeBackFar, .timeForwardFar], 60), ([.timeStart], 0), ([.timeForward], 60), ([.zoomTimeIn, .timeBack], 59),
    ] as [([Command.Action], Double)]) func `commands move the time`(_ commands: [Command.Action], _ seconds: Double)
  {
    #expect(after(commands).time == .frozen(RunInstant(seconds: seconds)))
  }

  @Test func `end returns to live`() {
    #expect(after([.timeBack, .live]).time == .live)
    #expect(after([.pause, .pause]).time == .live)
    #expect(after([.timeBack, .back]).time == .live)
  }

  @Test func `time goes on behind a frozen view`() {
    var ui = after([.pause])
    _ = ui.reduce(.advanced(now: RunInstant(seconds: 100), oldest: .zero), in: run)
    #expect(ui.time == .frozen(RunInstant(seconds: 60)))
    _ = ui.reduce(.advanced(now: RunInstant(seconds: 2000), oldest: RunInstant(seconds: 1100)), in: run)
    #expect(ui.time == .frozen(RunInstant(seconds: 1100)), "what is no longer kept cannot be shown")
  }

  @Test func `time scale stays in its table`() {
    #expect(after([]).windowSeconds == 120)
    #expect(after(Array(repeating: .zoomTimeIn, count: 9)).windowSeconds == 30)
    #expect(after(Array(repeating: .zoomTimeOut, count: 9)).windowSeconds == 900)
  }

  @Test func `events follow until a row is selected`() {
    let last = run.rows.total - 1
    #expect(after([]).selection[.events] == nil)
    #expect(after([.up]).selection[.events] == last)
    #expect(after([.up, .up]).selection[.events] == last - 1)
    #expect(after([.up, .down]).selection[.events] == nil, "down from the last row follows again")
    #expect(after([.first]).selection[.events] == 0)
    #expect(after([.first, .last]).selection[.events] == nil)
    #expect(after([.up, .back]).selection[.events] == nil)
    #expect(after([.up, .pageUp]).selection[.events] == last - 10)
  }

  @Test func `enter twice on a row goes to its moment`() throws {
    let ui = after([.up, .enter, .enter])
    let row = try #require(run.rows.last)
    #expect(ui.time == .frozen(row.at))
    let breaker = after([.focus4, .down, .enter, .enter])
    let entry = try #require(run.breaker.entries.first)
    #expect(breaker.time == .frozen(entry.at))
  }

  @Test func `copy takes the selected row`() throws {
    var ui = after([.up])
    let row = try #require(run.rows.last)
    #expect(
      ui.reduce(.command(.named("copy")), in: run)
        == [.copy("12:00:57.000 #\(row.number) \(row.severity.rawValue) service \(row.service): \(row.text)")])
    var empty = MonitorState()
    #expect(empty.reduce(.command(.named("copy")), in: RunState()) == [.bell])
  }

  @Test func `filter works while it is typed`() {
    var ui = after([.filter])
    for character in "breaker" { _ = ui.reduce(.type(character), in: run) }
    #expect(ui.filter == "breaker")
    _ = ui.reduce(.erase, in: run)
    #expect(ui.filter == "breake")
    _ = ui.reduce(.submit, in: run)
    #expect(ui.prompt == nil && ui.filter == "breake")
    _ = ui.reduce(.command(.back), in: run)
    #expect(ui.filter.isEmpty)
  }

  @Test func `escape in a prompt drops it`() {
    var ui = after([.filter])
    _ = ui.reduce(.paste("two\nlines"), in: run)
    #expect(ui.prompt?.text == "twolines")
    _ = ui.reduce(.eraseAll, in: run)
    #expect(ui.prompt?.text == "")
    _ = ui.reduce(.command(.back), in: run)
    #expect(ui.prompt == nil && ui.filter.isEmpty)
  }

  @Test func `prompts are bounded`() {
    var ui = after([.mark])
    _ = ui.reduce(.paste(String(repeating: "x", count: 10_000)), in: run)
    _ = ui.reduce(.type("y"), in: run)
    #expect(ui.prompt?.text.count == MonitorState.Prompt.limit)
  }

  @Test func `search finds both ways`() throws {
    var ui = after([.search])
    _ = ui.reduce(.paste("attempt"), in: run)
    _ = ui.reduce(.submit, in: run)
    let first = try #require(ui.selection[.events])
    _ = ui.reduce(.command(.previousMatch), in: run)
    let second = try #require(ui.selection[.events])
    #expect(second < first)
    _ = ui.reduce(.command(.nextMatch), in: run)
    #expect(ui.selection[.events] == first)
    _ = ui.reduce(.command(.nextMatch), in: run)
    #expect(ui.notice?.contains("no later row") == true)
  }

  @Test func `faults are injected or explained`() {
    var ui = after([.faults])
    #expect(ui.overlay == .faults)
    #expect(ui.reduce(.command(.enter), in: run) == [.injectFault(id: "sts-errors")])
    #expect(ui.overlay == .none)
    ui = after([.faults, .down, .down, .down])
    #expect(ui.reduce(.command(.enter), in: run) == [.bell])
    #expect(ui.notice == "not available: the embedded worker lives in this process")
    #expect(after([.faults, .faults]).overlay == .none)
  }

  @Test func `help opens and closes`() {
    #expect(after([.help]).overlay == .help)
    #expect(after([.help, .back]).overlay == .none)
    #expect(after([.help, .enter]).overlay == .none)
  }

  @Test func `a note is an effect`() {
    var ui = after([.mark])
    #expect(ui.reduce(.submit, in: run) == [], "an empty note is none")
    ui = after([.mark])
    _ = ui.reduce(.paste("look here"), in: run)
    #expect(ui.reduce(.submit, in: run) == [.mark("look here")])
  }

  @Test(arguments: [
    (Command.Action.save, MonitorEffect.saveFrame), (.suspend, .suspend), (.redraw, .redraw), (.mouse, .setMouseCapture(false)),
  ]) func `plain effects`(_ command: Command.Action, _ effect: MonitorEffect) {
    var ui = fresh()
    #expect(ui.reduce(.command(command), in: run) == [effect])
  }

  @Test func `quit asks only when it owns a running environment`() {
    var ui = fresh()
    #expect(ui.reduce(.command(.quit), in: run) == [.quit])
    ui = fresh(owns: true)
    #expect(ui.reduce(.command(.quit), in: run) == [])
    #expect(ui.overlay == .confirmQuit)
    #expect(ui.action(for: .char("y")) == .answer(true))
    #expect(ui.action(for: .char("x")) == .answer(false))
    #expect(ui.reduce(.answer(false), in: run) == [])
    #expect(ui.overlay == .none)
    _ = ui.reduce(.command(.quit), in: run)
    #expect(ui.reduce(.answer(true), in: run) == [.quit])
    ui = fresh(owns: true)
    #expect(ui.reduce(.command(.quit), in: RunState()) == [.quit], "nothing runs yet")
    _ = ui.reduce(.feedEnded(reason: "over"), in: run)
    #expect(ui.reduce(.command(.quit), in: run) == [.quit])
  }

  @Test func `small switches`() {
    #expect(after([.theme]).theme == .light)
    #expect(after(Array(repeating: .theme, count: Theme.allCases.count)).theme == .dark)
    #expect(after([.utc]).usesUTC)
    #expect(after([.rawLogs]).showsRawLogs)
    #expect(!after([.rawLogs, .rawLogs]).showsRawLogs)
    #expect(after([.sort]).seriesOrder == .value)
    #expect(after([.sort, .sort, .sort]).seriesOrder == .name)
  }

  @Test func `raw log tabs go around`() {
    let logs = SampleRuns.healthyMediaService().state()
    var ui = MonitorState()
    _ = ui.reduce(.command(.nextTab), in: logs)
    #expect(ui.showsRawLogs && ui.logService == .mediaService)
    _ = ui.reduce(.command(.nextTab), in: logs)
    #expect(ui.logService == .mediaService)
  }

  @Test func `clicks focus, select and move the time`() {
    var ui = fresh()
    _ = ui.reduce(.focus(.metrics), in: run)
    #expect(ui.focus == .metrics)
    _ = ui.reduce(.select(.breaker, item: 0, at: RunInstant(seconds: 29)), in: run)
    #expect(ui.focus == .breaker && ui.selection[.breaker] == 0 && ui.time == .frozen(RunInstant(seconds: 29)))
    _ = ui.reduce(.goTo(RunInstant(seconds: 5)), in: run)
    #expect(ui.time == .frozen(RunInstant(seconds: 5)))
    _ = ui.reduce(.point(.sync, at: RunInstant(seconds: 7)), in: run)
    #expect(ui.time == .frozen(RunInstant(seconds: 7)) && ui.focus == .sync)
    _ = ui.reduce(.scroll(.events, rows: -3), in: run)
    #expect(ui.focus == .events && ui.selection[.events] != nil)
  }

  @Test func `notices stay until the next key`() {
    var ui = fresh()
    _ = ui.reduce(.notice("done"), in: run)
    #expect(ui.notice == "done")
    _ = ui.reduce(.command(.zoom), in: run)
    #expect(ui.notice == nil)
  }
}
