import WireFormats

extension [Span] {
  /// The spans in lines of at most so many columns, broken at blanks where there are any; lines after the first begin with `indent` blanks.
  package func wrapped(width: Int, indent: Int = 0) -> [[Span]] {
    // A wide character has room in every line.
    let indent = Swift.max(0, Swift.min(indent, width - 2))
    guard width > 0 else { return [] }
    var lines: [[Span]] = []
    var line: [Span] = []
    var used = 0
    func breakLine() {
      lines.append(line)
      line = indent > 0 ? [Span(String(repeating: " ", count: indent))] : []
      used = indent
    }
    for span in self {
      var word: (text: String.UnicodeScalarView, columns: Int) = (.init(), 0)
      var text = String.UnicodeScalarView()
      func endWord(_ text: inout String.UnicodeScalarView) {
        text.append(contentsOf: word.text)
        used += word.columns
        word = (.init(), 0)
      }
      func endPiece() {
        if !text.isEmpty { line.append(Span(String(text), span.style)) }
        text = .init()
      }
      for glyph in GlyphSequence(span.text) {
        let columns = Int(glyph.width)
        if glyph.base == 0x20 {
          endWord(&text)
          if used >= width {
            endPiece()
            breakLine()
            continue
          }
          glyph.append(to: &text)
          used += 1
          continue
        }
        if used + word.columns + columns > width {
          // What is longer than a line is cut where the line ends.
          if word.columns + columns > width - indent { endWord(&text) }
          endPiece()
          breakLine()
        }
        glyph.append(to: &word.text)
        word.columns += columns
      }
      endWord(&text)
      endPiece()
    }
    lines.append(line)
    return lines
  }
}

/// A text without its first columns, for a line that is scrolled sideways; half of a wide character is a blank.
package func dropColumns(_ text: String, _ count: Int) -> String {
  guard count > 0 else { return text }
  var skipped = 0
  var rest = String.UnicodeScalarView()
  for glyph in GlyphSequence(text) {
    if skipped >= count {
      glyph.append(to: &rest)
    } else {
      skipped += Int(glyph.width)
      if skipped > count { rest.append(" ") }
    }
  }
  return String(rest)
}
