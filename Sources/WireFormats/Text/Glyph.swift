/// What one lead cell of a terminal can hold: a visible scalar with up to three combining marks.
package struct Glyph: Hashable, Sendable {
  package var base: UInt32
  package var marks: UInt64
  package var width: UInt8

  package static let space = Glyph(base: 0x20, marks: 0, width: 1)

  package init(base: UInt32, marks: UInt64 = 0, width: UInt8 = 1) {
    self.base = base
    self.marks = marks
    self.width = width
  }

  package static func unpack(_ marks: UInt64) -> [UInt32] {
    var rest = marks
    var result: [UInt32] = []
    while rest != 0 {
      result.append(UInt32(truncatingIfNeeded: rest & 0x1F_FFFF))
      rest >>= 21
    }
    return result
  }
}

/// The glyphs of a text in the order of its columns, made safe for a terminal: what is invisible or dangerous comes as a visible escape.
///
/// Works scalar by scalar, as terminals do, so that the columns are the same whichever grapheme rules a terminal follows.
package struct GlyphSequence: Sequence {
  let text: String

  package init(_ text: String) { self.text = text }

  package func makeIterator() -> Iterator { Iterator(text) }

  package struct Iterator: IteratorProtocol {
    private var scalars: String.UnicodeScalarView.Iterator
    private var ahead: Unicode.Scalar?
    private var escape: [UInt8] = []
    private var escapeIndex = 0

    init(_ text: String) {
      scalars = text.unicodeScalars.makeIterator()
      ahead = scalars.next()
    }

    private mutating func take() -> Unicode.Scalar? {
      let scalar = ahead
      ahead = scalars.next()
      return scalar
    }

    package mutating func next() -> Glyph? {
      if escapeIndex < escape.count {
        defer { escapeIndex += 1 }
        return Glyph.forEscapeByte(escape[escapeIndex])
      }
      while let scalar = take() {
        let value = scalar.value
        switch ScalarClass(scalar) {
        case .columns(let width): return withMarks(Glyph(base: value, width: width))
        case .space(let width):
          if width == 2 { start([0x20]) }
          return width == 2 ? .space : withMarks(.space)
        case .letter(let letter): return Glyph(base: letter)
        case .ignored: continue
        case .escaped, .mark:
          start(Untrusted.escape(scalar))
          defer { escapeIndex += 1 }
          return Glyph.forEscapeByte(escape[0])
        }
      }
      return nil
    }

    private mutating func start(_ bytes: [UInt8]) {
      escape = bytes
      escapeIndex = 0
    }

    /// Takes the marks that follow; more than three are dropped, since no font can show them and ncurses cannot hold them.
    private mutating func withMarks(_ glyph: Glyph) -> Glyph {
      var glyph = glyph
      var shift: UInt64 = 0
      while let scalar = ahead, scalar.value >= 0x300 {
        if (0x1F3FB...0x1F3FF).contains(scalar.value) {
          // A skin tone: some terminals join it to the emoji before it and some do not, so that the columns would depend on the terminal.
          guard Unicode.Scalar(glyph.base)?.properties.isEmojiModifierBase == true else { return glyph }
        } else {
          switch ScalarClass(scalar) {
          case .ignored: break
          case .mark:
            if shift < 63 {
              glyph.marks |= UInt64(scalar.value) << shift
              shift += 21
            }
          default: return glyph
          }
        }
        _ = take()
      }
      return glyph
    }
  }
}

extension Glyph {
  /// One byte of an escape as ``Untrusted`` writes it: ASCII, or a bracket.
  fileprivate static func forEscapeByte(_ byte: UInt8) -> Glyph {
    switch byte {
    case Untrusted.openBracket: Glyph(base: 0x2039)
    case Untrusted.closeBracket: Glyph(base: 0x203A)
    default: Glyph(base: UInt32(byte))
    }
  }
}
