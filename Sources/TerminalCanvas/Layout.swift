/// How much of a row or column of rectangles one part takes.
package enum Constraint: Hashable, Sendable {
  /// Exactly so many cells, as long as there is room.
  case fixed(Int)
  /// At least `min` cells as long as there is room, then a share of the rest by weight, at most `max`.
  case flex(min: Int = 0, weight: Int = 1, max: Int? = nil)
}

extension Rect {
  /// Stacks parts from top to bottom: one rectangle for each constraint, inside of this one, without overlap. Parts for which there is no
  /// room are empty.
  package func splitRows(_ constraints: [Constraint], spacing: Int = 0) -> [Rect] {
    var top = y
    return Self.lengths(of: constraints, in: height, spacing: spacing).map { length in
      defer { top += length.size + length.gap }
      return Rect(x: x, y: min(top, maxY), width: width, height: length.size)
    }
  }

  /// Puts parts side by side from left to right, as ``splitRows(_:spacing:)`` does from top to bottom.
  package func splitColumns(_ constraints: [Constraint], spacing: Int = 0) -> [Rect] {
    var left = x
    return Self.lengths(of: constraints, in: width, spacing: spacing).map { length in
      defer { left += length.size + length.gap }
      return Rect(x: min(left, maxX), y: y, width: length.size, height: height)
    }
  }

  private struct Length {
    var size: Int
    var gap: Int
  }

  /// Minimums first, in order, while there is room; then the rest by weight, cell by cell for what does not divide evenly.
  private static func lengths(of constraints: [Constraint], in total: Int, spacing: Int) -> [Length] {
    let spacing = max(0, spacing)
    var remaining = total
    var lengths = constraints.enumerated().map { index, constraint in
      let wanted: Int
      switch constraint {
      case .fixed(let cells): wanted = max(0, cells)
      case .flex(let min, _, let max): wanted = Swift.max(0, Swift.min(min, max ?? min))
      }
      let size = min(wanted, remaining)
      remaining -= size
      let gap = index + 1 < constraints.count ? min(spacing, remaining) : 0
      remaining -= gap
      return Length(size: size, gap: gap)
    }
    // Each round either spends all of what remains or closes a part that reached its maximum.
    var open = constraints.indices.filter { index in if case .flex(_, let weight, _) = constraints[index] { weight > 0 } else { false } }
    while remaining > 0, !open.isEmpty {
      let weights = open.map { index in if case .flex(_, let weight, _) = constraints[index] { min(weight, 1 << 20) } else { 0 } }
      let sum = weights.reduce(0, +)
      let pool = remaining
      var extra = weights.map { pool * $0 / sum }
      var leftover = pool - extra.reduce(0, +)
      for slot in extra.indices where leftover > 0 {
        extra[slot] += 1
        leftover -= 1
      }
      var stillOpen: [Int] = []
      for (slot, index) in open.enumerated() {
        var room = extra[slot]
        if case .flex(_, _, .some(let most)) = constraints[index] { room = min(room, max(0, most - lengths[index].size)) }
        lengths[index].size += room
        remaining -= room
        if room == extra[slot] { stillOpen.append(index) }
      }
      if stillOpen.count == open.count { break }
      open = stillOpen
    }
    return lengths
  }
}
