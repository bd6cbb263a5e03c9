/// Reads a whole exposition and makes its layout; the slow path of ``ExpositionParser``.
///
/// It keeps offsets into the text and builds a String per family only.
struct LayoutBuilder {
  let view: ByteView
  let format: ExpositionFormat
  let reading: ExpositionRules
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
  var remarks = RemarkLog()
  /// A line `# EOF` was read.
  var hasEnded = false
  /// The line of the previous layout that the next line is expected to be.
  var cursor = 0
  /// Which series of the previous layout are here again; one that is there twice is marked once.
  var kept: [Bool]
  /// Where what precedes the next sample begins: the end of the last sample's line.
  var segmentStart = 0

  init(
    view: ByteView, format: ExpositionFormat, reading: ExpositionRules, numbers: NumberScanner, hash: SeriesHash,
    previous: SeriesLayout?, previousText: ByteView
  ) {
    self.view = view
    self.format = format
    self.reading = reading
    self.numbers = numbers
    self.hash = hash
    self.previous = previous
    self.previousText = previousText
    kept = [Bool](repeating: false, count: previous?.count ?? 0)
    // A large text is counted first: arrays that grow by copying would need twice the memory.
    let expected = previous?.count ?? (view.count > 1 << 23 ? view.sampleLineCount : view.count / 72)
    spans.reserveCapacity(expected)
    rows.reserveCapacity(expected)
    values.reserveCapacity(expected)
  }

  var isOpenMetrics: Bool { format == .openMetrics }

  /// What the text must keep to in every word.
  var isStrict: Bool { reading == .strict }

  /// Reads all lines.
  mutating func readAll() throws(ParseFailure) {
    var index = try afterByteOrderMark()
    while index < view.count {
      let start = index
      let familyCount = families.count
      do throws(ParseFailure) {
        if hasEnded { throw ParseFailure(index, "nothing can follow '# EOF'") }
        let byte = view[index]
        if ByteClass.isMetricNameStart(byte) || byte == ByteClass.openBrace {
          index = view.afterLineEnd(try sample(index))
        } else if byte == ByteClass.hash {
          index = isOpenMetrics ? try openMetricsComment(index) : try textComment(index)
        } else {
          index = try otherLine(index)
        }
      } catch {
        index = try lose(error, from: start, familyCount: familyCount)
      }
    }
    try finishReading()
  }

  /// Reads a line that is neither a sample nor a comment; returns where to go on.
  private mutating func otherLine(_ index: Int) throws(ParseFailure) -> Int {
    if view.isLineEnd(index) {
      if isOpenMetrics { try deviate(index, "OpenMetrics has no empty lines") }
      return view.afterLineEnd(index)
    }
    if !isOpenMetrics, ByteClass.isBlank(view[index]) { return view.skipBlanks(index) }
    throw ParseFailure(index, "expected a metric name, '{' or '#' at the start of the line, found \(view.found(index))")
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
    if isOpenMetrics, isStrict {
      rule = try checkOpenMetrics(&row, known, tail, valueStart: valueStart)
    } else {
      if known.role != .plain { rule = textRule(known) }
      if !isStrict {
        if isOpenMetrics { row.traits.insert(.exemplar) }
        if rule.rawValue != 0, value < 0 { throw ParseFailure(valueStart, "a bucket or a count of a histogram cannot be negative") }
      }
    }
    // Now that the sample is read for good; a look at the layout before left its cursor behind the series it found.
    if row.id != 0 { kept[cursor - 1] = true }
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
