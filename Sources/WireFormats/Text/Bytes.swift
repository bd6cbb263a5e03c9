/// Looks for bytes, eight at a time.
package enum Bytes {
  /// The first place of a byte at or after `start`; nil where it is not.
  package static func first(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let raw = UnsafeRawBufferPointer(bytes)
    let wanted = ones &* UInt64(byte)
    var index = start
    while index &+ 8 <= raw.count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ wanted
      // The lowest byte marked is the first that is zero; borrows spoil only those above it.
      let hit = (word &- ones) & ~word & highs
      if hit != 0 { return index &+ hit.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < raw.count {
      if raw[index] == byte { return index }
      index &+= 1
    }
    return nil
  }
}
