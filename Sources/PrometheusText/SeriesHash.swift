/// A keyed 64-bit hash of series that does not depend on the order of their labels.
///
/// The texts are hashed with 64x64-bit multiplications (the folded multiply of wyhash) and added up, so that each label can be
/// taken out of the sum again: that gives the group of a bucket without its `le`. Equal hashes are always followed by a
/// comparison of the series themselves; the seed, different in every process, keeps an endpoint from choosing names that collide.
struct SeriesHash: Sendable {
  let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
  }

  @inline(__always) private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// The hash of bytes. Invariant: reads only inside `start..<end`; short texts by loads that overlap.
  @inline(__always) func bytes(_ view: ByteView, _ start: Int, _ end: Int) -> UInt64 {
    let length = end &- start
    let base = UnsafeRawPointer(view.base + start)
    var state = seed ^ UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15
    var low: UInt64
    var high: UInt64
    if length > 16 {
      var offset = 0
      while offset &+ 16 < length {
        low = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        high = base.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)
        state = Self.fold(low ^ 0xA076_1D64_78BD_642F ^ state, high ^ 0xE703_7ED1_A0B4_28DB)
        offset &+= 16
      }
      low = base.loadUnaligned(fromByteOffset: length &- 16, as: UInt64.self)
      high = base.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
    } else if length >= 8 {
      low = base.loadUnaligned(as: UInt64.self)
      high = base.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
    } else if length >= 4 {
      low = UInt64(base.loadUnaligned(as: UInt32.self))
      high = UInt64(base.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self))
    } else if length > 0 {
      low = UInt64(base.load(as: UInt8.self)) << 16 | UInt64(base.load(fromByteOffset: length &>> 1, as: UInt8.self)) << 8
      low |= UInt64(base.load(fromByteOffset: length &- 1, as: UInt8.self))
      high = 0
    } else {
      low = 0
      high = 0
    }
    return Self.fold(low ^ 0x8EBC_6AF0_9C88_C6E3 ^ state, high ^ 0x5899_65CC_7537_4CC3 ^ seed)
  }

  /// The summand of one label.
  @inline(__always) func label(name: UInt64, value: UInt64) -> UInt64 {
    Self.fold(name ^ 0xD6E8_FEB8_6659_FD93, value ^ 0xA5A5_9E37_C2B2_AE35 ^ seed)
  }

  /// The hash of a series from that of its name and the sum of those of its labels.
  @inline(__always) func series(name: UInt64, labels: UInt64) -> UInt64 {
    Self.fold(name ^ 0xC2B2_AE3D_27D4_EB4F, labels ^ 0x1656_67B1_9E37_79F9 ^ seed)
  }

  func text(_ text: String) -> UInt64 {
    Array(text.utf8).withView { bytes($0, 0, $0.count) }
  }

  func of(_ key: SeriesKey) -> UInt64 {
    var sum: UInt64 = 0
    for label in key.labels { sum &+= self.label(name: text(label.name), value: text(label.value)) }
    return series(name: text(key.name), labels: sum)
  }
}
