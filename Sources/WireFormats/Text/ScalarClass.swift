/// What a terminal does with one scalar.
enum ScalarClass: Equatable {
  /// Visible, so many columns: 1 or 2.
  case columns(UInt8)
  /// A space of 1 or 2 columns.
  case space(UInt8)
  /// Drawn over the character before it.
  case mark
  /// A regional indicator, shown as this letter: terminals disagree about the width of flags.
  case letter(UInt32)
  /// Only a hint for presentation or joining, left out: variation selectors and the zero-width joiner.
  case ignored
  /// Invisible or dangerous: shown as an escape.
  case escaped

  init(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x20...0x7E: self = .columns(1)
    case 0...0x9F: self = .escaped
    case 0xA0: self = .space(1)
    case 0xAD: self = .escaped
    case 0xA1...0x2FF: self = .columns(1)
    // Box drawing, blocks, shapes and braille: most of what panes draw.
    case 0x2500...0x25F0, 0x2800...0x28FF: self = .columns(1)
    case 0x200D, 0xFE00...0xFE0F, 0xE0100...0xE01EF: self = .ignored
    case 0x1F1E6...0x1F1FF: self = .letter(scalar.value - 0x1F1E6 + 0x41)
    default: self = Self.byTable(scalar)
    }
  }

  private static func byTable(_ scalar: Unicode.Scalar) -> ScalarClass {
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return .escaped }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return .escaped
    // Ogham's space is drawn as a line.
    case .spaceSeparator where scalar.value != 0x1680: return .space(WidthTable.wide.includes(scalar.value) ? 2 : 1)
    default: break
    }
    if WidthTable.zero.includes(scalar.value) { return .mark }
    return .columns(WidthTable.wide.includes(scalar.value) ? 2 : 1)
  }
}

extension [ClosedRange<UInt32>] {
  /// Whether one of these sorted, disjoint ranges contains `value`.
  func includes(_ value: UInt32) -> Bool {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].contains(value)
  }
}
