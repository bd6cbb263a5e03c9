/// When a time zone's clocks show what, from its file in the system's zone database.
///
/// Read by RFC 8536 (TZif): the 64-bit table of changes where the file has one, and for moments after its last entry the rule in its footer.
package struct ZoneRules: Hashable, Sendable {
  /// When each offset begins, in seconds since 1970-01-01 UTC, in order.
  private let begins: [Int64]
  /// The offset from each of these moments on, in seconds east of UTC.
  private let offsets: [Int]
  /// The offset before the first of them.
  private let first: Int
  /// What holds after the last; nil where the file does not say.
  private let rule: ZoneRule?

  /// The bytes of a zone file; nil where they are none.
  package init?(tzif bytes: [UInt8]) {
    guard let head = Header(bytes, at: 0) else { return nil }
    guard head.version >= 2 else {
      guard let table = Table(bytes, head, at: Header.length, wide: false) else { return nil }
      self.init(table, rule: nil)
      return
    }
    // A block of 32-bit times comes first, for readers of old.
    let second = Header.length + head.bodyLength(wide: false)
    guard let wide = Header(bytes, at: second), let table = Table(bytes, wide, at: second + Header.length, wide: true) else { return nil }
    let footer = bytes[(second + Header.length + wide.bodyLength(wide: true))...]
    guard footer.first == 0x0A, let end = footer.dropFirst().firstIndex(of: 0x0A) else { return nil }
    let text = String(decoding: footer[(footer.startIndex + 1)..<end], as: UTF8.self)
    // An empty footer says nothing of the time after the table.
    let rule = text.isEmpty ? nil : ZoneRule(text)
    if !text.isEmpty, rule == nil { return nil }
    self.init(table, rule: rule)
  }

  private init(_ table: Table, rule: ZoneRule?) {
    (begins, offsets, first) = (table.begins, table.offsets, table.first)
    self.rule = rule
  }

  /// Seconds east of UTC at a moment.
  package func offset(at epochSeconds: Int64) -> Int {
    guard let last = begins.last else { return rule?.offset(at: epochSeconds) ?? first }
    if epochSeconds >= last, let rule { return rule.offset(at: epochSeconds) }
    // The last begin that is not later.
    var (low, high) = (0, begins.count)
    while low < high {
      let middle = (low + high) / 2
      if begins[middle] <= epochSeconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : offsets[low - 1]
  }
}

extension ZoneRules {
  /// RFC 8536, 3.1.
  private struct Header {
    static let length = 44
    /// More is no zone: the largest file of the database has some 240.
    static let most = 10_000

    let version: Int
    let counts: [Int]

    init?(_ bytes: [UInt8], at start: Int) {
      guard start >= 0, start + Self.length <= bytes.count, bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else { return nil }
      version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 0x30
      counts = (0..<6).map { ZoneRules.number(bytes, at: start + 20 + 4 * $0) }
      guard (1...9).contains(version), counts.allSatisfy({ (0...Self.most).contains($0) }), counts[4] > 0 else { return nil }
    }

    var leapSeconds: Int { counts[2] }
    var changes: Int { counts[3] }
    var types: Int { counts[4] }

    func bodyLength(wide: Bool) -> Int {
      let time = wide ? 8 : 4
      return changes * (time + 1) + types * 6 + counts[5] + leapSeconds * (time + 4) + counts[1] + counts[0]
    }
  }

  /// RFC 8536, 3.2.
  private struct Table {
    var begins: [Int64] = []
    var offsets: [Int] = []
    var first = 0

    init?(_ bytes: [UInt8], _ head: Header, at start: Int, wide: Bool) {
      guard start + head.bodyLength(wide: wide) <= bytes.count else { return nil }
      let width = wide ? 8 : 4
      let kinds = start + head.changes * width
      let types = kinds + head.changes
      func offset(_ type: Int) -> Int { ZoneRules.number(bytes, at: types + 6 * type) }
      first = offset(0)
      for index in 0..<head.changes {
        let type = Int(bytes[kinds + index])
        guard type < head.types else { return nil }
        let begin = wide ? ZoneRules.wide(bytes, at: start + 8 * index) : Int64(ZoneRules.number(bytes, at: start + 4 * index))
        if let last = begins.last, begin <= last { return nil }
        begins.append(begin)
        offsets.append(offset(type))
      }
    }
  }

  /// A 32-bit signed number, most significant byte first.
  private static func number(_ bytes: [UInt8], at start: Int) -> Int {
    Int(Int32(bitPattern: bytes[start..<(start + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
  }

  private static func wide(_ bytes: [UInt8], at start: Int) -> Int64 {
    Int64(bitPattern: bytes[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
