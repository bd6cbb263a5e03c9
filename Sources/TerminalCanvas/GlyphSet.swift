/// Which characters frames are drawn with.
package enum GlyphSet: Hashable, Sendable {
  /// Box drawing, blocks, braille and symbols.
  case unicode
  /// ASCII only: `+-|`, `*` `!` `x`, `#` bars.
  case ascii

  /// Dots for text that was cut.
  package var ellipsis: Character { self == .unicode ? "…" : "~" }
  /// State marker: well.
  package var good: Character { self == .unicode ? "●" : "*" }
  /// State marker: degraded or failing.
  package var warning: Character { self == .unicode ? "▲" : "!" }
  /// State marker: down or violated.
  package var bad: Character { self == .unicode ? "✗" : "x" }
  /// State marker: met.
  package var check: Character { self == .unicode ? "✓" : "v" }
  /// State marker: not known, no data.
  package var unknown: Character { self == .unicode ? "○" : "o" }
  /// State marker: waiting.
  package var pending: Character { self == .unicode ? "…" : "." }
  /// No value.
  package var dash: Character { self == .unicode ? "–" : "-" }
  /// Vertical bars from lowest to highest.
  package var bars: [Character] { self == .unicode ? Array("▁▂▃▄▅▆▇█") : Array("_.:-=+*#") }
  /// A box that is filled.
  package var filledBox: Character { self == .unicode ? "■" : "#" }
  /// A box that is empty.
  package var emptyBox: Character { self == .unicode ? "□" : "." }
  /// Dotted line, for thresholds.
  package var dotted: Character { self == .unicode ? "┈" : "." }

  /// One ASCII character for a scalar that panes draw, or `?` for any other: what a terminal without Unicode gets.
  package static func asciiApproximation(of scalar: Unicode.Scalar) -> Character {
    switch scalar.value {
    case 0x20...0x7E: return Character(scalar)
    case 0x2800: return " "
    case 0x2801...0x28FF: return "*"
    case 0x2581...0x2587: return Self.ascii.bars[Int(scalar.value - 0x2581)]
    case 0x2588...0x258C, 0x2590, 0x2593: return "#"
    case 0x258D...0x258F: return " "
    case 0x2591, 0x2592: return ":"
    default: return approximations[scalar] ?? accents[scalar] ?? "?"
    }
  }

  private static let approximations: [Unicode.Scalar: Character] = table([
    ("─━┄┅┈┉╌╍═–—‐‑‒−", "-"), ("│┃┆┇┊┋╎╏║", "|"), ("╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬┏┓┗┛", "+"), ("●•∙", "*"), ("○◌◦", "o"), ("▲△⚠", "!"),
    ("✗✘×✕", "x"),
    ("✓✔", "v"), ("■▪▮◼", "#"), ("□▫▯◻·┈", "."), ("…", "~"), ("→▶▸►»›⟩", ">"), ("←◀◂◄«‹⟨", "<"), ("↑▴", "^"), ("↓▼▾▽", "v"), ("‘’‚′", "'"),
    ("“”„″", "\""), ("≤", "<"), ("≥", ">"), ("≈~", "~"), ("±", "+"), ("∞", "8"), ("°", "o"), ("µμ", "u"), ("Δ∆", "d"), ("◆◇", "*"),
  ])

  private static let accents: [Unicode.Scalar: Character] = table([
    ("ÀÁÂÃÄÅĀĂĄ", "A"), ("àáâãäåāăą", "a"), ("ÇĆČ", "C"), ("çćč", "c"), ("ÈÉÊËĒĘĚ", "E"), ("èéêëēęě", "e"), ("ÌÍÎÏİ", "I"), ("ìíîïı", "i"),
    ("ŁĽ", "L"),
    ("łľ", "l"), ("ÑŃŇ", "N"), ("ñńň", "n"), ("ÒÓÔÕÖØŐ", "O"), ("òóôõöøő", "o"), ("ŘŔ", "R"), ("řŕ", "r"), ("ŚŠŞ", "S"), ("śšşß", "s"),
    ("ŤŢ", "T"), ("ťţ", "t"),
    ("ÙÚÛÜŮŰ", "U"), ("ùúûüůű", "u"), ("ÝŸ", "Y"), ("ýÿ", "y"), ("ŹŻŽ", "Z"), ("źżž", "z"), ("ĞĎĐ", "D"), ("ğ", "g"), ("ďđ", "d"),
  ])

  private static func table(_ groups: [(String, Character)]) -> [Unicode.Scalar: Character] {
    var result: [Unicode.Scalar: Character] = [:]
    for (group, ascii) in groups { for scalar in group.unicodeScalars { result[scalar] = ascii } }
    return result
  }
}
