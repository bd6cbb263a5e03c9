import TerminalCanvas

/// A screen in strips and columns: made of the places that the panes ask for, or of the rows of a preset.
struct Arrangement: Sendable {
  /// The panes that share a place of a strip, in their order.
  struct Column: Sendable {
    var panes: [Pane]
    var width: PanePlace.Share
  }

  /// Columns side by side.
  struct Strip: Sendable {
    var columns: [Column]
    var height: PanePlace.Share
  }

  let strips: [Strip]
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

  /// The places that the panes ask for.
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
    self.init(
      columns.sorted { $0.key < $1.key }.map { key, strip in
        Strip(columns: strip.sorted { $0.key < $1.key }.map(\.value), height: heights[key] ?? PanePlace.Share(least: 3))
      })
  }

  /// The rows of a preset; a pane in focus that is in none of them stands beside the last one.
  init(rows: [[Pane]], focus: Pane) {
    var rows = rows
    if !rows.joined().contains(focus) {
      if (rows.last?.count ?? 0) < 2 { rows[rows.count - 1].append(focus) } else { rows[rows.count - 1][1] = focus }
    }
    self.init(
      rows.map { row in
        let views = row.compactMap { Panes[$0] }
        // The first row is what the preset is about.
        let weight = row == rows.first ? 3 : 2
        let height = views.map { $0.place.medium.height.least }.max() ?? 3
        return Strip(
          columns: views.map { view in
            let width = view.place.medium.width
            return Column(panes: [view.pane], width: PanePlace.Share(least: min(36, width.least), weight: max(1, width.weight)))
          }, height: PanePlace.Share(least: height, weight: weight))
      })
  }

  private init(_ strips: [Strip]) {
    self.strips = strips
    least = Size(
      width: strips.map { strip in strip.columns.reduce(0) { $0 + $1.width.least } }.max() ?? 0,
      height: strips.reduce(0) { $0 + $1.height.least })
  }

  /// Whether every pane has room in a rectangle.
  func fits(_ body: Rect) -> Bool { body.width >= least.width && body.height >= least.height }
}

extension PanePlace.Share {
  /// What is enough for both.
  fileprivate func joined(_ other: Self) -> Self {
    let most = most.flatMap { own in other.most.map { max(own, $0) } }
    return Self(least: max(least, other.least), weight: max(weight, other.weight), most: most)
  }
}
