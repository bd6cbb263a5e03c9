/// Small bars for the course of a value, one column each.
package struct Sparkline: Hashable, Sendable {
  /// The newest value is last; `nil` (and what is not finite) is a gap and not 0.
  package var values: [Double?]
  /// What the lowest and the highest bar stand for; by default 0, or the lowest value where that is negative, to the highest value.
  package var range: ClosedRange<Double>?
  /// Style of the bars.
  package var style: Style
  /// Characters.
  package var glyphs: GlyphSet
  /// Whether the highest bar leaves a gap above it, so that those of rows below each other do not melt into one.
  package var leavesGap = false

  /// Makes a sparkline.
  package init(values: [Double?], range: ClosedRange<Double>? = nil, style: Style = .plain, glyphs: GlyphSet = .unicode) {
    self.values = values
    self.range = range
    self.style = style
    self.glyphs = glyphs
  }

  /// The bars for the last `width` values, exactly so many columns: gaps and missing values are spaces.
  package func text(width: Int) -> String {
    let width = max(0, width)
    let shown = values.suffix(width).map { value in value.flatMap { $0.isFinite ? $0 : nil } }
    let finite = shown.compactMap(\.self)
    let low = range?.lowerBound ?? min(0, finite.min() ?? 0)
    let high = range?.upperBound ?? finite.max() ?? 0
    let bars = leavesGap && glyphs == .unicode ? glyphs.bars.dropLast() : glyphs.bars
    var text = String(repeating: " ", count: width - shown.count)
    for value in shown {
      guard let value else {
        text.append(" ")
        continue
      }
      // Halved first: the difference of two finite values may not be finite.
      let span = high / 2 - low / 2
      let share = span > 0 ? (value / 2 - low / 2) / span : 0
      text.append(bars[Int((min(max(share, 0), 1) * Double(bars.count - 1)).rounded())])
    }
    return text
  }

  /// Draws into the first row of a rectangle, the newest value at its right end.
  package func draw(on canvas: inout Canvas, in rect: Rect) {
    guard rect.height > 0 else { return }
    canvas.put(text(width: rect.width), x: rect.x, y: rect.y, style: style, maxWidth: rect.width, keepsBackground: true)
  }
}
