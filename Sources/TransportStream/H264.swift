#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is read of H.264 access units in Annex B form (ITU-T H.264, 7.3.1 and B.1).
package enum H264 {
  /// Whether the beginning of a unit shows that decoding can begin with it: parameter sets or an IDR slice before any other slice.
  package static func looksRandomAccess(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    while let type = nextUnitType(bytes, from: &at) {
      if type == 5 || type == 7 { return true }
      if (1...4).contains(type) { return false }
    }
    return false
  }

  /// Whether the unit's first slice belongs to an IDR picture.
  package static func isRandomAccess(_ unit: [UInt8]) -> Bool {
    unit.withUnsafeBytes { bytes in
      var at = 0
      while let type = nextUnitType(bytes, from: &at) {
        if type == 5 { return true }
        if (1...4).contains(type) { return false }
      }
      return false
    }
  }

  /// The type of the next NAL unit: after 00 00 01. Searching for the 1 first is quick: a C function passes over all else.
  private static func nextUnitType(_ bytes: UnsafeRawBufferPointer, from at: inout Int) -> UInt8? {
    guard let base = bytes.baseAddress else { return nil }
    while at < bytes.count, let found = memchr(base + at, 1, bytes.count - at) {
      let one = UnsafeRawPointer(found) - base
      at = one + 1
      if one >= 2, bytes[one - 1] == 0, bytes[one - 2] == 0, at < bytes.count { return bytes[at] & 0x1F }
    }
    return nil
  }
}
