import TerminalCanvas

extension Canvas {
  /// Replaces every character that is not ASCII by the nearest one that is, for terminals without Unicode. Columns stay as they are.
  mutating func makeASCII() {
    for y in 0..<size.height {
      for x in 0..<size.width {
        let cell = self[x, y]
        guard !cell.isContinuation, let scalar = cell.scalars.first, scalar.value > 0x7E else { continue }
        self[x, y] = Cell(GlyphSet.asciiApproximation(of: scalar), style: cell.style)
      }
    }
  }
}
