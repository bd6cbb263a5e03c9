extension JSONScanner {
  /// Walks over a string; `position` is at its opening quote and ends after the closing one.
  /// - Returns: where its inside stands, and whether escapes are in it. Whether it is UTF-8 is not looked at.
  mutating func string() throws(JSONError) -> (inside: Range<Int>, hasEscapes: Bool) {
    position += 1
    let start = position
    var hasEscapes = false
    while true {
      position = Self.plainRun(bytes, from: position)
      switch byte {
      case 0x22:
        position += 1
        return (start..<(position - 1), hasEscapes)
      case 0x5C:
        hasEscapes = true
        try skipEscape()
      case nil: throw error(.unclosedString)
      default: throw error(.controlCharacter)
      }
    }
  }

  private mutating func skipEscape() throws(JSONError) {
    position += 1
    switch byte {
    case 0x22, 0x5C, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      position += 1
      for _ in 0..<4 {
        guard let byte else { throw error(.unclosedString) }
        guard Hexadecimal.digit(byte) != nil else { throw error(.badUnicodeEscape) }
        position += 1
      }
    case nil: throw error(.unclosedString)
    default: throw error(.unknownEscape)
    }
  }

  /// The first quote, backslash, control character or `other` at or after `start`; the end when there is none. Eight bytes at a time: audio
  /// in base64 makes strings of many megabytes.
  static func plainRun(_ bytes: UnsafeRawBufferPointer, from start: Int, other: UInt8 = 0x22) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let more = word ^ (ones &* UInt64(other))
      // The classic "has a zero byte" and "has a byte below 0x20" tests: the lowest byte marked is the first; borrows spoil only those above it.
      let hit = ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((more &- ones) & ~more) | ((word &- ones &* 0x20) & ~word)
      if hit & highs != 0 { return index &+ (hit & highs).trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte == other || byte < 0x20 { return index }
      index &+= 1
    }
    return index
  }

  /// The bytes that the inside of a string stands for; it has been walked over. A lone surrogate becomes U+FFFD: other languages' strings
  /// may hold one, and one bad letter should not end a connection.
  static func unescape(_ inside: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(inside.count)
    var index = 0
    while index < inside.count {
      let byte = inside[index]
      guard byte == 0x5C, index + 1 < inside.count else {
        result.append(byte)
        index += 1
        continue
      }
      index += 2
      switch inside[index - 1] {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "u"): appendScalar(inside, &index, to: &result)
      case let other: result.append(other)
      }
    }
    return result
  }

  private static func appendScalar(_ inside: UnsafeRawBufferPointer, _ index: inout Int, to result: inout [UInt8]) {
    var scalar = hex4(inside, at: index)
    index = min(index + 4, inside.count)
    if (0xD800..<0xDC00).contains(scalar), index + 6 <= inside.count, inside[index] == 0x5C, inside[index + 1] == UInt8(ascii: "u") {
      let low = hex4(inside, at: index + 2)
      if (0xDC00..<0xE000).contains(low) {
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
        index += 6
      }
    }
    result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
  }

  private static func hex4(_ bytes: UnsafeRawBufferPointer, at start: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in start..<(start + 4) {
      guard index < bytes.count, let digit = Hexadecimal.digit(bytes[index]) else { return 0xFFFD }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
