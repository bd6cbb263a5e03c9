import TerminalCanvas

/// Where everything is on a screen of a size. Pure; depends on nothing but the size, the focus and the zoom, so that no value can move a pane.
public struct ScreenLayout: Hashable, Sendable {
  /// A pane and its rectangle, frame included.
  public struct Placement: Hashable, Sendable {
    /// The pane.
    public let pane: Pane
    /// Its rectangle.
    public let rect: Rect
  }

  /// The whole screen.
  public let size: Size
  /// The title bar; empty where there is only a plain line.
  public let titleBar: Rect
  /// The line of keys; empty where there is only a plain line.
  public let keyBar: Rect
  /// Panes, in their order.
  public let panes: [Placement]
  /// Set when the screen is too small for a pane: the line that is left.
  public let plainLine: Rect?

  /// The smallest screen that holds a pane.
  public static let smallest = Size(width: 40, height: 10)

  /// Lays out a screen.
  public init(_ size: Size, focus: Pane, isZoomed: Bool = false) {
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
    } else if size.width >= 120, size.height >= 31 {
      panes = Self.large(body)
    } else if size.width >= 80, size.height >= 24 {
      panes = Self.medium(body, focus)
    } else {
      panes = Self.few(body, focus)
    }
  }

  /// The rectangle of a pane; nil when it does not show.
  public func rect(of pane: Pane) -> Rect? { panes.first { $0.pane == pane }?.rect }

  /// The pane at a cell.
  public func pane(at point: Point) -> Pane? { panes.first { $0.rect.contains(point) }?.pane }

  /// Four rows, as on 120 columns and more. What is left goes to the charts and the event list.
  private static func large(_ body: Rect) -> [Placement] {
    let rows = body.splitRows([.flex(min: 9, weight: 2), .flex(min: 10, weight: 2), .flex(min: 6, weight: 4), .flex(min: 4, weight: 0)])
    let isWide = body.width > 200
    let first = rows[0].splitColumns([.flex(min: 42, weight: 1, max: 60), .flex(min: 78, weight: 4)])
    let second = rows[1].splitColumns([.flex(min: 44, weight: 3), .flex(min: 38, weight: 3), .flex(min: 38, weight: 3)])
    let third = rows[2].splitColumns(
      isWide ? [.flex(min: 76, weight: 1, max: 96), .flex(min: 76, weight: 4)] : [.flex(min: 66, weight: 1), .flex(min: 54, weight: 3)])
    return zip(Pane.allCases, [first[0], first[1], second[0], second[1], second[2], third[0], third[1], rows[3]]).map {
      Placement(pane: $0, rect: $1)
    }
  }

  /// Four rows as on 80x24: the last one shows the events, or the verdict when it has the focus.
  private static func medium(_ body: Rect, _ focus: Pane) -> [Placement] {
    let rows = body.splitRows([.flex(min: 6, weight: 1), .flex(min: 6, weight: 1), .flex(min: 6, weight: 1), .flex(min: 4, weight: 3)])
    var placements: [Placement] = []
    for (row, panes) in zip(rows, [(Pane.services, Pane.sync), (.metrics, .breaker), (.backpressure, .reconnection)]) {
      let columns = row.splitColumns([.flex(min: 36, weight: 4), .flex(min: 44, weight: 5)])
      placements.append(Placement(pane: panes.0, rect: columns[0]))
      placements.append(Placement(pane: panes.1, rect: columns[1]))
    }
    placements.append(Placement(pane: focus == .verdict ? .verdict : .events, rect: rows[3]))
    return placements
  }

  /// As many panes as have room, the focused one among them.
  private static func few(_ body: Rect, _ focus: Pane) -> [Placement] {
    let columns = body.width >= 76 ? 2 : 1
    let rows = max(1, body.height / 6)
    let order =
      [focus] + [Pane.services, .breaker, .events, .metrics, .backpressure, .reconnection, .sync, .verdict].filter { $0 != focus }
    let shown = order.prefix(min(columns * rows, Pane.allCases.count)).sorted()
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
}
