/// Reads little-endian fields one after the other from a part of some bytes; never beyond its end.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var position: Int
  let end: Int

  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    let range = range.clamped(to: 0..<bytes.count)
    position = range.lowerBound
    end = range.upperBound
  }

  var left: Int { end - position }

  mutating func u8() throws(MCAPError) -> UInt8 { try load(UInt8.self) }
  mutating func u16() throws(MCAPError) -> UInt16 { try load(UInt16.self) }
  mutating func u32() throws(MCAPError) -> UInt32 { try load(UInt32.self) }
  mutating func u64() throws(MCAPError) -> UInt64 { try load(UInt64.self) }

  private mutating func load<Value: FixedWidthInteger>(_ type: Value.Type) throws(MCAPError) -> Value {
    let width = Value.bitWidth / 8
    guard left >= width else { throw Self.short }
    defer { position += width }
    // Inside the bytes: checked just before.
    return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Value.self)) }
  }

  /// So many bytes; the count comes from the file and may be anything.
  mutating func take(_ count: UInt64) throws(MCAPError) -> ArraySlice<UInt8> {
    guard count <= UInt64(left) else { throw Self.short }
    let start = position
    position += Int(count)
    return bytes[start..<position]
  }

  mutating func rest() -> ArraySlice<UInt8> {
    defer { position = end }
    return bytes[position..<end]
  }

  /// A text with its length before it. Bytes that are no UTF-8 are not read as something else.
  mutating func string() throws(MCAPError) -> String {
    let text = try take(UInt64(try u32()))
    guard let string = String(validating: text, as: UTF8.self) else { throw MCAPError(.damaged, "a text is no UTF-8") }
    return string
  }

  /// What follows, with its length in bytes before it, as a cursor of its own.
  mutating func nested() throws(MCAPError) -> ByteCursor {
    let part = try take(UInt64(try u32()))
    return ByteCursor(bytes, part.startIndex..<part.endIndex)
  }

  mutating func texts() throws(MCAPError) -> [String: String] {
    var part = try nested()
    var result: [String: String] = [:]
    while part.left > 0 {
      let key = try part.string()
      guard result.updateValue(try part.string(), forKey: key) == nil else { throw MCAPError(.damaged, "a map says a key twice") }
    }
    return result
  }

  mutating func counts() throws(MCAPError) -> [UInt16: UInt64] {
    var part = try nested()
    var result: [UInt16: UInt64] = [:]
    while part.left > 0 {
      let key = try part.u16()
      guard result.updateValue(try part.u64(), forKey: key) == nil else { throw MCAPError(.damaged, "a map says a key twice") }
    }
    return result
  }

  private static let short = MCAPError(.damaged, "a record is shorter than its fields")
}

extension [UInt8] {
  mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func put(_ text: String) {
    put(UInt32(truncatingIfNeeded: text.utf8.count))
    append(contentsOf: text.utf8)
  }

  mutating func put(_ texts: [String: String]) {
    sized { bytes in
      for (key, value) in texts.sorted(by: { $0.key < $1.key }) {
        bytes.put(key)
        bytes.put(value)
      }
    }
  }

  mutating func put(_ counts: [UInt16: UInt64]) {
    sized { bytes in
      for (key, value) in counts.sorted(by: { $0.key < $1.key }) {
        bytes.put(key)
        bytes.put(value)
      }
    }
  }

  /// What the closure writes, with its length in bytes before it.
  mutating func sized(_ body: (inout [UInt8]) -> Void) {
    let start = count
    put(UInt32(0))
    body(&self)
    overwrite(UInt32(truncatingIfNeeded: count - start - 4), at: start)
  }

  /// A record: its opcode, its length, and the fields that the closure writes.
  mutating func record(_ opcode: MCAPOpcode, _ body: (inout [UInt8]) -> Void) {
    append(opcode.rawValue)
    let start = count
    put(UInt64(0))
    body(&self)
    overwrite(UInt64(count - start - 8), at: start)
  }

  private mutating func overwrite<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    Swift.withUnsafeBytes(of: value.littleEndian) { replaceSubrange(offset..<(offset + $0.count), with: $0) }
  }
}
