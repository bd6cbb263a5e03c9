/// n of m boxes: `■■■□□`.
package struct BoxGauge: Hashable, Sendable {
  /// Filled boxes; clamped to 0...total.
  package var filled: Int
  /// All boxes.
  package var total: Int
  /// Style of filled boxes.
  package var filledStyle: Style
  /// Style of empty boxes.
  package var emptyStyle: Style
  /// Characters.
  package var glyphs: GlyphSet

  /// Makes a gauge.
  package init(filled: Int, total: Int, filledStyle: Style = .plain, emptyStyle: Style = .plain, glyphs: GlyphSet = .unicode) {
    self.filled = filled
    self.total = total
    self.filledStyle = filledStyle
    self.emptyStyle = emptyStyle
    self.glyphs = glyphs
  }

  /// The boxes; when `total` is more than `width`, scaled so that no box shows as filled for 0 and all do only for `total`.
  package func spans(width: Int) -> [Span] {
    let total = max(0, total)
    let boxes = min(total, max(0, width))
    let filled = min(max(0, self.filled), total)
    var shown = filled
    if boxes < total, total > 0 {
      shown = Int((Double(filled) / Double(total) * Double(boxes)).rounded(.down))
      if filled > 0, boxes > 1 { shown = max(1, shown) }
    }
    return [
      Span(String(repeating: glyphs.filledBox, count: shown), filledStyle),
      Span(String(repeating: glyphs.emptyBox, count: boxes - shown), emptyStyle),
    ]
  }
}

enum Blocks {
  /// A block that fills so many eighths of a cell from the left; `nil` for none.
  static func left(eighths: Int, _ glyphs: GlyphSet) -> Character? {
    guard eighths > 0 else { return nil }
    if glyphs != .unicode { return eighths >= 4 ? glyphs.block : nil }
    return Array("▏▎▍▌▋▊▉█")[min(eighths, 8) - 1]
  }
}
