/// Everything a key can be bound to. The raw value is the name that a configuration file uses.
public enum MonitorCommand: String, CaseIterable, Codable, Hashable, Sendable {
  case quit
  case help
  case pause
  case timeBack = "time-back"
  case timeForward = "time-forward"
  case timeBackFar = "time-back-far"
  case timeForwardFar = "time-forward-far"
  case live
  case timeStart = "time-start"
  case zoomTimeIn = "scale-finer"
  case zoomTimeOut = "scale-coarser"
  case focusNext = "focus-next"
  case focusPrevious = "focus-previous"
  case focus1 = "focus-1"
  case focus2 = "focus-2"
  case focus3 = "focus-3"
  case focus4 = "focus-4"
  case focus5 = "focus-5"
  case focus6 = "focus-6"
  case focus7 = "focus-7"
  case focus8 = "focus-8"
  case enter
  case zoom
  case back
  case up
  case down
  case pageUp = "page-up"
  case pageDown = "page-down"
  case first
  case last
  case filter
  case search
  case nextMatch = "next-match"
  case previousMatch = "previous-match"
  case faults
  case verdict
  case rawLogs = "raw-logs"
  case nextTab = "next-tab"
  case nextStream = "next-stream"
  case previousStream = "previous-stream"
  case sort
  case mark
  case copy
  case save
  case theme
  case mouse
  case utc
  case suspend
  case redraw

  /// What it does, as the help says it.
  public var summary: String {
    switch self {
    case .quit: "quit; asks first when it owns a running environment"
    case .help: "this list"
    case .pause: "freeze the view, or go on; collection never stops"
    case .timeBack: "back in time"
    case .timeForward: "forward in time"
    case .timeBackFar: "back in time, ten steps"
    case .timeForwardFar: "forward in time, ten steps"
    case .live: "return to live"
    case .timeStart: "the oldest moment that is kept"
    case .zoomTimeIn: "time scale finer"
    case .zoomTimeOut: "time scale coarser"
    case .focusNext: "next pane"
    case .focusPrevious: "previous pane"
    case .focus1, .focus2, .focus3, .focus4, .focus5, .focus6, .focus7, .focus8:
      "pane \(pane?.number ?? 0), \(pane.flatMap { Panes[$0] }?.words ?? "")"
    case .enter: "go to the selected moment; without a selection, zoom"
    case .zoom: "zoom the pane, or back"
    case .back: "back: close, deselect, leave the zoom"
    case .up: "select the row above"
    case .down: "select the row below"
    case .pageUp: "ten rows up"
    case .pageDown: "ten rows down"
    case .first: "first row"
    case .last: "last row; the event list follows again"
    case .filter: "filter rows"
    case .search: "search in rows"
    case .nextMatch: "next match"
    case .previousMatch: "previous match"
    case .faults: "inject a fault"
    case .verdict: "show the verdict, or the events again"
    case .rawLogs: "raw service logs in place of events"
    case .nextTab: "next service of the raw logs"
    case .nextStream: "next stream in pane 2"
    case .previousStream: "previous stream in pane 2"
    case .sort: "sort the series by name, value or rate"
    case .mark: "write a note into the run"
    case .copy: "copy the selected row"
    case .save: "save this frame"
    case .theme: "next theme"
    case .mouse: "mouse on or off; off, the terminal selects text"
    case .utc: "local time or UTC"
    case .suspend: "stop the process; fg continues it"
    case .redraw: "draw everything again"
    }
  }

  /// The pane that it focuses; nil for every other command.
  public var pane: Pane? {
    switch self {
    case .focus1: .services
    case .focus2: .sync
    case .focus3: .metrics
    case .focus4: .breaker
    case .focus5: .backpressure
    case .focus6: .reconnection
    case .focus7: .events
    case .focus8: .verdict
    case .quit, .help, .pause, .timeBack, .timeForward, .timeBackFar, .timeForwardFar, .live, .timeStart, .zoomTimeIn, .zoomTimeOut,
      .focusNext, .focusPrevious, .enter, .zoom, .back, .up, .down, .pageUp, .pageDown, .first, .last, .filter, .search, .nextMatch,
      .previousMatch, .faults, .verdict, .rawLogs, .nextTab, .nextStream, .previousStream, .sort, .mark, .copy, .save, .theme, .mouse, .utc,
      .suspend,
      .redraw:
      nil
    }
  }
}
