import TerminalCanvas

/// What the room of a screen is shared out by.
struct LayoutWish: Sendable {
  var focus: Pane
  var demands: [Pane: PaneDemand] = [:]
  var choice = LayoutChoice()
  /// The pane that stands above all others.
  var lead: Pane?
  /// The pane that a story tells of.
  var watched: Pane?

  /// A pane's demand; one that has something to show where nobody says.
  func demand(_ pane: Pane) -> PaneDemand? { demands[pane] }

  /// Whether a pane has nothing to show and need not keep its room for it.
  func isQuiet(_ pane: Pane) -> Bool { demands[pane]?.need == .quiet && pane != focus && !choice.pins(pane) }
}

/// Rows and columns go to what is wrong, then to what has something to say; what has nothing keeps one line.
extension Arrangement {
  /// A strip with the panes that show in it.
  private struct Shown {
    var columns: [(pane: Pane, width: PanePlace.Share)]
    var least: Int
    var wanted: Int
    var weight: Int
    var need: PaneDemand.Need
    var rank: Int
    var isKept: Bool
  }

  /// Columns of a pane with nothing to say, with its frame and the blank before what it says.
  private static let quietWidth = PaneDemand.quietWidth + 3

  /// Where the panes are in a rectangle, in their order.
  func placements(in body: Rect, _ wish: LayoutWish) -> [ScreenLayout.Placement] {
    var shown = leading(wish).compactMap { Self.shown($0, wish, body) }
    // What is asked for least goes where the strips have not even what they need.
    while shown.reduce(0, { $0 + $1.least }) > body.height,
      let weakest = shown.indices.filter({ !shown[$0].isKept }).max(by: {
        (-shown[$0].need.rawValue, shown[$0].rank) < (-shown[$1].need.rawValue, shown[$1].rank)
      })
    { shown.remove(at: weakest) }
    let heights = Self.heights(shown, in: body.height)
    let total = heights.reduce(0, +)
    let weights = shown.allSatisfy { $0.weight == 0 } ? shown.map { _ in 1 } : shown.map(\.weight)
    let rows = body.splitRows(
      zip(heights, weights).map { Constraint.flex(min: $0, weight: total < body.height ? $1 : 0) })
    let placements = zip(shown, rows).flatMap { strip, row in
      zip(strip.columns, row.splitColumns(Self.widths(strip.columns.map(\.width)))).map {
        ScreenLayout.Placement(pane: $0.pane, rect: $1)
      }
    }
    return placements.sorted { $0.pane < $1.pane }
  }

  /// The strips with the one of the leading pane first; a pane that shares its place with others has a strip of its own then.
  private func leading(_ wish: LayoutWish) -> [Strip] {
    guard let lead = wish.lead, let view = Panes[lead] else { return strips }
    var rest = strips
    for index in rest.indices {
      for column in rest[index].columns.indices { rest[index].columns[column].panes.removeAll { $0 == lead } }
      rest[index].columns.removeAll { $0.panes.isEmpty }
    }
    rest.removeAll { $0.columns.isEmpty }
    let slot = view.place.large
    return [Strip(columns: [Column(panes: [lead], width: slot.width)], height: slot.height)] + rest
  }

  private static func shown(_ strip: Strip, _ wish: LayoutWish, _ body: Rect) -> Shown? {
    var columns: [(pane: Pane, width: PanePlace.Share)] = []
    for column in strip.columns {
      let open = column.panes.filter { !wish.choice.hides($0) || $0 == wish.focus }
      guard let pane = open.contains(wish.focus) ? wish.focus : open.first else { continue }
      var width = column.width
      if wish.isQuiet(pane) {
        width = PanePlace.Share(least: min(width.least, quietWidth), weight: 0, most: quietWidth)
      }
      columns.append((pane, width))
    }
    guard !columns.isEmpty else { return nil }
    let panes = columns.map(\.pane)
    let isQuiet = panes.allSatisfy(wish.isQuiet)
    let rows = panes.compactMap { wish.demand($0).map { $0.rows + 2 } }.max()
    let least = isQuiet ? min(strip.height.least, rows ?? 3) : strip.height.least
    // What leads may have half of the screen, a list below a third of it.
    let most = panes.contains(where: { $0 == wish.lead }) ? body.height / 2 : strip.height.weight == 0 ? body.height / 3 : body.height
    let wanted = isQuiet ? least : rows ?? least
    return Shown(
      columns: columns, least: least, wanted: max(least, min(wanted, most)), weight: isQuiet ? 0 : strip.height.weight,
      need: panes.compactMap { wish.demand($0)?.need }.max() ?? .usual,
      rank: panes.compactMap { Panes[$0]?.place.rank }.min() ?? 0,
      isKept: panes.contains { $0 == wish.focus || $0 == wish.lead || wish.choice.pins($0) })
  }

  /// The rows of each strip: what it needs, then what it wants, row by row, the worst first.
  private static func heights(_ strips: [Shown], in total: Int) -> [Int] {
    var heights = strips.map(\.least)
    var slack = total - heights.reduce(0, +)
    for need in PaneDemand.Need.allCases.reversed() {
      while slack > 0 {
        let open = strips.indices.filter { strips[$0].need == need && heights[$0] < strips[$0].wanted }
        // Those that are equally wrong share: the one that has the least of what it wants comes next.
        guard let next = open.min(by: { heights[$0] * strips[$1].wanted < heights[$1] * strips[$0].wanted }) else { break }
        heights[next] += 1
        slack -= 1
      }
    }
    return heights
  }

  /// The columns of a strip; somebody takes what is left.
  private static func widths(_ shares: [PanePlace.Share]) -> [Constraint] {
    var shares = shares
    if let last = shares.indices.last, !shares.contains(where: { $0.weight > 0 && $0.most == nil }) {
      let taker = shares.lastIndex { $0.weight > 0 } ?? last
      shares[taker].weight = max(1, shares[taker].weight)
      shares[taker].most = nil
    }
    return shares.map(\.constraint)
  }
}
