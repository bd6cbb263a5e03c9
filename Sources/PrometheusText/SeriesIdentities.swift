/// The numbers of a parser's series.
struct SeriesIdentities: Sendable {
  private var next: UInt64 = 1
  /// Series that went away, so that they get their number back when they return: a restarted service shows few series at first.
  private var retired: [SeriesKey: UInt64] = [:]
  /// Beyond this the series that went away are forgotten all at once: a service that makes up new names must not fill memory.
  static let retiredLimit = 16_384

  /// The number of a series that the previous layout does not have.
  mutating func number(of key: @autoclosure () -> SeriesKey) -> UInt64 {
    if !retired.isEmpty, let known = retired.removeValue(forKey: key()) { return known }
    defer { next += 1 }
    return next
  }

  /// Remembers the series of a layout that are not in the next one.
  mutating func retire(_ layout: SeriesLayout, except kept: [Bool]) {
    for index in layout.rows.indices where !kept[index] && layout.table.first(hash: layout.rows[index].hash, where: { $0 == index }) != nil
    {
      if retired.count >= Self.retiredLimit { retired.removeAll() }
      retired[layout.key(at: index)] = layout.rows[index].id
    }
  }
}
