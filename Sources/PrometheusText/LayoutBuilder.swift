/// Reads a whole exposition and makes its layout; the slow path of ``ExpositionParser``.
///
/// It keeps offsets into the text and builds a String per family only.
struct LayoutBuilder {
  let view: ByteView
  let format: ExpositionFormat
  let numbers: NumberScanner
  let hash: SeriesHash
  /// The layout before and its text: lines that it has already are not scanned again, series keep their numbers.
  let previous: SeriesLayout?
  let previousText: ByteView

  var spans: [LineSpan] = []
  var rows: [SeriesRow] = []
  var values: [Double] = []
  var timestamps: [Int64] = []
  var rules = ValueRules()

  var families: [FamilyDraft] = []
  var familyIndices: [NameBytes: Int] = [:]
  var names = NameCache()
  var lastName: KnownName?
  var scan = KeyScan()
  var checks = OpenMetricsChecks()
  /// The line of the previous layout that the next line is expected to be.
  var cursor = 0
  /// Which series of the previous layout are here again; one that is there twice is marked once.
  var kept: [Bool]
  /// Where what precedes the next sample begins: the end of the last sample's line.
  var segmentStart = 0

  init(
    view: ByteView, format: ExpositionFormat, numbers: NumberScanner, hash: SeriesHash, previous: SeriesLayout?,
    previousText: ByteView
  ) {
    self.view = view
    self.format = format
    self.numbers = numbers
    self.hash = hash
    self.previous = previous
    self.previousText = previousText
    kept = [Bool](repeating: false, count: previous?.count ?? 0)
    let expected = previous?.count ?? view.count / 72
    spans.reserveCapacity(expected)
    rows.reserveCapacity(expected)
    values.reserveCapacity(expected)
  }

  var isOpenMetrics: Bool { format == .openMetrics }

  /// Reads all lines.
  mutating func readAll() throws(ParseFailure) {
    var index = 0
    var ended = false
    while index < view.count {
      if ended { throw ParseFailure(index, "nothing can follow '# EOF'") }
      let byte = view[index]
      if ByteClass.isMetricNameStart(byte) || byte == ByteClass.openBrace {
        index = view.afterLineEnd(try sample(index))
      } else if byte == ByteClass.hash {
        if isOpenMetrics {
          index = try openMetricsComment(index, ended: &ended)
        } else {
          index = try textComment(index)
        }
      } else if isOpenMetrics {
        if view.isLineEnd(index) { throw ParseFailure(index, "OpenMetrics has no empty lines") }
        throw ParseFailure(index, "expected a metric name, '{' or '#' at the start of the line, found \(view.found(index))")
      } else if ByteClass.isBlank(byte) {
        index = view.skipBlanks(index)
      } else if view.isLineEnd(index) {
        index = view.afterLineEnd(index)
      } else {
        throw ParseFailure(index, "expected a metric name, '{' or '#' at the start of the line, found \(view.found(index))")
      }
    }
    if isOpenMetrics {
      guard ended else { throw ParseFailure(view.count, "the text must end with a line '# EOF'; it may have been cut off") }
      try closeFamily()
    }
    if let broken = rules.firstBroken(values) { throw ParseFailure(Int(spans[broken.index].valueStart), broken.message) }
  }

  /// Reads the sample at the start of a line; returns the place of the line's end.
  @inline(__always)
  private mutating func sample(_ start: Int) throws(ParseFailure) -> Int {
    scan.reset()
    var known: KnownName
    var valueStart: Int
    var row = SeriesRow(hash: 0, id: 0, keyStart: UInt32(truncatingIfNeeded: start), family: 0, traits: [])
    if view[start] != ByteClass.openBrace {
      known = try bareName(start)
      let nameEnd = start + known.length
      if let end = reuse(start, known, into: &row) {
        valueStart = end
      } else {
        valueStart = try series(start, nameEnd, known, into: &row)
      }
    } else {
      let keyEnd = try labels(start)
      guard let name = scan.quotedName else { throw ParseFailure(start, "the series has no metric name") }
      known = try quotedName(name, start)
      valueStart = try finishKey(start, keyEnd, known, into: &row)
    }
    row.family = known.family

    var value = 0.0
    let valueEnd = numbers.scan(view, valueStart, into: &value)
    guard valueEnd > 0 else { throw ParseFailure(valueStart, "expected a number as the value, found \(view.token(valueStart))") }
    var end = valueEnd
    var tail = SampleTail(end: valueEnd, timestamp: Scrape.absent, instant: nil, hasExemplar: false)
    if view.byte(valueEnd) != ByteClass.newline {
      tail = try self.tail(valueStart, valueEnd)
      end = tail.end
    }
    try append(row, known, value, tail, valueStart: valueStart)
    segmentStart = end
    return end
  }

  private func tail(_ valueStart: Int, _ valueEnd: Int) throws(ParseFailure) -> SampleTail {
    guard view.isLineEnd(valueEnd) || ByteClass.isBlank(view[valueEnd]) else {
      throw ParseFailure(valueStart, "expected a number as the value, found \(view.token(valueStart))")
    }
    let scanner = TailScanner(view: view, numbers: numbers, hash: hash)
    return isOpenMetrics ? try scanner.openMetrics(valueEnd) : try scanner.text(valueEnd)
  }

  @inline(__always)
  private mutating func append(
    _ row: SeriesRow, _ known: KnownName, _ value: Double, _ tail: SampleTail, valueStart: Int
  ) throws(ParseFailure) {
    var row = row
    var rule = ValueRules.Constraints()
    if isOpenMetrics {
      rule = try checkOpenMetrics(&row, known, tail, valueStart: valueStart)
    } else if known.role != .plain {
      rule = textRule(known)
    }
    if tail.timestamp != Scrape.absent || !timestamps.isEmpty {
      if timestamps.isEmpty { timestamps = [Int64](repeating: Scrape.absent, count: values.count) }
      timestamps.append(tail.timestamp)
    }
    spans.append(LineSpan(start: UInt32(truncatingIfNeeded: segmentStart), valueStart: UInt32(truncatingIfNeeded: valueStart)))
    rows.append(row)
    values.append(value)
    if rule.rawValue != 0 || !rules.perSeries.isEmpty { addRule(rule) }
  }

  /// Series without a rule before the first that has one are filled in then.
  private mutating func addRule(_ rule: ValueRules.Constraints) {
    if rules.perSeries.isEmpty {
      rules.perSeries.reserveCapacity(rows.capacity)
      rules.perSeries.append(contentsOf: repeatElement([], count: rows.count - 1))
    }
    rules.perSeries.append(rule)
  }

  /// Like expfmt, refuses histograms that count below zero.
  private func textRule(_ known: KnownName) -> ValueRules.Constraints {
    known.type == .histogram && (known.role == .bucket || known.role == .count) ? .notNegative : []
  }
}
