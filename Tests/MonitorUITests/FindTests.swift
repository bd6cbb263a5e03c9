import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// What finds rows, and what takes them away: filters, searches, problems, copies.
@Suite struct FindTests {
  let run = SampleRuns.everything().state()

  private func after(_ commands: [Command.Action], typing text: String = "", submit: Bool = false) -> MonitorState {
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    for command in commands { _ = ui.reduce(.command(command), in: run) }
    if !text.isEmpty { _ = ui.reduce(.paste(text), in: run) }
    if submit { _ = ui.reduce(.submit, in: run) }
    return ui
  }

  private func text(_ ui: MonitorState, _ run: RunState? = nil) -> String {
    MonitorView.render(run: run ?? self.run, ui: ui, size: Size(width: 160, height: 48)).rows().joined(separator: "\n")
  }

  /// Everything that can be selected, as it is copied.
  private func copies(_ ui: MonitorState) -> [String] {
    var ui = ui
    _ = ui.reduce(.command(.first), in: run)
    var found: [String] = []
    while ui.selection[.events] != nil, found.count < 1000 {
      guard case .copy(let line)? = ui.reduce(.command(.named("copy")), in: run).first else { break }
      found.append(line)
      _ = ui.reduce(.command(.down), in: run)
    }
    return found
  }

