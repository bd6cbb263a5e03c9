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

  /// Draws into the first row of a rectangle and returns the columns used.
  @discardableResult
  package func draw(on canvas: inout Canvas, in rect: Rect) -> Int {
    guard rect.height > 0 else { return 0 }
    return canvas.put(spans(width: rect.width), x: rect.x, y: rect.y, maxWidth: rect.width)
  }
}

/// A bar filled to a share of its width, in eighths of a column.
package struct Meter: Hashable, Sendable {
  /// 0...1, clamped; `nil` or not finite draws nothing but the background.
  package var share: Double?
  /// Style of the filled part.
  package var style: Style
  /// Style of the rest.
  package var background: Style
  /// Characters.
  package var glyphs: GlyphSet

  /// Makes a meter.
  package init(share: Double?, style: Style = .plain, background: Style = .plain, glyphs: GlyphSet = .unicode) {
    self.share = share
    self.style = style
    self.background = background
    self.glyphs = glyphs
  }

  /// Draws into the first row of a rectangle.
  package func draw(on canvas: inout Canvas, in rect: Rect) {
    guard rect.height > 0 else { return }
    canvas.fill(rect.row(0), with: .blank(background))
    guard let share, share.isFinite else { return }
    let eighths = Int((min(max(share, 0), 1) * Double(rect.width * 8)).rounded())
    for column in 0..<rect.width {
      let part = min(8, max(0, eighths - column * 8))
      guard let glyph = Blocks.left(eighths: part, glyphs) else { continue }
      canvas.put(String(glyph), x: rect.x + column, y: rect.y, style: style, maxWidth: 1, keepsBackground: true)
    }
  }
}

enum Blocks {
  /// A block that fills so many eighths of a cell from the left; `nil` for none.
  static func left(eighths: Int, _ glyphs: GlyphSet) -> Character? {
    guard eighths > 0 else { return nil }
    if glyphs == .ascii { return eighths >= 4 ? "#" : nil }
    return Array("▏▎▍▌▋▊▉█")[min(eighths, 8) - 1]
  }
}
