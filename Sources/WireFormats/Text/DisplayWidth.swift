/// Which end of a field the text is put at.
package enum TextAlignment: Hashable, Sendable {
  /// Text first, spaces after it.
  case left
  /// Spaces first: for numbers.
  case right
  /// Spaces on both sides.
  case center
}

/// The columns that a canvas uses for `text`, escapes included.
package func displayWidth(_ text: String) -> Int {
  if isPlainASCII(text) { return text.utf8.count }
  return GlyphSequence(text).reduce(0) { $0 + Int($1.width) }
}

/// `text`, made safe as by ``escapeUntrusted(_:)``, in at most `width` columns; what does not fit is cut and its last column is the
/// ellipsis. A wide character is never cut in half. Stops reading where the columns end, so that long lines cost nothing.
package func truncate(_ text: String, width: Int, ellipsis: Character = "…") -> String {
  var view = String.UnicodeScalarView()
  for glyph in fit(text, width: width, ellipsis: ellipsis).glyphs { glyph.append(to: &view) }
  return String(view)
}

/// `text`, made safe, in at most `width` columns; what does not fit is cut out of its middle, where the ellipsis stands: for names whose
/// end tells them apart, such as series with labels.
package func truncateMiddle(_ text: String, width: Int, ellipsis: Character = "…") -> String {
  let safe = escapeUntrusted(text)
  guard displayWidth(safe) > width else { return safe }
  guard width >= 5 else { return truncate(safe, width: width, ellipsis: ellipsis) }
  let room = width - displayWidth(String(ellipsis))
  let head = fit(safe, width: room * 2 / 5, ellipsis: nil)
  var tail: [Glyph] = []
  var columns = head.columns
  for glyph in Array(GlyphSequence(safe)).reversed() {
    guard columns + Int(glyph.width) <= room else { break }
    tail.append(glyph)
    columns += Int(glyph.width)
  }
  var view = String.UnicodeScalarView()
  for glyph in head.glyphs { glyph.append(to: &view) }
  view.append(contentsOf: String(ellipsis).unicodeScalars)
  for glyph in tail.reversed() { glyph.append(to: &view) }
  return String(view)
}

/// `text` in exactly `width` columns: cut as by ``truncate(_:width:ellipsis:)`` or padded with spaces.
package func pad(_ text: String, width: Int, alignment: TextAlignment = .left, ellipsis: Character = "…") -> String {
  let width = max(0, width)
  let fitted = fit(text, width: width, ellipsis: ellipsis)
  var view = String.UnicodeScalarView()
  for glyph in fitted.glyphs { glyph.append(to: &view) }
  let space = alignment.leading(width - fitted.columns)
  return String(repeating: " ", count: space) + String(view) + String(repeating: " ", count: width - fitted.columns - space)
}

extension TextAlignment {
  /// How many of the free columns come before the text.
  package func leading(_ free: Int) -> Int {
    switch self {
    case .left: 0
    case .right: free
    case .center: free / 2
    }
  }
}

/// The glyphs of `text` that fit into `width` columns, with an ellipsis when some do not.
package func fit(_ text: String, width: Int, ellipsis: Character?) -> (glyphs: [Glyph], columns: Int) {
  guard width > 0 else { return ([], 0) }
  var glyphs: [Glyph] = []
  var columns = 0
  for glyph in GlyphSequence(text) {
    if columns + Int(glyph.width) <= width {
      glyphs.append(glyph)
      columns += Int(glyph.width)
      continue
    }
    guard let ellipsis, let dots = GlyphSequence(String(ellipsis)).first(where: { _ in true }), Int(dots.width) <= width else { break }
    while columns + Int(dots.width) > width, let last = glyphs.popLast() { columns -= Int(last.width) }
    glyphs.append(dots)
    columns += Int(dots.width)
    break
  }
  return (glyphs, columns)
}
