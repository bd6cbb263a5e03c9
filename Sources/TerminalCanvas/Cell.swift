import WireFormats

/// One cell of a canvas: a base character with up to three combining marks, and its style. Holds no reference, so that canvases of
/// thousands of cells are copied and compared fast.
///
/// A character two columns wide is a lead cell (``width`` 2) followed by a continuation cell (``width`` 0).
package struct Cell: Hashable, Sendable {
  /// The base scalar; 0 in a continuation.
  package let base: UInt32
  /// Up to three combining marks, 21 bits each, the first in the lowest bits; 0 for none.
  package let marks: UInt64
  /// Columns: 1, 2 for the lead cell of a wide character, 0 for its continuation.
  package let width: UInt8
  /// How it is drawn.
  package var style: Style

  init(base: UInt32, marks: UInt64, width: UInt8, style: Style) {
    self.base = base
    self.marks = marks
    self.width = width
    self.style = style
  }

  init(_ glyph: Glyph, style: Style) {
    self.init(base: glyph.base, marks: glyph.marks, width: glyph.width, style: style)
  }

  /// Makes a cell from the first thing that `character` shows: a control character becomes the start of its escape, `\`.
  package init(_ character: Character, style: Style = .plain) {
    var glyphs = GlyphSequence(String(character)).makeIterator()
    self.init(glyphs.next() ?? .space, style: style)
  }

  /// A space.
  package static func blank(_ style: Style = .plain) -> Cell { Cell(Glyph.space, style: style) }

  /// The second half of a wide character.
  static func continuation(_ style: Style) -> Cell { Cell(base: 0, marks: 0, width: 0, style: style) }

  /// Whether this is the second half of a wide character.
  package var isContinuation: Bool { width == 0 }

  /// Whether it shows nothing but its background.
  /// Whether how much of it is filled means something: a bar, a block or dots of a chart.
  package var isDrawing: Bool { (0x2581...0x258F).contains(base) || (0x2800...0x28FF).contains(base) }

  package var isBlank: Bool { base == 0x20 && marks == 0 }

  /// The base character and its marks; empty for a continuation.
  package var scalars: [Unicode.Scalar] {
    guard base != 0 else { return [] }
    return ([base] + Glyph.unpack(marks)).compactMap(Unicode.Scalar.init)
  }

  /// The text of this cell; empty for a continuation.
  package var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// Whether both cells show the same character, whatever their styles.
  package func hasSameText(as other: Cell) -> Bool { base == other.base && marks == other.marks && width == other.width }
}
