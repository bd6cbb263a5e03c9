extension JSONValue {
  /// Compact JSON in UTF-8, keys sorted. Anything nested deeper than `maxDepth` is written as `null`.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter()
    writer.write(self, depth: 0)
    return writer.out
  }

  /// `serialized()` as a string.
  public var jsonText: String { String(decoding: serialized(), as: UTF8.self) }
}

struct JSONWriter {
  var out: [UInt8] = []

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .array where depth >= JSONValue.maxDepth, .object where depth >= JSONValue.maxDepth: literal("null")
    case .null: literal("null")
    case .bool(let flag): literal(flag ? "true" : "false")
    case .integer(let number): out.append(contentsOf: String(number).utf8)
    case .number(let number): number.isFinite ? out.append(contentsOf: number.description.utf8) : literal("null")
    case .string(let text): write(text)
    case .binary(let bytes):
      out.append(0x22)
      out.append(contentsOf: Base64.encode(bytes))
      out.append(0x22)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        write(element, depth: depth + 1)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, key) in members.keys.sorted().enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        write(key)
        out.append(UInt8(ascii: ":"))
        write(members[key] ?? .null, depth: depth + 1)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private mutating func literal(_ text: StaticString) {
    out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func write(_ text: String) {
    var text = text
    out.append(0x22)
    text.withUTF8 { bytes in
      var runStart = 0
      var index = 0
      while index < bytes.count {
        index = Self.plainRun(bytes, from: index)
        out.append(contentsOf: bytes[runStart..<index])
        if index < bytes.count {
          escape(bytes[index])
          index += 1
        }
        runStart = index
      }
    }
    out.append(0x22)
  }

  private static func plainRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index &+ 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let hit = ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)
      if hit & 0x8080_8080_8080_8080 != 0 { break }
      index &+= 8
    }
    while index < raw.count {
      let byte = raw[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
      index += 1
    }
    return index
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22: out.append(contentsOf: [0x5C, 0x22])
    case 0x5C: out.append(contentsOf: [0x5C, 0x5C])
    case 0x0A: out.append(contentsOf: [0x5C, UInt8(ascii: "n")])
    case 0x0D: out.append(contentsOf: [0x5C, UInt8(ascii: "r")])
    case 0x09: out.append(contentsOf: [0x5C, UInt8(ascii: "t")])
    default:
      let digits = Array("0123456789abcdef".utf8)
      literal("\\u00")
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
  }
}
