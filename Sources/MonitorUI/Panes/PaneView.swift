import Events
import RunModel
import TerminalCanvas

/// What a pane is: its place, its words, what can be selected in it, and how it is drawn. All of it is a function of the run and of what the
/// user looks at; nothing is kept but through ``keep(_:_:)``.
protocol PaneView: SendableMetatype {
  /// Its name as a value.
  static var pane: Pane { get }
  /// Its name in words, as title and help say it.
  static var words: String { get }
  /// Where it stands.
  static var place: PanePlace { get }
  /// Whether its list shows its end, and goes on with it, as long as nothing is selected.
  static var follows: Bool { get }

  /// Whether what it shows is of one worker, or of one of its streams; by default not.
  static var isOfWorker: Bool { get }

  /// What its frame says in a rectangle; by default ``words``.
  static func title(_ scene: Scene, _ rect: Rect) -> String
  /// What stands at the right of the title; by default nothing.
  static func note(_ scene: Scene) -> String
  /// What can be selected, searched and copied, in the order it is shown.
  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem]
  /// Whether the filter is one of its rows; by default not.
  static func filters(_ ui: MonitorState) -> Bool
  /// An item as it is copied; by default its moment, where it has one, and its text.
  static func copied(_ item: PaneItem, _ run: RunState, _ ui: MonitorState) -> String
  /// An item opened whole; by default what its row says, and what happened around it.
  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail?
  /// Called after every action: keeps in ``MonitorState/kept`` what would cost too much to work out for every frame. By default nothing.
  static func keep(_ ui: inout MonitorState, _ run: RunState)
  /// When what it is about last changed its state; nil where it never did, and by default. A function of the run alone, so that a replayed
  /// frame equals the live one.
  static func changedAt(_ run: RunState) -> RunInstant?
  /// How much it has to say now, in so many columns. It changes only where a state does: by it the layout moves.
  static func demand(_ scene: Scene, width: Int) -> PaneDemand
  /// Draws it into a rectangle that is not empty, without its frame.
  static func draw(_ p: inout Painter, _ rect: Rect)
}

extension PaneView {
  static var follows: Bool { false }
  static var isOfWorker: Bool { false }
  static func title(_ scene: Scene, _ rect: Rect) -> String { words }
  static func note(_ scene: Scene) -> String { "" }
  static func filters(_ ui: MonitorState) -> Bool { false }
  static func copied(_ item: PaneItem, _ run: RunState, _ ui: MonitorState) -> String {
    (item.instant.map { run.clock($0, isUTC: ui.usesUTC, digits: 3) + " " } ?? "") + item.text
  }
  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    var detail = RowDetail("\(words.lowercased())", at: item.instant)
    detail.add("what", item.text)
    if let instant = item.instant { detail.add(time: instant, scene) }
    return detail
  }
  static func keep(_ ui: inout MonitorState, _ run: RunState) {}
  static func changedAt(_ run: RunState) -> RunInstant? { nil }

  /// Whether it has the whole screen.
  static func isZoomed(_ ui: MonitorState) -> Bool { ui.isZoomed && ui.focus == pane }

  /// The selected item while it has the focus: only then it shows.
  static func selection(_ ui: MonitorState) -> Int? { ui.focus == pane ? ui.selection[pane] : nil }
}

extension MonitorState {
  /// What can be selected in a pane.
  func list(of pane: Pane, _ run: RunState) -> ItemList { ItemList(items: Panes[pane]?.items(run, self) ?? []) }

  /// The selected item of the focused pane; nil where none is selected, or it is there no more.
  func selectedItem(_ run: RunState) -> PaneItem? {
    selection[focus].flatMap { id in list(of: focus, run).items.first { $0.id == id } }
  }
}