  @Test(
    arguments: [
      ("attempt", ["attempt 1", "attempt 2", "attempt 3"]), ("attempt !failed", ["attempt 3"]),
      ("ATTEMPT !Connected", ["attempt 1", "attempt 2"]),
      ("attempt !failed !connected", []), ("reconnect !attempt !session", ["connection to"]),
      ("(circuit_open", ["fallback 6 (circuit_open)"]),
      ("attempt !", ["attempt 1", "attempt 2", "attempt 3"]),
    ] as [(String, [String])]) func `a filter is text, and what must not be there`(_ filter: String, _ expected: [String])
  {
    let found = copies(after([.focus7, .filter], typing: filter, submit: true))
    #expect(found.count == expected.count, "\(found)")
    for (line, words) in zip(found, expected) { #expect(line.contains(words)) }
  }

  @Test func `an exclusion alone leaves all else`() {
    let all = copies(after([.focus7]))
    let left = copies(after([.focus7, .filter], typing: "!attempt", submit: true))
    #expect(left == all.filter { !$0.contains("attempt") } && left.count == all.count - 3)
  }

  @Test func `hits are counted while they are typed, and stand beside the filter`() {
    #expect(text(after([.focus7, .filter], typing: "attempt")).contains("filter: attempt   3 found"))
    #expect(text(after([.focus7, .search], typing: "attempt !failed")).contains("1 found"))
    #expect(text(after([.focus7, .filter], typing: "attempt", submit: true)).contains("filter \"attempt\" 3 of \(run.rows.count)"))
    #expect(!text(after([.mark], typing: "attempt")).contains("found"))
  }

  @Test func `a search says which hit of how many it is at`() {
    var ui = after([.focus7, .search], typing: "attempt", submit: true)
    #expect(ui.notice == "hit 3 of 3")
    _ = ui.reduce(.command(.previousMatch), in: run)
    #expect(ui.notice == "hit 2 of 3")
    for _ in 0..<2 { _ = ui.reduce(.command(.previousMatch), in: run) }
    #expect(ui.notice == "no earlier row contains \"attempt\"; rows that do: 3")
  }

  @Test func `escape gives back the filter that was there`() {
    var ui = after([.focus7, .filter], typing: "attempt", submit: true)
    _ = ui.reduce(.command(.filter), in: run)
    _ = ui.reduce(.paste("xyz"), in: run)
    #expect(ui.filter == "attemptxyz")
    _ = ui.reduce(.command(.back), in: run)
    #expect(ui.filter == "attempt" && ui.prompt == nil)
  }

  /// What is typed changes something that shows.
  @Test func `a pane that filters nothing hands the filter to the events`() {
    #expect(after([.focus4, .filter]).focus == .events)
    #expect(after([.focus3, .filter]).focus == .events)
    #expect(after([.focus3, .zoom, .filter]).focus == .metrics)
  }

  @Test func `problems are gone through both ways`() {
    let bad = run.rows.filter { $0.severity == .warning || $0.severity == .bad }
    var ui = after([.focus1, .rawLogs, .named("next-problem")])
    #expect(ui.focus == .events && !ui.showsRawLogs && ui.selection[.events] == bad.last?.serial)
    #expect(ui.notice == "problem \(bad.count) of \(bad.count)")
    _ = ui.reduce(.command(.named("previous-problem")), in: run)
    #expect(ui.selection[.events] == bad[bad.count - 2].serial)
    for _ in 0..<2 { _ = ui.reduce(.command(.named("next-problem")), in: run) }
    #expect(ui.notice == "no later problem of \(bad.count)" && ui.selection[.events] == bad.last?.serial)
    for _ in 0...bad.count { _ = ui.reduce(.command(.named("previous-problem")), in: run) }
    #expect(ui.notice == "no earlier problem of \(bad.count)" && ui.selection[.events] == bad.first?.serial)
    var calm = MonitorState()
    _ = calm.reduce(.command(.named("next-problem")), in: SampleRuns.healthyMediaService().state())
    #expect(calm.notice == "no event that shows is a warning or worse" && calm.selection[.events] == nil)
  }

  @Test func `events are filtered by how grave they are, and the pane says so`() {
    var ui = after([.focus1])
    for step in GravityFilter.all.dropFirst() + [.none] {
      _ = ui.reduce(.command(.named("severity")), in: run)
      #expect(ui.gravity == step && ui.focus == .events)
      #expect(ui.notice == "shown: \(step.words)")
      let shown = copies(ui).count
      let expected = run.rows.count { row in
        switch step.least {
        case .routine: true
        case .info, .good: row.severity != .routine
        case .warning: row.severity == .warning || row.severity == .bad
        case .bad: row.severity == .bad
        }
      }
      #expect(shown == expected && expected > 0, "\(step.words)")
      #expect(text(ui).contains(" \(step.words) ━") == (step != .none))
    }
    // Escape brings back all.
    ui = after([.named("severity"), .back])
    #expect(ui.gravity == .none)
    let calm = SampleRuns.healthyMediaService().state()
    let empty = after(Array(repeating: .named("severity"), count: 3))
    #expect(text(empty, calm).contains("no such event; shown: only what is bad, ! for others"))
  }

  @Test func `a row is copied with its time, and twenty go together`() {
    let all = copies(after([.focus7]))
    #expect(all.allSatisfy { $0.hasPrefix("12:0") && $0.contains(" #") })
    var ui = after([.focus7])
    #expect(ui.reduce(.command(.named("copy-many")), in: run) == [.copy(all.suffix(20).joined(separator: "\n"))])
    _ = ui.reduce(.command(.first), in: run)
    _ = ui.reduce(.command(.down), in: run)
    #expect(ui.reduce(.command(.named("copy-many")), in: run) == [.copy(all.prefix(2).joined(separator: "\n"))])
    ui = after([.focus3, .down])
    #expect(ui.reduce(.command(.named("copy")), in: run) == [.copy("12:01:00.000 fragments sent: 10 +10.2/min")])
    let logs = SampleRuns.healthyMediaService().state()
    ui = MonitorState()
    for command in [Command.Action.rawLogs, .up] { _ = ui.reduce(.command(command), in: logs) }
    guard case .copy(let line)? = ui.reduce(.command(.named("copy")), in: logs).first else {
      Issue.record("no line is copied")
      return
    }
    #expect(line.hasPrefix("12:00:") && line.contains(" media-service: ") && line.hasSuffix("Segment ready"))
  }

  /// Every key that changes what shows says what it did.
  @Test(
    arguments: [
      (["scale-finer"], "time axes show 60 s"), (["scale-coarser"], "time axes show 5 min"),
      (Array(repeating: "scale-finer", count: 9), "time axes show 30 s, the finest there is"),
      (Array(repeating: "scale-coarser", count: 9), "time axes show 15 min, the coarsest there is"),
      (["raw-logs"], "raw logs, R for the next service"), (["raw-logs", "raw-logs"], "events"), (["utc"], "times are UTC"),
      (["utc", "utc"], "times are local"), (["sort"], "all series by value: pane 3 shows them when it is zoomed"),
      (["focus-3", "zoom", "sort"], "all series by value"), (["next-tab"], "no service's log is followed"), (["theme"], "theme light"),
      (["wrap"], "long lines go on in the next row"), (["next-stream"], "no stream is probed"),
    ] as [([String], String)]) func `a key says what it did`(_ keys: [String], _ notice: String)
  {
    #expect(after(keys.map { .named($0) }).notice == notice)
  }
}
