/// Text for terminals and files that know ASCII only, so that no meaning is lost.
package enum ASCIIText {
  /// Bars from lowest to highest.
  package static let bars: [Character] = Array("_.:-=+*#")

  /// A text in which every sign whose meaning one ASCII character cannot tell is spelled out. It may be wider than before.
  package static func spelled(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 > 0x7F }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let spelling = spellings[scalar] { result.append(contentsOf: spelling.unicodeScalars) } else { result.append(scalar) }
    }
    return String(result)
  }

  /// A text of ASCII: spelled out, and what is left approximated.
  package static func plain(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 > 0x7F }) else { return text }
    // Line ends and tabs are no glyphs.
    return String(spelled(text).unicodeScalars.map { $0.value <= 0x7F ? Character($0) : approximation(of: $0) })
  }

  /// One ASCII character for a scalar that dubwatch draws or that is a letter with an accent, or `?` for any other.
  package static func approximation(of scalar: Unicode.Scalar) -> Character {
    switch scalar.value {
    case 0x20...0x7E: return Character(scalar)
    case 0x2800: return " "
    case 0x2801...0x28FF: return "*"
    case 0x2581...0x2587: return bars[Int(scalar.value - 0x2581)]
    case 0x2588...0x258C, 0x2590, 0x2593: return "#"
    case 0x258D...0x258F: return " "
    case 0x2591, 0x2592: return ":"
    default: return approximations[scalar] ?? accents[scalar] ?? "?"
    }
  }

  private static let spellings: [Unicode.Scalar: String] = [
    "\u{B1}": "+/-", "\u{2192}": "->", "\u{2190}": "<-", "\u{2194}": "<->", "\u{2264}": "<=", "\u{2265}": ">=", "\u{2713}": "ok",
    "\u{2714}": "ok", "\u{2026}": "...",
  ]

  private static let approximations: [Unicode.Scalar: Character] = table([
    ("─━┄┅┈┉╌╍═–—‐‑‒−", "-"), ("│┃┆┇┊┋╎╏║", "|"), ("╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬┏┓┗┛", "+"), ("●•∙", "*"), ("○◌◦", "o"), ("▲△⚠", "!"),
    ("✗✘×✕", "x"),
    ("✓✔", "v"), ("■▪▮◼", "#"), ("□▫▯◻", "_"), ("·┈", "."), ("…", "~"), ("→▶▸►»›⟩", ">"), ("←◀◂◄«‹⟨", "<"), ("↑▴", "^"), ("↓▼▾▽", "v"),
    ("‘’‚′", "'"),
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
