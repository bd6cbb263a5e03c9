import WireFormats

/// Which characters frames are drawn with.
package enum GlyphSet: Hashable, Sendable {
  /// Box drawing, blocks, braille and symbols.
  case unicode
  /// ASCII, with the lines, blocks and shades that every font of the Linux console has.
  case console
  /// ASCII only: `+-|`, `*` `!` `x`, `#` bars.
  case ascii

  /// What the fonts of a terminal have whose locale can encode Unicode, by its type: those of the console have 256 or 512 characters, those
  /// of DEC's terminals no Unicode at all.
  package static func of(terminal name: String) -> GlyphSet {
    fonts.first { name.hasPrefix($0.prefix) }?.glyphs ?? .unicode
  }

  private static let fonts: [(prefix: String, glyphs: GlyphSet)] = [
    ("linux", .console), ("cons", .console), ("vt52", .ascii), ("vt1", .ascii), ("vt2", .ascii), ("vt3", .ascii), ("vt4", .ascii),
    ("vt5", .ascii), ("ansi", .ascii),
  ]

  /// Dots for text that was cut.
  package var ellipsis: Character { self == .unicode ? "…" : "~" }
  /// State marker: well.
  package var good: Character { self == .unicode ? "●" : "*" }
  /// State marker: degraded or failing.
  package var warning: Character { self == .unicode ? "▲" : "!" }
  /// State marker: down or violated.
  package var bad: Character { self == .unicode ? "✗" : "x" }
  /// State marker: met.
  package var check: String { self == .unicode ? "✓" : "ok" }
  /// Where a fault begins on a time axis.
  package var fault: Character { self == .unicode ? "▾" : "F" }
  /// Fills a span of time where the terminal has no shades of colour.
  package var shade: Character { self == .ascii ? ":" : "░" }
  /// A cell that is full.
  package var block: Character { self == .ascii ? "#" : "█" }
  /// State marker: not known, no data.
  package var unknown: Character { self == .unicode ? "○" : "o" }
  /// State marker: waiting.
  package var pending: Character { self == .unicode ? "…" : "." }
  /// No value.
  package var dash: Character { self == .unicode ? "–" : "-" }
  /// Vertical bars from lowest to highest.
  package var bars: [Character] { self == .unicode ? Array("▁▂▃▄▅▆▇█") : ASCIIText.bars }
  /// A box that is filled.
  package var filledBox: Character { self == .unicode ? "■" : "#" }
  /// A box that is empty.
  package var emptyBox: Character { self == .unicode ? "□" : "_" }
  /// Dotted line, for thresholds.
  package var dotted: Character { self == .unicode ? "┈" : "." }

  /// A text in which every sign whose meaning one ASCII character cannot tell is spelled out. It may be wider than before.
  package func spelled(_ text: String) -> String {
    self == .unicode ? text : ASCIIText.spelled(text)
  }

  /// Whether it has a scalar.
  package func has(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .unicode: true
    case .console: scalar.value < 0x7F || Self.consoleScalars.contains(scalar)
    case .ascii: scalar.value < 0x7F
    }
  }

  /// In code page 437 and in the fonts of Debian's console-setup alike.
  private static let consoleScalars = Set("─│┌┐└┘├┤┬┴┼█▄▀░▒▓°±·".unicodeScalars)
}
