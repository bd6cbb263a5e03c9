/// An open-addressing table from the hash of a series to its index; half full at most.
struct SeriesHashTable: Sendable {
  private var slots: [Int32]
  private var hashes: [UInt32]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    // Half empty is quick; of millions of series a third more than needed must do.
    let needed = capacity < 1 << 20 ? capacity * 2 : capacity + capacity / 3
    while size < needed { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    hashes = [UInt32](repeating: 0, count: size)
    mask = size - 1
  }

  /// The index that was inserted under that hash and of which `isSame` is true; nil when there is none.
  @inline(__always)
  func first(hash: UInt64, where isSame: (Int) -> Bool) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      if hashes[slot] == UInt32(truncatingIfNeeded: hash &>> 32), isSame(Int(slots[slot])) { return Int(slots[slot]) }
      slot = (slot &+ 1) & mask
    }
    return nil
  }

  /// Inserts an index unless the same series is there already, and returns the one that is there then.
  @inline(__always)
  mutating func insert(_ index: Int, hash: UInt64, isSame: (Int) -> Bool) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      if hashes[slot] == UInt32(truncatingIfNeeded: hash &>> 32), isSame(Int(slots[slot])) { return Int(slots[slot]) }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = Int32(truncatingIfNeeded: index)
    hashes[slot] = UInt32(truncatingIfNeeded: hash &>> 32)
    return index
  }
}
