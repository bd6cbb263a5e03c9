import Events

/// One thing that can be selected in a pane.
struct PaneItem {
  /// Its number in the selection.
  var id: Int
  /// When it occurred; nil where it has no moment.
  var instant: RunInstant?
  /// What is copied and searched; not escaped.
  var text: String
}

/// What can be selected in a pane, in the order it is shown.
struct ItemList {
  let items: [PaneItem]

  /// The selected item; the next one where it is gone, nil without a selection.
  func selected(_ id: Int?) -> PaneItem? {
    guard let id else { return nil }
    return position(id).map { items[$0] } ?? items.last
  }

  /// Where an item stands; the one with the next number where it is gone, nil when there is none.
  func position(_ id: Int) -> Int? { Self.nearest(id, items.lazy.map(\.id)) }

  /// Where a number stands in a list that need not be in order, else the smallest number above it; nil when there is none.
  static func nearest(_ wanted: Int, _ numbers: some Sequence<Int>) -> Int? {
    var best: (position: Int, number: Int)?
    for (position, number) in numbers.enumerated() {
      if number == wanted { return position }
      if number > wanted, number < best?.number ?? .max { best = (position, number) }
    }
    return best?.position
  }
}
