import TerminalCanvas

extension Rect {
  /// Whether all cells of `other` are inside; an empty rectangle is inside of everything.
  package func contains(_ other: Rect) -> Bool {
    other.isEmpty || (other.x >= x && other.y >= y && other.maxX <= maxX && other.maxY <= maxY)
  }
}
