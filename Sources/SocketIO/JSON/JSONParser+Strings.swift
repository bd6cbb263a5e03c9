extension JSONParser {
  /// Reads a string; `position` is at its opening quote and ends after the closing one.
  mutating func string() throws(JSONError) -> String {
    let start = position + 1
    let end = plainRun(from: start)
    guard end < bytes.count else {
      position = bytes.count
      throw error("the string does not end")
    }
    if bytes[end] == UInt8(ascii: "\"") {
      position = end + 1
      return try text(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: start)
    }
    return try escapedString(start: start, firstSpecial: end)
  }

  private func text(_ run: UnsafeRawBufferPointer, at start: Int) throws(JSONError) -> String {
    let text = run.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) }
    guard let text else { throw JSONError(offset: start, reason: "the string is not valid UTF-8") }
    return text
  }

  /// The first quote, backslash or control character at or after `start`; the end when there is none. Eight bytes at a time: audio in base64
  /// makes strings of many megabytes.
  private func plainRun(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index &+ 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      // The classic "has a zero byte" and "has a byte below 0x20" tests; false alarms only cost the byte loop below.
      let hit = ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)
      if hit & highs != 0 { break }
      index &+= 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
      index += 1
    }
    return index
  }

  private mutating func escapedString(start: Int, firstSpecial: Int) throws(JSONError) -> String {
    var out: [UInt8] = []
    var runStart = start
    position = firstSpecial
    while true {
      guard let byte else { throw error("the string does not end") }
      out.append(contentsOf: bytes[runStart..<position])
      switch byte {
      case 0x22:
        position += 1
        return try out.withUnsafeBytes { buffer in
          Result { () throws(JSONError) -> String in try text(buffer, at: start) }
        }.get()
      case 0x5C: try escape(into: &out)
      default: throw error("a control character must be escaped")
      }
      runStart = position
      position = plainRun(from: position)
    }
  }

  private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
    position += 1
    guard let letter = byte else { throw error("the string does not end") }
    position += 1
    switch letter {
    case 0x22, 0x5C, 0x2F: out.append(letter)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "u"): out.append(contentsOf: String(Character(try unicodeEscape())).utf8)
    default:
      position -= 1
      throw error("unknown escape")
    }
  }

  /// A lone surrogate becomes U+FFFD: other languages' strings may hold one, and one bad letter should not end a connection.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let first = try hex4()
    if first < 0xD800 || first > 0xDFFF { return Unicode.Scalar(first) ?? replacement }
    guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == 0x5C, bytes[position + 1] == UInt8(ascii: "u") else {
      return replacement
    }
    let before = position
    position += 2
    let second = try hex4()
    guard second >= 0xDC00, second <= 0xDFFF else {
      position = before
      return replacement
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) * 0x400 + (second - 0xDC00)) ?? replacement
  }

  private mutating func hex4() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Self.hexDigit(byte) else { throw error("expected four hexadecimal digits") }
      value = value * 16 + digit
      position += 1
    }
    return value
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
  }
}
