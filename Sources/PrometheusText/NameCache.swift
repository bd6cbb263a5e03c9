/// A sample name that was resolved already: its family and role.
struct KnownName {
  var start: Int
  var length: Int
  var hash: UInt64
  var family: Int32
  /// The family's type: fixed once it has a sample.
  var type: MetricType
  var role: SampleRole
}

/// The sample names of the text so far, found by their bytes; only bare names.
struct NameCache {
  private var entries: [KnownName] = []
  private var table = SeriesHashTable(capacity: 64)
  private var capacity = 64

  mutating func removeAll() {
    if entries.isEmpty { return }
    entries.removeAll(keepingCapacity: true)
    table = SeriesHashTable(capacity: 64)
    capacity = 64
  }

  func find(_ view: ByteView, _ start: Int, _ end: Int, hash: UInt64) -> KnownName? {
    let found = table.first(hash: hash) { index in
      let entry = entries[index]
      return entry.length == end - start && view.matches(start, view, entry.start, entry.length)
    }
    return found.map { entries[$0] }
  }

  mutating func add(_ name: KnownName) {
    entries.append(name)
    if entries.count > capacity {
      capacity *= 4
      table = SeriesHashTable(capacity: capacity)
      for (index, entry) in entries.enumerated() { _ = table.insert(index, hash: entry.hash, isSame: { _ in false }) }
    } else {
      _ = table.insert(entries.count - 1, hash: name.hash, isSame: { _ in false })
    }
  }
}
