import TerminalCanvas
import WireFormats

extension Canvas {
  /// Replaces every character that the terminal's glyphs do not have by the nearest one that is ASCII. Columns stay as they are.
  mutating func limit(to glyphs: GlyphSet) {
    guard glyphs != .unicode else { return }
    for y in 0..<size.height {
      for x in 0..<size.width {
        let cell = self[x, y]
        guard !cell.isContinuation, let scalar = Unicode.Scalar(cell.base), !glyphs.has(scalar) || cell.marks != 0 else { continue }
        self[x, y] = Cell(glyphs.has(scalar) ? Character(scalar) : ASCIIText.approximation(of: scalar), style: cell.style)
      }
    }
  }
}
