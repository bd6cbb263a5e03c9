import TerminalCanvas

/// Where everything is on a screen of a size. Pure; depends on nothing but the size, the focus, the zoom, what the user chose, and how much
/// each pane has to say: no other value can move a pane.
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
  /// Below the title bar, where a run tells a story; empty else.
  package let storyBar: Rect
  /// The line of keys; empty where there is only a plain line.
  package let keyBar: Rect
  /// Panes, in their order.
  package let panes: [Placement]
  /// Set when the screen is too small for a pane: the line that is left.
  package let plainLine: Rect?

  /// The smallest screen that holds a pane.
  package static let smallest = Size(width: 40, height: 10)

  /// Lays out a screen.
  /// - Parameters:
  ///   - demands: how much each pane has to say; one that is not named has something to show.
  ///   - choice: what the user chose.
  ///   - lead: the pane that stands above all others; nil for the places that the panes ask for.
  ///   - watched: the pane that a story tells of; it shows where few do.
  ///   - storyRows: lines below the title bar.
  package init(
    _ size: Size, focus: Pane, isZoomed: Bool = false, demands: [Pane: PaneDemand] = [:], choice: LayoutChoice = LayoutChoice(),
    lead: Pane? = nil, watched: Pane? = nil, storyRows: Int = 0
  ) {
    self.size = size
    let whole = Rect(size)
    guard size.width >= Self.smallest.width, size.height >= Self.smallest.height else {
      titleBar = .zero
      storyBar = .zero
      keyBar = .zero
      panes = []
      plainLine = whole.row(0)
      return
    }
    plainLine = nil
    titleBar = whole.row(0)
    storyBar = Rect(x: 0, y: 1, width: size.width, height: storyRows)
    keyBar = whole.row(size.height - 1)
    let body = whole.inset(top: 1 + storyRows, bottom: 1)
    var wish = LayoutWish(focus: focus, demands: demands, choice: choice, lead: choice.hides(lead ?? focus) ? nil : lead)
    wish.watched = watched
    let preset = ScreenPreset.named(choice.preset)
    if isZoomed {
      panes = [Placement(pane: focus, rect: body)]
    } else if !preset.rows.isEmpty, case let arrangement = Arrangement(rows: preset.rows, focus: focus), arrangement.fits(body) {
      var wish = wish
      wish.lead = nil
      panes = arrangement.placements(in: body, wish)
    } else if Arrangement.large.fits(body) {
      panes = (body.width > 200 ? Arrangement.wide : .large).placements(in: body, wish)
    } else if Arrangement.medium.fits(body) {
      panes = Arrangement.medium.placements(in: body, wish)
    } else {
      panes = Self.few(body, wish, preset)
    }
  }

  /// The pane at a cell.
  package func pane(at point: Point) -> Pane? { panes.first { $0.rect.contains(point) }?.pane }

  /// As many panes as have room, the focused one among them: then what leads, what is pinned, what the preset is about, what is wrong.
  private static func few(_ body: Rect, _ wish: LayoutWish, _ preset: ScreenPreset) -> [Placement] {
    let columns = body.width >= 76 ? 2 : 1
    let rows = max(1, body.height / 6)
    let first = Array(preset.rows.joined())
    func order(_ pane: Pane) -> (Int, Int) {
      let place = Panes[pane]?.place.rank ?? 0
      if pane == wish.focus { return (0, 0) }
      if pane == wish.lead { return (1, 0) }
      if pane == wish.watched { return (1, 1) }
      if wish.choice.pins(pane) { return (2, place) }
      if let index = first.firstIndex(of: pane) { return (3, index) }
      return (4 + PaneDemand.Need.wrong.rawValue - (wish.demand(pane)?.need ?? .usual).rawValue, place)
    }
    let open = Panes.all.map { $0.pane }.filter { !wish.choice.hides($0) || $0 == wish.focus }
    let shown = open.sorted { order($0) < order($1) }.prefix(columns * rows).sorted()
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
