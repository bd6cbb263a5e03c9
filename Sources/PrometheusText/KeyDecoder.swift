/// Builds the texts of a series from its bytes.
struct KeyDecoder {
  let view: ByteView
  let rawLabels: Bool

  /// The series at `start`; `end` is at or after its end, with nothing but blanks between.
  ///
  /// Invariant: a scanner accepted these bytes before, so that no failure can come up; one would give a series without a name.
  func key(_ start: Int, _ end: Int) -> SeriesKey {
    let part = ByteView(base: view.base, count: end)
    var scan = KeyScan()
    var nameEnd = start
    while nameEnd < end, ByteClass.isMetricName(part[nameEnd]) { nameEnd += 1 }
    let open = part.skipBlanks(nameEnd)
    let hash = SeriesHash(seed: 0)
    if part.byte(open) == ByteClass.openBrace {
      if rawLabels {
        // The rule that closes a raw value looks at the sample's value behind the labels.
        _ = RawLabelScanner(view: view, hash: hash).scan(open, into: &scan)
      } else {
        _ = try? LabelScanner(view: part, hash: hash, isStrict: false).scan(open, into: &scan)
      }
    }
    let name = scan.quotedName.map { view.string($0) } ?? view.string(start, nameEnd)
    return SeriesKey(name: name, labels: scan.labels.map { SeriesLabel(name: view.string($0.name), value: view.string($0.value)) })
  }
}
