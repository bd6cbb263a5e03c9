extension LayoutBuilder {
  /// Makes the scrape of what was read; the layout is the previous one when the shape is the same.
  /// - Parameter owner: the text, where it is an array already: it is shared then, not copied.
  mutating func finish(_ identities: inout SeriesIdentities, owner: [UInt8]?) -> Scrape {
    if let previous, isSameShape(as: previous) {
      return Scrape(layout: previous, values: values, rawTimestamps: timestamps)
    }
    var table = SeriesHashTable(capacity: rows.count)
    var repeated: [Int] = []
    for index in rows.indices {
      let hash = rows[index].hash
      let first = table.insert(index, hash: hash) { rows[$0].hash == hash && isSameSeries($0, index) }
      if first != index {
        repeated.append(index)
        rows[index].id = rows[first].id
      } else if rows[index].id == 0 {
        rows[index].id = identities.number(of: key(at: index))
      }
    }
    if let previous { identities.retire(previous, except: kept) }
    let layout = SeriesLayout(
      families: families.map(\.family), format: format, repeatedIndices: repeated, remarks: remarks.located(in: view),
      text: owner ?? Array(UnsafeBufferPointer(start: view.base, count: view.count)), spans: spans, rows: rows,
      tailStart: segmentStart, rules: rules, table: table, hash: hash, lostNames: remarks.lostNames, lostRanges: remarks.lostRanges)
    return Scrape(layout: layout, values: values, rawTimestamps: timestamps)
  }

  private func key(at index: Int) -> SeriesKey {
    KeyDecoder(view: view, rawLabels: rows[index].traits.contains(.rawLabels)).key(
      Int(rows[index].keyStart), Int(spans[index].valueStart))
  }

  private func isSameSeries(_ left: Int, _ right: Int) -> Bool {
    let start = Int(rows[left].keyStart)
    let otherStart = Int(rows[right].keyStart)
    let length = Int(spans[left].valueStart) - start
    if rows[left].traits == rows[right].traits, Int(spans[right].valueStart) - otherStart == length,
      view.matches(start, view, otherStart, length)
    {
      return true
    }
    return key(at: left) == key(at: right)
  }

  /// Only asked when the cheap comparison does not decide: an OpenMetrics text with timestamps is always read in full.
  private func isSameShape(as layout: SeriesLayout) -> Bool {
    guard layout.format == format, layout.spans.count == spans.count, layout.rules == rules, !timestamps.isEmpty else { return false }
    for index in spans.indices {
      let span = spans[index]
      let old = layout.spans[index]
      guard span.length == old.length, view.matches(Int(span.start), previousText, Int(old.start), span.length) else { return false }
    }
    let tail = view.count - segmentStart
    return layout.text.count - layout.tailStart == tail && view.matches(segmentStart, previousText, layout.tailStart, tail)
  }
}
