import WireFormats

extension Canvas {
  /// Puts a text at a position and returns how many columns it takes there, so that `x + result` is the next free column.
  ///
  /// Clips at the canvas, and at `maxWidth` columns from `x`; makes the text safe as ``escapeUntrusted(_:)`` does; never leaves half of a
  /// wide character. The style replaces that of the cells; a `background` of `nil` keeps the background that is there when `keepsBackground`.
  @discardableResult
  package mutating func put(
    _ text: String, x: Int, y: Int, style: Style = .plain, maxWidth: Int? = nil, keepsBackground: Bool = false
  ) -> Int {
    let x = saturated(x)
    let limit = max(0, min(maxWidth ?? .max, size.width - min(x, size.width)))
    guard limit > 0, y >= 0, y < size.height else { return 0 }
    var columns = 0
    for glyph in GlyphSequence(text) {
      guard columns + Int(glyph.width) <= limit else { break }
      place(glyph, x + columns, y, right: x + limit, style, keepsBackground)
      columns += Int(glyph.width)
    }
    return columns
  }

  /// Puts a text into a field of exactly `width` columns: padded with spaces, or cut with an ellipsis. Numbers belong to the right.
  package mutating func putTruncated(
    _ text: String, x: Int, y: Int, width: Int, style: Style = .plain, ellipsis: Character = "…", alignment: TextAlignment = .left,
    keepsBackground: Bool = false
  ) {
    let x = saturated(x)
    let width = max(0, min(width, size.width - min(x, size.width)))
    guard width > 0, y >= 0, y < size.height else { return }
    let fitted = fit(text, width: width, ellipsis: ellipsis)
    let lead = alignment.leading(width - fitted.columns)
    var column = 0
    func advance(_ glyph: Glyph, _ canvas: inout Canvas) {
      canvas.place(glyph, x + column, y, right: x + width, style, keepsBackground)
      column += Int(glyph.width)
    }
    for _ in 0..<lead { advance(.space, &self) }
    for glyph in fitted.glyphs { advance(glyph, &self) }
    while column < width { advance(.space, &self) }
  }

  /// Puts spans of text one after another and returns the columns used, as ``put(_:x:y:style:maxWidth:keepsBackground:)`` does for one.
  @discardableResult
  package mutating func put(_ spans: [Span], x: Int, y: Int, maxWidth: Int? = nil) -> Int {
    var used = 0
    for span in spans {
      let room = maxWidth.map { $0 - used }
      if let room, room <= 0 { break }
      used += put(span.text, x: saturated(x) + used, y: y, style: span.style, maxWidth: room)
    }
    return used
  }

  private mutating func place(_ glyph: Glyph, _ x: Int, _ y: Int, right: Int, _ style: Style, _ keepsBackground: Bool) {
    // Text that starts left of the canvas: a wide character of which only the right half is inside leaves a blank.
    let clipped = x < 0 && glyph.width == 2 && x + 1 == 0
    guard x >= 0 || clipped else { return }
    let column = max(0, x)
    var style = style
    if keepsBackground, style.background == nil { style.background = self[column, y].style.background }
    let clip = Rect(x: 0, y: 0, width: min(right, size.width), height: size.height)
    write(clipped ? .blank(style) : Cell(glyph, style: style), column, y, clip: clip)
  }
}

/// A piece of text with its style.
package struct Span: Hashable, Sendable {
  /// Text; made safe when it is drawn.
  package var text: String
  /// How it is drawn.
  package var style: Style

  /// Makes a span.
  package init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }
}
