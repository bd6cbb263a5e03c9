/// Reads a text that has the shape of a known layout: the fast path of ``ExpositionParser``.
///
/// The text is a chain of pieces that stay, each followed by a value: `# TYPE a gauge\na{b="c"} `, `1`, `\na{b="d"} `, `2`.
/// A piece that stays is compared at once, comments and all; only values (of any length), timestamps and exemplars are read.
struct SameShapeReader {
  let view: ByteView
  let layout: SeriesLayout
  let numbers: NumberScanner
  let hash: SeriesHash

  /// The scrape; nil when the shape is another, something is wrong, or OpenMetrics timestamps have to be checked in full.
  func read() -> Scrape? {
    var timestamps: [Int64] = []
    var isSame = false
    let values = [Double](unsafeUninitializedCapacity: layout.spans.count) { buffer, initializedCount in
      // Invariant: entries 0..<initializedCount are written, all of them only when the shape is the same.
      isSame = read(into: buffer, &timestamps)
      initializedCount = isSame ? layout.spans.count : 0
    }
    guard isSame, layout.rules.hold(values) else { return nil }
    return Scrape(layout: layout, values: values, rawTimestamps: timestamps)
  }

  private func read(into values: UnsafeMutableBufferPointer<Double>, _ timestamps: inout [Int64]) -> Bool {
    layout.text.withView { known in
      layout.spans.withUnsafeBufferPointer { spans in
        var index = 0
        for sample in 0..<spans.count {
          let span = spans[sample]
          guard view.matches(index, known, Int(span.start), span.length) else { return false }
          let valueEnd = numbers.scan(view, index + span.length, into: &values[sample])
          guard valueEnd > 0 else { return false }
          index = valueEnd
          if view.byte(index) != ByteClass.newline || !timestamps.isEmpty {
            guard readTail(&index, sample, &timestamps) else { return false }
          }
        }
        let tail = known.count - layout.tailStart
        return view.count - index == tail && view.matches(index, known, layout.tailStart, tail)
      }
    }
  }

  @inline(never)
  private func readTail(_ index: inout Int, _ sample: Int, _ timestamps: inout [Int64]) -> Bool {
    let scanner = TailScanner(view: view, numbers: numbers, hash: hash)
    let tail: SampleTail?
    if layout.format == .openMetrics {
      tail = try? scanner.openMetrics(index)
    } else {
      tail = try? scanner.text(index)
    }
    guard let tail, tail.instant == nil else { return false }
    if tail.hasExemplar, !layout.rows[sample].traits.contains(.exemplar) { return false }
    if tail.timestamp != Scrape.absent || !timestamps.isEmpty {
      if timestamps.isEmpty {
        timestamps.reserveCapacity(layout.spans.count)
        timestamps.append(contentsOf: repeatElement(Scrape.absent, count: sample))
      }
      timestamps.append(tail.timestamp)
    }
    index = tail.end
    return true
  }
}
