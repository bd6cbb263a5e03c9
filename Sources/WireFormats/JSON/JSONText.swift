extension JSONValue {
  /// Compact JSON in UTF-8, keys sorted. Anything nested deeper than `maxDepth` is written as `null`.
  package func serialized(_ style: JSONWriter.Formatting = .compact) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.value(self)
    return writer.bytes
  }

  /// `serialized()` as a string.
  package var jsonText: String { String(decoding: serialized(), as: UTF8.self) }

  /// A document for people: indented, keys sorted, a line feed at its end.
  package var document: String { String(decoding: serialized(.indented), as: UTF8.self) + "\n" }

  /// A number that has no point when it is whole and exact; `null` when it is not finite.
  package static func shortest(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .null }
    return value == value.rounded() && abs(value) < 1e15 ? .integer(Int64(value)) : .number(value)
  }
}

extension [UInt8] {
  /// Appends a string in quotes, with escapes where JSON or the style wants them.
  mutating func appendJSON(_ text: String, _ style: JSONWriter.Formatting) {
    var text = text
    append(0x22)
    text.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      var index = 0
      while index < raw.count {
        let end = style.escapesLikeGo ? Self.goRun(raw, from: index) : JSONScanner.plainRun(raw, from: index, other: 0x7F)
        append(contentsOf: raw[index..<end])
        index = end
        if index < raw.count { index += appendEscape(raw, at: index) }
      }
    }
    append(0x22)
  }

  private static func goRun(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let end = JSONScanner.plainRun(bytes, from: start)
    for index in start..<end {
      switch bytes[index] {
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): return index
      // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8: return index
      default: continue
      }
    }
    return end
  }

  /// Appends the escape of what begins there, and says how many bytes that is.
  private mutating func appendEscape(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    let byte = bytes[index]
    append(0x5C)
    switch byte {
    case 0x22, 0x5C: append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    case 0xE2:
      append(contentsOf: (bytes[index + 2] == 0xA8 ? "u2028" : "u2029").utf8)
      return 3
    default:
      append(contentsOf: "u".utf8)
      append(contentsOf: Hexadecimal.text(byte, digits: 4).utf8)
    }
    return 1
  }
}
