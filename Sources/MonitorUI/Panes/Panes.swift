/// The table of panes: to add one, write its file and put it here.
enum Panes {
  /// Every pane, in the order of the screen; the first has the number 1.
  static let all: [any PaneView.Type] = [
    ServicesPane.self, SyncPane.self, MetricsPane.self, BreakerPane.self, BackpressurePane.self, ReconnectionPane.self, EventsPane.self,
    VerdictPane.self,
  ]

  private static let indices = Dictionary(all.enumerated().map { ($1.pane, $0) }, uniquingKeysWith: { first, _ in first })

  /// The row of a pane; nil for one that is not in the table.
  static subscript(pane: Pane) -> (any PaneView.Type)? { indices[pane].map { all[$0] } }

  /// The pane so many places after another, around the end.
  static func pane(_ step: Int, from pane: Pane) -> Pane {
    let index = ((pane.number - 1 + step) % all.count + all.count) % all.count
    return all[index].pane
  }

  fileprivate static func number(of pane: Pane) -> Int { (indices[pane] ?? 0) + 1 }
}

extension Pane: CaseIterable, Comparable {
  /// Every pane, in the order of the screen.
  package static var allCases: [Pane] { Panes.all.map { $0.pane } }

  /// Its number on the screen, from 1.
  package var number: Int { Panes.number(of: self) }

  /// Orders by number.
  package static func < (left: Pane, right: Pane) -> Bool { left.number < right.number }
}
