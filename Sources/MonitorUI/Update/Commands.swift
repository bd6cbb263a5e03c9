import TerminalCanvas

/// The table of commands: to add one, put a row here; where it does something new, a case of ``Command/Action`` and what the reducer does
/// with it.
package enum Commands {
  /// Every command, in the order of the help.
  package static let all: [Command] = program + time + panes + rows + contents + output + terminal

  private static let program: [Command] = [
    Command(
      "quit", .program, keys: [.char("q"), .ctrl("c")], "quit; asks first when it owns a running environment", .quit,
      hint: .init(12, "quit", priority: 10)),
    Command("help", .program, keys: [.char("?"), .function(1)], "this list", .toggle(.help), hint: .init(11, "help", priority: 9)),
    Command(
      "palette", .program, keys: [.char(":")], "every command by its words", .palette,
      hint: .init(15, "commands", priority: 3)),
  ]

  private static let time: [Command] = [
    Command(
      "pause", .time, keys: [.char(" ")], "freeze the view, or go on; collection never stops", .pause,
      hint: .init(1, "pause", whilePaused: "live", priority: 8)),
    Command("time-back", .time, keys: [.left, .char("h")], "back in time", .time(steps: -1), hint: .init(2, "time", priority: 7)),
    Command("time-forward", .time, keys: [.right, .char("l")], "forward in time", .time(steps: 1), hint: .init(2, "time", priority: 7)),
    Command("time-back-far", .time, keys: [.char("H"), .char("<")], "back in time, ten steps", .time(steps: -10)),
    Command("time-forward-far", .time, keys: [.char("L"), .char(">")], "forward in time, ten steps", .time(steps: 10)),
    Command("live", .time, keys: [.end], "return to live", .live),
    Command("time-start", .time, keys: [.home], "the oldest moment that is kept", .oldest),
    Command("scale-finer", .time, keys: [.char("+"), .char("=")], "time scale finer", .scale(-1)),
    Command("scale-coarser", .time, keys: [.char("-")], "time scale coarser", .scale(1)),
  ]

  private static let panes: [Command] =
    [
      Command("focus-next", .panes, keys: [.tab], "next pane", .cycle(1), hint: .init(3, "focus", priority: 6)),
      Command("focus-previous", .panes, keys: [.backTab], "previous pane", .cycle(-1)),
    ] + Panes.all.map(focus) + [
      Command(
        "enter", .panes, keys: [.enter], "open the selected row whole, again: go to its time; without one, zoom", .enter,
        hint: .init(4, "open", priority: 5)),
      Command("zoom", .panes, keys: [.char("z")], "zoom the pane, or back", .zoom),
      Command(
        "preset", .panes, keys: [.char("p")], "next layout: overview, triage, sync, logs", .preset(1),
        hint: .init(13, "layout", priority: 1)),
      Command("hide-pane", .panes, keys: [.char("x")], "hide the focused pane", .hidePane),
      Command("pin-pane", .panes, keys: [.char("P")], "let the focused pane keep its room, or no more", .pinPane),
      Command("show-panes", .panes, keys: [.char("X")], "show all panes, none of them pinned", .showPanes),
      Command("back", .panes, keys: [.escape], "back: close, deselect, leave the zoom", .back),
    ]

  /// The number of a pane is its key, as far as there are digits.
  private static func focus(_ view: any PaneView.Type) -> Command {
    let number = view.pane.number
    let keys: [Key] = (1...9).contains(number) ? [.char(Character("\(number)"))] : []
    return Command("focus-\(number)", .panes, keys: keys, "pane \(number), \(view.words)", .focus(view.pane))
  }

  private static let rows: [Command] = [
    Command("up", .rows, keys: [.up, .char("k")], "select the row above", .move(rows: -1)),
    Command("down", .rows, keys: [.down, .char("j")], "select the row below", .move(rows: 1)),
    Command("page-up", .rows, keys: [.pageUp, .ctrl("b")], "ten rows up", .move(rows: -10)),
    Command("page-down", .rows, keys: [.pageDown, .ctrl("f")], "ten rows down", .move(rows: 10)),
    Command("first", .rows, keys: [.char("g")], "first row", .first),
    Command("last", .rows, keys: [.char("G")], "last row; the event list follows again", .last),
    Command(
      "filter", .rows, keys: [.char("/")], "filter rows: text, and !text for what must not be there", .ask(.filter),
      hint: .init(5, "filter", priority: 5, when: .filters)),
    Command("search", .rows, keys: [.ctrl("s")], "search in rows, by the same words", .ask(.search)),
    Command("next-match", .rows, keys: [.char("n")], "next match", .match(1)),
    Command("previous-match", .rows, keys: [.char("N")], "previous match", .match(-1)),
    Command(
      "next-problem", .rows, keys: [.char("e")], "next event that is a warning or worse; of a recording the next violation", .problem(1),
      hint: .init(14, "problem", priority: 2, when: .events)),
    Command("previous-problem", .rows, keys: [.char("E")], "the problem, or the violation, before", .problem(-1)),
    Command(
      "severity", .rows, keys: [.char("!")], "events: all, no routine, warnings and worse, only bad", .gravity,
      hint: .init(16, "grave only", priority: 2, when: .events)),
  ]

  private static let contents: [Command] = [
    Command(
      "faults", .contents, keys: [.char("f")], "inject a fault", .toggle(.faults), hint: .init(6, "fault", priority: 4, when: .faults)),
    Command(
      "verdict", .contents, keys: [.char("v")], "show the verdict, or the events again", .alternate(.verdict),
      hint: .init(8, "verdict", priority: 1)),
    Command(
      "raw-logs", .contents, keys: [.char("r")], "raw service logs in place of events", .rawLogs,
      hint: .init(7, "logs", priority: 2, when: .events)),
    Command(
      "wrap", .contents, keys: [.char("w")], "long events and log lines go on in the next line, or are cut", .wrap,
      hint: .init(21, "wrap", priority: 2, when: .events)),
    Command("text-left", .contents, keys: [.char(".")], "scroll long events and log lines to the left", .sideways(16)),
    Command("text-right", .contents, keys: [.char(",")], "scroll them back to the right", .sideways(-16)),
    Command(
      "next-tab", .contents, keys: [.char("R")], "next service of the raw logs", .nextLog,
      hint: .init(17, "service", priority: 4, when: .rawLogs)),
    Command(
      "next-stream", .contents, keys: [.char("S"), .char("]")], "next stream in pane \(Pane.sync.number)", .stream(1),
      hint: .init(18, "stream", priority: 4, when: .streams)),
    Command("previous-stream", .contents, keys: [.char("[")], "previous stream in pane \(Pane.sync.number)", .stream(-1)),
    Command(
      "next-worker", .contents, keys: [.char("i")], "next worker, or next of its streams, in panes 2 to 6", .worker(1),
      hint: .init(19, "worker", priority: 4, when: .workers)),
    Command("previous-worker", .contents, keys: [.char("I")], "previous worker or stream", .worker(-1)),
    Command(
      "sort", .contents, keys: [.char("o")], "sort the series by name, value or rate", .sort,
      hint: .init(20, "sort", priority: 4, when: .series)),
  ]

  private static let output: [Command] = [
    Command("mark", .output, keys: [.char("m")], "write a note into the run", .ask(.mark), hint: .init(9, "mark", priority: 2)),
    Command("copy", .output, keys: [.char("y")], "copy the selected row with its time", .copy(rows: 1)),
    Command("copy-many", .output, keys: [.char("Y")], "copy the twenty rows up to the selected one", .copy(rows: 20)),
    Command("save", .output, keys: [.char("s")], "save this frame", .save, hint: .init(10, "screenshot", priority: 1)),
  ]

  private static let terminal: [Command] = [
    Command("theme", .terminal, keys: [.char("t")], "next theme", .theme),
    Command("mouse", .terminal, keys: [.char("M")], "mouse on or off; off, the terminal selects text", .mouse),
    Command("utc", .terminal, keys: [.char("u")], "local time or UTC", .utc),
    Command("suspend", .terminal, keys: [.ctrl("z")], "stop the process; fg continues it", .suspend),
    Command("redraw", .terminal, keys: [.ctrl("l")], "draw everything again", .redraw),
  ]
}

extension KeyBindings {
  /// The bindings as they are without a configuration.
  package static let standard = KeyBindings(Commands.all)
}

extension MonitorState {
  /// A screen at its start: live, with the event list in focus.
  /// - Parameter followsGround: whether the theme goes by what the terminal draws on, once that is known.
  package init(
    theme: Theme = .dark, followsGround: Bool = false, bindings: KeyBindings = .standard, ownsEnvironment: Bool = false,
    isReplay: Bool = false, transport: Transport? = nil
  ) {
    self.init(
      focus: .events, theme: theme, followsGround: followsGround, bindings: bindings, ownsEnvironment: ownsEnvironment, isReplay: isReplay)
    self.transport = transport
  }
}
