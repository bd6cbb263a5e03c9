/// The series of a layout, as a collection that builds each key when it is read and keeps none.
///
/// Reading takes about a microsecond a key: keep what is used more than once.
package struct SeriesKeys: RandomAccessCollection, Sendable {
  let layout: SeriesLayout

  /// Always 0.
  package var startIndex: Int { 0 }
  /// The number of series.
  package var endIndex: Int { layout.rows.count }

  /// The series at that index.
  package subscript(index: Int) -> SeriesKey {
    layout.key(at: index)
  }
}

extension SeriesLayout {
  /// The series at that index.
  package func key(at index: Int) -> SeriesKey {
    let row = rows[index]
    let end = Int(spans[index].valueStart)
    return text.withView { view in
      KeyDecoder(view: view, rawLabels: row.traits.contains(.rawLabels)).key(Int(row.keyStart), end)
    }
  }

  /// The index of that series; nil when there is none. Of a repeated series, the last. Takes constant time.
  package func index(of key: SeriesKey) -> Int? {
    guard let first = table.first(hash: hash.of(key), where: { self.key(at: $0) == key }) else { return nil }
    return repeatedIndices.last { rows[$0].id == rows[first].id } ?? first
  }
}

extension [UInt8] {
  /// Lends the bytes as a view; an empty array as a view of no bytes.
  @inline(__always)
  func withView<Result, Failure: Error>(_ body: (ByteView) throws(Failure) -> Result) throws(Failure) -> Result {
    try withUnsafeBufferPointer { buffer throws(Failure) in try ByteView.with(UnsafeRawBufferPointer(buffer), body) }
  }
}
