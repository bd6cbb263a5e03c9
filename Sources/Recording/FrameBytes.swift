/// The numbers of a scrape's frame: LEB128, little-endian.
extension [UInt8] {
  mutating func putVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func putVarint(_ value: Int) { putVarint(UInt64(truncatingIfNeeded: value)) }

  /// Small numbers of both signs take few bytes: 0, -1, 1, -2, …
  mutating func putSigned(_ value: Int64) { putVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

  mutating func putFixed<Value: FixedWidthInteger>(_ value: Value) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func putDouble(_ value: Double) { putFixed(value.bitPattern) }

  mutating func putBlob(_ bytes: [UInt8]) {
    putVarint(bytes.count)
    append(contentsOf: bytes)
  }
}

/// Reads what was put; throws where the bytes end too early.
struct FrameCursor {
  struct Short: Error {}

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var left: Int { bytes.endIndex - position }

  mutating func byte() throws(Short) -> UInt8 {
    guard position < bytes.endIndex else { throw Short() }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func varint() throws(Short) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      if next & 0x80 == 0 { return value }
      shift += 7
    }
    throw Short()
  }

  /// A count of things of which each takes at least so many bytes: never more than can be there.
  mutating func count(atLeast size: Int = 1) throws(Short) -> Int {
    let value = try varint()
    guard value <= UInt64(left / max(1, size)) else { throw Short() }
    return Int(value)
  }

  mutating func signed() throws(Short) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func fixed<Value: FixedWidthInteger>(_ type: Value.Type) throws(Short) -> Value {
    var value: Value = 0
    for index in 0..<(Value.bitWidth / 8) { value |= Value(truncatingIfNeeded: try byte()) << Value(truncatingIfNeeded: 8 * index) }
    return value
  }

  mutating func double() throws(Short) -> Double { Double(bitPattern: try fixed(UInt64.self)) }

  mutating func blob() throws(Short) -> ArraySlice<UInt8> {
    let count = try count()
    defer { position += count }
    return bytes[position..<(position + count)]
  }
}
