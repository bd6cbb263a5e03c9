/// Visible escapes for what must not reach a terminal.
enum Untrusted {
  /// Stands for `‹` in an escape; not ASCII, so that it cannot be mistaken.
  static let openBracket: UInt8 = 0x80
  /// Stands for `›`.
  static let closeBracket: UInt8 = 0x81

  /// `\n`, `\t`, `\r`, `\e`, `\xNN` below U+0100 and `‹U+NNNN›` above.
  static func escape(_ scalar: Unicode.Scalar) -> [UInt8] {
    switch scalar.value {
    case 0x09: return Array("\\t".utf8)
    case 0x0A: return Array("\\n".utf8)
    case 0x0D: return Array("\\r".utf8)
    case 0x1B: return Array("\\e".utf8)
    case 0...0xFF:
      let hex = String(scalar.value, radix: 16)
      return Array("\\x\(hex.count < 2 ? "0" : "")\(hex)".utf8)
    default:
      let hex = String(scalar.value, radix: 16, uppercase: true)
      return [openBracket] + Array("U+".utf8) + Array(repeating: 0x30, count: max(0, 4 - hex.utf8.count)) + Array(hex.utf8) + [closeBracket]
    }
  }
}

/// `text` as it may be shown: control characters (C0, C1, escape sequences), bidirectional overrides, zero-width and other invisible
/// characters as visible escapes (`\e`, `\x9b`, `‹U+202E›`); without variation selectors, joiners and skin tones; flags as letters; a mark
/// without a base as an escape; at most three marks on a base. Applying it twice changes nothing more.
///
/// Everything that draws on a ``Canvas`` does this by itself; this is for text that goes elsewhere, as in `--plain`.
package func escapeUntrusted(_ text: String) -> String {
  if isPlainASCII(text) { return text }
  var view = String.UnicodeScalarView()
  for glyph in GlyphSequence(text) { glyph.append(to: &view) }
  return String(view)
}

/// Whether `text` consists of printable ASCII only, so that one byte is one column.
func isPlainASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

extension Glyph {
  func append(to view: inout String.UnicodeScalarView) {
    for value in [base] + (marks == 0 ? [] : Glyph.unpack(marks)) {
      if let scalar = Unicode.Scalar(value) { view.append(scalar) }
    }
  }
}
