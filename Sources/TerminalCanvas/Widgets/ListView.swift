/// Rows of spans, one of which may be selected, with a scroll bar in the last column when not everything shows.
package struct ListView: Hashable, Sendable {
  /// The rows that ``window`` shows, in order; further ones are ignored.
  package var rows: [[Span]]
  /// Which part of the whole list the rows are.
  package var window: ListWindow
  /// The selected item's index in the whole list.
  package var selection: Int?
  /// Laid over the selected row.
  package var selectionStyle: Style
  /// Style of the scroll bar.
  package var barStyle: Style
  /// Characters.
  package var glyphs: GlyphSet

  /// Makes a list.
  package init(
    rows: [[Span]], window: ListWindow, selection: Int? = nil, selectionStyle: Style = Style(attributes: .reverse),
    barStyle: Style = .plain,
    glyphs: GlyphSet = .unicode
  ) {
    self.rows = rows
    self.window = window
    self.selection = selection
    self.selectionStyle = selectionStyle
    self.barStyle = barStyle
    self.glyphs = glyphs
  }

  /// Draws into a rectangle; rows that do not fit are cut with an ellipsis.
  package func draw(on canvas: inout Canvas, in rect: Rect) {
    let thumb = rect.width > 1 ? window.thumb(in: rect.height) : nil
    let width = thumb == nil ? rect.width : rect.width - 1
    for (row, spans) in rows.prefix(rect.height).enumerated() {
      let y = rect.y + row
      canvas.putTruncated(spans, x: rect.x, y: y, width: width, ellipsis: glyphs.ellipsis)
      if let selection, window.item(atRow: row) == selection {
        canvas.mergeStyle(Rect(x: rect.x, y: y, width: width, height: 1), selectionStyle)
      }
    }
    guard let thumb else { return }
    for row in 0..<rect.height {
      let inside = row >= thumb.start && row < thumb.start + thumb.length
      let mark: Character = inside ? (glyphs == .unicode ? "▐" : "#") : (glyphs == .unicode ? "│" : "|")
      canvas.put(String(mark), x: rect.maxX - 1, y: rect.y + row, style: barStyle)
    }
  }
}

extension Canvas {
  /// Puts spans into a field of exactly `width` columns: padded with blanks, or cut with an ellipsis in the style of what was cut.
  package mutating func putTruncated(_ spans: [Span], x: Int, y: Int, width: Int, ellipsis: Character = "…") {
    var used = 0
    let width = max(0, width)
    for (index, span) in spans.enumerated() {
      let room = width - used
      guard room > 0 else { return }
      // An ellipsis is needed when this span, or anything visible after it, does not fit.
      let fitted = fit(span.text, width: room, ellipsis: nil)
      let rest = spans[(index + 1)...].contains { !$0.text.isEmpty }
      let own = GlyphSequence(span.text).prefix(fitted.glyphs.count + 1)
      let overflows = Array(own).count > fitted.glyphs.count
      if overflows || (rest && fitted.columns == room) {
        var text = String.UnicodeScalarView()
        let cut =
          overflows ? fit(span.text, width: room, ellipsis: ellipsis).glyphs : fit(span.text + " .", width: room, ellipsis: ellipsis).glyphs
        for glyph in cut { glyph.append(to: &text) }
        used += put(String(text), x: x + used, y: y, style: span.style, maxWidth: room)
        break
      }
      used += put(span.text, x: x + used, y: y, style: span.style, maxWidth: room)
    }
    if used < width { fill(Rect(x: x + used, y: y, width: width - used, height: 1)) }
  }
}
