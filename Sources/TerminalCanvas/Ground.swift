/// What a terminal draws on.
package enum Ground: String, CaseIterable, Hashable, Sendable {
  /// A dark background.
  case dark
  /// A light background.
  case light

  /// By red, green and blue, 0 to 1 each: light where its luma is above one half (weights of ITU-R BT.709).
  package init(red: Double, green: Double, blue: Double) {
    self = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? .light : .dark
  }

  /// By the variable COLORFGBG, `15;0` or `15;default;0`: the last number is the background's, of the 16 colours. Nil for anything else.
  package init?(colorFGBG text: String) {
    guard let last = text.split(separator: ";", omittingEmptySubsequences: false).last, let number = Int(last), (0...15).contains(number)
    else { return nil }
    // White, and all bright ones but bright black.
    self = number == 7 || number > 8 ? .light : .dark
  }

  /// By what a terminal answers when it is asked for its background (xterm's OSC 11): `11;rgb:RRRR/GGGG/BBBB` with 1 to 4 hexadecimal
  /// digits each, or `rgba:` with a fourth number. Nil for anything else.
  package init?(report text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, ["11;rgb", "11;rgba"].contains(parts[0]) else { return nil }
    let values = parts[1].split(separator: "/", omittingEmptySubsequences: false).map { digits -> Double? in
      guard (1...4).contains(digits.utf8.count), let value = Int(digits, radix: 16), value >= 0 else { return nil }
      return Double(value) / Double((1 << (4 * digits.utf8.count)) - 1)
    }
    guard values.count == (parts[0] == "11;rgb" ? 3 : 4), let red = values[0], let green = values[1], let blue = values[2] else {
      return nil
    }
    self.init(red: red, green: green, blue: blue)
  }
}
