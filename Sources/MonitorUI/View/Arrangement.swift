import TerminalCanvas

/// A screen in strips and columns, made of the places that the panes ask for.
struct Arrangement: Sendable {
  private struct Column: Sendable {
    /// The panes that share it, in their order.
    var panes: [Pane]
    var width: PanePlace.Share
  }

  private let strips: [[Column]]
  private let heights: [PanePlace.Share]
  /// The smallest rectangle in which every pane has what it asks for.
  let least: Size

  /// Every pane beside every other.
  static let large = Arrangement { $0.large }
  /// As ``large``, for more than 200 columns: charts and event list grow, not the padding.
  static let wide = Arrangement { place in
    var slot = place.large
    slot.width = place.wideWidth ?? slot.width
    return slot
  }
  /// Most panes beside each other.
  static let medium = Arrangement { $0.medium }

  private init(_ slot: (PanePlace) -> PanePlace.Slot) {
    var columns: [Int: [Int: Column]] = [:]
    var heights: [Int: PanePlace.Share] = [:]
    for view in Panes.all {
      let slot = slot(view.place)
      var column = columns[slot.strip]?[slot.column] ?? Column(panes: [], width: slot.width)
      column.panes.append(view.pane)
      column.width = column.width.joined(slot.width)
      columns[slot.strip, default: [:]][slot.column] = column
      heights[slot.strip] = heights[slot.strip]?.joined(slot.height) ?? slot.height
    }
    strips = columns.sorted { $0.key < $1.key }.map { strip in strip.value.sorted { $0.key < $1.key }.map(\.value) }
    self.heights = heights.sorted { $0.key < $1.key }.map(\.value)
    least = Size(
      width: strips.map { strip in strip.reduce(0) { $0 + $1.width.least } }.max() ?? 0, height: self.heights.reduce(0) { $0 + $1.least })
  }

  /// Whether every pane has room in a rectangle.
  func fits(_ body: Rect) -> Bool { body.width >= least.width && body.height >= least.height }

  /// Where the panes are in a rectangle, in their order.
  /// - Parameter wanted: rows that panes would fill, frames included; they have them as far as no other pane gets less than it asks for.
  func placements(in body: Rect, focus: Pane, wanted: [Pane: Int] = [:]) -> [ScreenLayout.Placement] {
    var heights = heights
    var slack = max(0, body.height - least.height)
    for (index, strip) in strips.enumerated() {
      let shown = strip.compactMap { $0.panes.contains(focus) ? focus : $0.panes.first }
      guard let rows = shown.compactMap({ wanted[$0] }).max() else { continue }
      let more = min(slack, max(0, min(rows, body.height / 3) - heights[index].least))
      heights[index].least += more
      slack -= more
    }
    let rows = body.splitRows(heights.map(\.constraint))
    let placements = zip(strips, rows).flatMap { strip, row in
      zip(strip, row.splitColumns(strip.map(\.width.constraint))).compactMap { column, rect in
        (column.panes.contains(focus) ? focus : column.panes.first).map { ScreenLayout.Placement(pane: $0, rect: rect) }
      }
    }
    return placements.sorted { $0.pane < $1.pane }
  }
}

extension PanePlace.Share {
  /// What is enough for both.
  fileprivate func joined(_ other: Self) -> Self {
    let most = most.flatMap { own in other.most.map { max(own, $0) } }
    return Self(least: max(least, other.least), weight: max(weight, other.weight), most: most)
  }
}
