/// Finds which of many literals occur in a line without looking at most of its bytes (Wu and Manber 1994).
///
/// A window as long as the shortest literal moves over the line. The two bytes at its end tell how far it can move without
/// passing the begin of a literal; only where they end the window of some literal is that literal compared.
struct LiteralScanner: Sendable {
  /// The bytes of all literals, one after the other.
  private let bytes: [UInt8]
  /// Where each literal stands in them.
  private let ranges: [Range<Int>]
  private let ignoresCase: Bool
  /// The length of the window, 2 at least; 0 when there is nothing to look for.
  private let window: Int
  /// How far the window can move, by the hash of the two bytes at its end.
  private let shifts: [UInt8]
  /// The literals to compare where it cannot move, by the same hash.
  private let buckets: [[Int]]

  /// Small enough for the fastest cache; two pairs of bytes that share an entry only make the window move less.
  private static let tableSize = 1 << 12

  /// A scanner for literals; those of less than 2 bytes are never found.
  /// - Parameter ignoresCase: whether ASCII letters match in either case.
  init(_ literals: [[UInt8]], ignoresCase: Bool) {
    let literals = ignoresCase ? literals.map { $0.map(asciiLowercase) } : literals
    let usable = literals.indices.filter { literals[$0].count >= 2 }
    let window = usable.map { literals[$0].count }.min() ?? 0
    var shifts = [UInt8](repeating: UInt8(clamping: max(0, window - 1)), count: window == 0 ? 0 : Self.tableSize)
    var buckets = [[Int]](repeating: [], count: window == 0 ? 0 : Self.tableSize)
    for index in usable {
      let literal = literals[index]
      for end in 1..<window {
        let shift = UInt8(clamping: window - 1 - end)
        // A line's letters are not folded before the tables are read: each spelling has its entry.
        let spellings = ignoresCase ? Self.spellings(literal[end - 1], literal[end]) : [Self.hash(literal[end - 1], literal[end])]
        for spelling in spellings {
          shifts[spelling] = min(shifts[spelling], shift)
          if shift == 0, buckets[spelling].last != index { buckets[spelling].append(index) }
        }
      }
    }
    var ranges: [Range<Int>] = []
    var start = 0
    for literal in literals {
      ranges.append(start..<(start + literal.count))
      start += literal.count
    }
    bytes = Array(literals.joined())
    self.ranges = ranges
    self.ignoresCase = ignoresCase
    self.window = window
    self.shifts = shifts
    self.buckets = buckets
  }

  @inline(__always) private static func hash(_ first: UInt8, _ second: UInt8) -> Int { (Int(first) << 5 ^ Int(second)) & (tableSize - 1) }

  private static func spellings(_ first: UInt8, _ second: UInt8) -> [Int] {
    func cases(_ byte: UInt8) -> [UInt8] { byte &- 0x61 < 26 ? [byte, byte ^ 0x20] : [byte] }
    return cases(first).flatMap { first in cases(second).map { hash(first, $0) } }
  }

  /// Adds the indexes of all literals that occur to `found`, without repetition and in no particular order.
  func scan(_ line: UnsafeBufferPointer<UInt8>, into found: inout [Int]) {
    guard window >= 2, line.count >= window else { return }
    shifts.withUnsafeBufferPointer { shifts in
      var end = window - 1
      while end < line.count {
        let shift = Int(shifts[Self.hash(line[end - 1], line[end])])
        if shift > 0 {
          end += shift
        } else {
          compare(line, windowEnd: end, into: &found)
          end += 1
        }
      }
    }
  }

  private func compare(_ line: UnsafeBufferPointer<UInt8>, windowEnd end: Int, into found: inout [Int]) {
    let start = end + 1 - window
    for index in buckets[Self.hash(line[end - 1], line[end])] {
      let range = ranges[index]
      guard start + range.count <= line.count else { continue }
      var offset = 0
      while offset < range.count {
        let byte = line[start + offset]
        guard (ignoresCase ? asciiLowercase(byte) : byte) == bytes[range.lowerBound + offset] else { break }
        offset += 1
      }
      if offset == range.count, !found.contains(index) { found.append(index) }
    }
  }
}
