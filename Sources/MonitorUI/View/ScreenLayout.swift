import TerminalCanvas

/// Where everything is on a screen of a size. Pure; depends on nothing but the size, the focus, the zoom, and how many rows the list of what
/// is wrong would fill: no other value can move a pane.
package struct ScreenLayout: Hashable, Sendable {
  /// A pane and its rectangle, frame included.
  package struct Placement: Hashable, Sendable {
    /// The pane.
    package let pane: Pane
    /// Its rectangle.
    package let rect: Rect
  }

  /// The whole screen.
  package let size: Size
  /// The title bar; empty where there is only a plain line.
  package let titleBar: Rect
  /// The line of keys; empty where there is only a plain line.
  package let keyBar: Rect
  /// Panes, in their order.
  package let panes: [Placement]
  /// Set when the screen is too small for a pane: the line that is left.
  package let plainLine: Rect?

  /// The smallest screen that holds a pane.
  package static let smallest = Size(width: 40, height: 10)

  /// Lays out a screen.
  /// - Parameter wanted: rows that panes would fill, frames included, where their height goes by what they show.
  package init(_ size: Size, focus: Pane, isZoomed: Bool = false, wanted: [Pane: Int] = [:]) {
    self.size = size
    let whole = Rect(size)
    guard size.width >= Self.smallest.width, size.height >= Self.smallest.height else {
      titleBar = .zero
      keyBar = .zero
      panes = []
      plainLine = whole.row(0)
      return
    }
    plainLine = nil
    titleBar = whole.row(0)
    keyBar = whole.row(size.height - 1)
    let body = whole.inset(top: 1, bottom: 1)
    if isZoomed {
      panes = [Placement(pane: focus, rect: body)]
    } else if Arrangement.large.fits(body) {
      panes = (body.width > 200 ? Arrangement.wide : .large).placements(in: body, focus: focus, wanted: wanted)
    } else if Arrangement.medium.fits(body) {
      panes = Arrangement.medium.placements(in: body, focus: focus, wanted: wanted)
    } else {
      panes = Self.few(body, focus)
    }
  }

  /// The pane at a cell.
  package func pane(at point: Point) -> Pane? { panes.first { $0.rect.contains(point) }?.pane }

  /// As many panes as have room, the focused one among them.
  private static func few(_ body: Rect, _ focus: Pane) -> [Placement] {
    let columns = body.width >= 76 ? 2 : 1
    let rows = max(1, body.height / 6)
    let order = [focus] + byRank.filter { $0 != focus }
    let shown = order.prefix(min(columns * rows, order.count)).sorted()
    let usedRows = (shown.count + columns - 1) / columns
    let strips = body.splitRows(Array(repeating: .flex(min: 3), count: max(1, usedRows)))
    var placements: [Placement] = []
    for (index, strip) in strips.enumerated() {
      let here = Array(shown.dropFirst(index * columns).prefix(columns))
      for (pane, rect) in zip(here, strip.splitColumns(here.map { _ in .flex(min: 1) })) {
        placements.append(Placement(pane: pane, rect: rect))
      }
    }
    return placements
  }

  /// Panes by how much they matter where there is room for few.
  private static let byRank = Panes.all.sorted { $0.place.rank < $1.place.rank }.map { $0.pane }
}
