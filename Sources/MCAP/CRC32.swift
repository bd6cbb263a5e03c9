import CZlib

/// The checksum of the format: CRC-32 as zlib has it.
package struct CRC32: Hashable, Sendable {
  /// The checksum of what was taken in so far.
  package private(set) var value: UInt32

  /// The checksum of nothing, or that of what came before.
  package init(_ value: UInt32 = 0) { self.value = value }

  /// Takes in more bytes.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ add(UnsafeRawBufferPointer($0)) }) == nil { add(Array(bytes)) }
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      // zlib takes 32 bits of length.
      let count = min(bytes.count - start, 1 << 30)
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
      value = UInt32(truncatingIfNeeded: crc32(UInt(value), part.assumingMemoryBound(to: UInt8.self).baseAddress, UInt32(count)))
      start += count
    }
  }

  /// The checksum of some bytes.
  package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var sum = CRC32()
    sum.add(bytes)
    return sum.value
  }
}
