import TerminalCanvas

/// Which bytes are which keys.
enum KeyTable {
  /// A control byte's key; `nil` for bytes that begin a character.
  static func control(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x0D, 0x0A: .enter
    case 0x09: .tab
    case 0x08, 0x7F: .backspace
    case 0x00: .ctrl(" ")
    case 0x01...0x1A: .ctrl(Character(Unicode.Scalar(byte + 0x60)))
    case 0x1C...0x1F: .ctrl(Character(Unicode.Scalar(byte + 0x40)))
    default: nil
    }
  }

  /// After `ESC O`.
  static func singleShift(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x4D: .enter
    // The keypad in its application mode.
    case 0x6A...0x79: .char(Character(Unicode.Scalar(byte - 0x40)))
    case 0x58: .char("=")
    default: letter(byte)
    }
  }

  private static func letter(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x41: .up
    case 0x42: .down
    case 0x43: .right
    case 0x44: .left
    case 0x48: .home
    case 0x46: .end
    case 0x50...0x53: .function(Int(byte) - 0x4F)
    default: nil
    }
  }

  /// After `ESC [`; `nil` for what is no input, such as a report of the terminal's attributes.
  static func controlSequence(final: UInt8, _ parameters: ArraySlice<UInt8>) -> TerminalInput? {
    if parameters.first == 0x3C {
      return MouseReport.sgr(numbers(parameters.dropFirst()), isRelease: final == 0x6D).flatMap {
        final == 0x4D || final == 0x6D ? .mouse($0) : nil
      }
    }
    // Private replies begin with one of `=>?`.
    if let first = parameters.first, (0x3C...0x3F).contains(first) { return nil }
    let values = numbers(parameters)
    switch final {
    case 0x5A: return .key(.backTab)
    case 0x49: return parameters.isEmpty ? .focus(true) : nil
    case 0x4F: return parameters.isEmpty ? .focus(false) : nil
    case 0x7E: return tilde(values.first ?? 0).map { .key($0) }
    case 0x75: return codePoint(values).map { .key($0) }
    // A cursor report looks like F3 with modifiers; only the latter has 1 first.
    case 0x52: return values.first == 1 && values.count == 2 ? .key(.function(3)) : nil
    default: return letter(final).map { .key($0) }
    }
  }

  private static func tilde(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28...29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }

  /// `ESC [ code ; modifiers u`.
  private static func codePoint(_ values: [Int]) -> Key? {
    guard let code = values.first, code > 0, code < 0x110000, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
    let modifiers = (values.count > 1 ? values[1] : 1) - 1
    if scalar.value == 0x1B { return .escape }
    if scalar.isASCII, let key = control(UInt8(scalar.value)) { return key == .tab && modifiers & 1 != 0 ? .backTab : key }
    if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .privateUse { return nil }
    let character = Character(scalar)
    return modifiers & 4 != 0 ? .ctrl(character) : modifiers & 2 != 0 ? .alt(character) : .char(character)
  }

  /// Numbers between semicolons, missing ones as 0, at most 16, each below a million.
  static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    guard !bytes.isEmpty else { return [] }
    return bytes.split(separator: 0x3B, maxSplits: 15, omittingEmptySubsequences: false).map { part in
      part.prefix(6).reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1 - 0x30) : $0 }
    }
  }

  /// terminfo's names of the keys that differ between terminals.
  static let capabilities: [(name: String, key: Key)] =
    [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end), ("kpp", .pageUp),
      ("knp", .pageDown),
      ("kich1", .insert), ("kdch1", .delete), ("kcbt", .backTab), ("kent", .enter),
    ] + (1...12).map { ("kf\($0)", .function($0)) }
}

/// Mouse reports.
enum MouseReport {
  /// `ESC [ < code ; x ; y M` or `m`.
  static func sgr(_ values: [Int], isRelease: Bool) -> MouseEvent? {
    guard values.count == 3 else { return nil }
    return event(code: values[0], x: values[1], y: values[2], isRelease: isRelease)
  }

  /// `ESC [ M` and three bytes, each 32 more than its value.
  static func x10(code: Int, x: Int, y: Int) -> MouseEvent? {
    event(code: code, x: x, y: y, isRelease: code & 0x43 == 3)
  }

  private static func event(code: Int, x: Int, y: Int, isRelease: Bool) -> MouseEvent? {
    guard x >= 1, y >= 1, code >= 0 else { return nil }
    var modifiers: MouseEvent.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    let point = Point(x: x - 1, y: y - 1)
    if code & 64 != 0 {
      // Wheels to the side, and further buttons, have no meaning here.
      guard code & 0x82 == 0 else { return nil }
      return MouseEvent(kind: code & 1 == 0 ? .scrollUp : .scrollDown, point: point, modifiers: modifiers)
    }
    guard code & 128 == 0 else { return nil }
    let button: MouseEvent.Button = [.left, .middle, .right, .none][code & 3]
    let kind: MouseEvent.Kind = code & 32 != 0 ? .drag : isRelease ? .release : .press
    if kind == .press, button == .none { return nil }
    return MouseEvent(kind: kind, button: button, point: point, modifiers: modifiers)
  }
}
