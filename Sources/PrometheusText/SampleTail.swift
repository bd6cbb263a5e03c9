/// What may follow a value on its line: a timestamp and, in OpenMetrics, an exemplar.
struct SampleTail {
  /// The place of the line's end.
  var end: Int
  /// Milliseconds, ``Scrape/absent`` when there is none.
  var timestamp: Int64
  /// The same, exact; OpenMetrics only.
  var instant: Instant?
  var hasExemplar: Bool

  /// Seconds and nanoseconds, as far as OpenMetrics' timestamps are compared.
  struct Instant: Comparable {
    var seconds: Int64
    var nanoseconds: Int64

    static func < (left: Instant, right: Instant) -> Bool {
      (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Rounded to milliseconds, kept within Int64.
    var milliseconds: Int64 {
      let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
      let (sum, overflowToo) = product.addingReportingOverflow((nanoseconds + 500_000) / 1_000_000)
      if overflow || overflowToo { return seconds < 0 ? -.max : .max }
      return sum == Scrape.absent ? sum + 1 : sum
    }
  }
}

/// Reads what follows a value.
struct TailScanner {
  let view: ByteView
  let numbers: NumberScanner
  let hash: SeriesHash

  /// 0.0.4: blanks, a whole number of milliseconds, blanks. `start` is the place after the value.
  func text(_ start: Int) throws(ParseFailure) -> SampleTail {
    var index = view.skipBlanks(start)
    if view.isLineEnd(index) { return SampleTail(end: index, timestamp: Scrape.absent, instant: nil, hasExemplar: false) }
    guard index > start else {
      throw ParseFailure(start, "expected a blank or the end of the line after the value, found \(view.found(start))")
    }
    let tokenStart = index
    let negative = view[index] == 0x2D
    if negative || view[index] == 0x2B { index += 1 }
    let digitStart = index
    var total: Int64 = 0
    while ByteClass.isDigit(view.byte(index)) {
      let (product, overflow) = total.multipliedReportingOverflow(by: 10)
      let (sum, overflowToo) = product.subtractingReportingOverflow(Int64(view[index] &- 0x30))
      if overflow || overflowToo { throw ParseFailure(tokenStart, "the timestamp is out of range") }
      total = sum
      index += 1
    }
    guard index > digitStart, view.isLineEnd(index) || ByteClass.isBlank(view[index]) else {
      throw ParseFailure(tokenStart, "expected a whole number of milliseconds as the timestamp, found \(view.token(tokenStart))")
    }
    if !negative, total == .min { throw ParseFailure(tokenStart, "the timestamp is out of range") }
    let end = view.skipBlanks(index)
    guard view.isLineEnd(end) else { throw ParseFailure(end, "nothing can follow the timestamp, found \(view.token(end))") }
    let value = negative ? total : -total
    return SampleTail(end: end, timestamp: value == Scrape.absent ? value + 1 : value, instant: nil, hasExemplar: false)
  }

  /// OpenMetrics: ` timestamp`, ` # {labels} value [timestamp]`, both or none, one space each.
  func openMetrics(_ start: Int) throws(ParseFailure) -> SampleTail {
    var tail = SampleTail(end: start, timestamp: Scrape.absent, instant: nil, hasExemplar: false)
    if view.isLineEnd(start) { return tail }
    guard view[start] == ByteClass.space else {
      throw ParseFailure(start, "expected one space or the end of the line after the value, found \(view.found(start))")
    }
    var index = start + 1
    if view.byte(index) != ByteClass.hash {
      let instant = try timestamp(index, end: &index)
      tail.instant = instant
      tail.timestamp = instant.milliseconds
      tail.end = index
      if view.isLineEnd(index) { return tail }
      index += 1
    }
    guard view.byte(index) == ByteClass.hash, view.byte(index + 1) == ByteClass.space, view.byte(index + 2) == ByteClass.openBrace
    else { throw ParseFailure(index, "expected an exemplar, '# {labels} value', or the end of the line, found \(view.found(index))") }
    tail.hasExemplar = true
    tail.end = try exemplar(index + 2)
    return tail
  }

  private func exemplar(_ open: Int) throws(ParseFailure) -> Int {
    var scan = KeyScan()
    var index = try LabelScanner(view: view, hash: hash, isStrict: true).scan(open, into: &scan)
    if let name = scan.quotedName { throw ParseFailure(Int(name.start) - 1, "an exemplar has no metric name") }
    let length = scan.labels.reduce(0) {
      $0 + view.string($1.name).unicodeScalars.count + view.string($1.value).unicodeScalars.count
    }
    if length > 128 { throw ParseFailure(open, "an exemplar's labels can have 128 characters together, these have \(length)") }
    guard view.byte(index) == ByteClass.space else { throw ParseFailure(index, "expected one space before the exemplar's value") }
    var value = 0.0
    let valueStart = index + 1
    index = numbers.scan(view, valueStart, into: &value)
    guard index > 0, view.isLineEnd(index) || view[index] == ByteClass.space else {
      throw ParseFailure(valueStart, "expected a number as the exemplar's value, found \(view.token(valueStart))")
    }
    if view.isLineEnd(index) { return index }
    _ = try timestamp(index + 1, end: &index)
    guard view.isLineEnd(index) else { throw ParseFailure(index, "nothing can follow the exemplar's timestamp") }
    return index
  }

  /// Reads seconds at `start`; `end` becomes the place after them, which is a space or the end of the line.
  private func timestamp(_ start: Int, end: inout Int) throws(ParseFailure) -> SampleTail.Instant {
    var value = 0.0
    end = numbers.scan(view, start, into: &value)
    guard end > 0, view.isLineEnd(end) || view[end] == ByteClass.space, value.isFinite else {
      throw ParseFailure(start, "expected a number of seconds as the timestamp, found \(view.token(start))")
    }
    return decimal(start, end) ?? binary(value)
  }

  /// The exact reading of `[-]digits[.digits]` that fits; nanoseconds beyond the ninth digit are cut off.
  private func decimal(_ start: Int, _ end: Int) -> SampleTail.Instant? {
    var index = start
    let negative = view[index] == 0x2D
    if negative || view[index] == 0x2B { index += 1 }
    var seconds: Int64 = 0
    while index < end, ByteClass.isDigit(view[index]) {
      let (product, overflow) = seconds.multipliedReportingOverflow(by: 10)
      let (sum, overflowToo) = product.addingReportingOverflow(Int64(view[index] &- 0x30))
      if overflow || overflowToo { return nil }
      seconds = sum
      index += 1
    }
    var nanoseconds: Int64 = 0
    if index < end, view[index] == 0x2E {
      index += 1
      var unit: Int64 = 100_000_000
      while index < end, ByteClass.isDigit(view[index]) {
        nanoseconds += Int64(view[index] &- 0x30) * unit
        unit /= 10
        index += 1
      }
    }
    guard index == end else { return nil }
    if !negative { return .init(seconds: seconds, nanoseconds: nanoseconds) }
    return nanoseconds == 0
      ? .init(seconds: -seconds, nanoseconds: 0) : .init(seconds: -seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
  }

  private func binary(_ value: Double) -> SampleTail.Instant {
    let whole = value.rounded(.down)
    guard let seconds = Int64(exactly: whole) else { return .init(seconds: whole < 0 ? -.max : .max, nanoseconds: 0) }
    return .init(seconds: seconds, nanoseconds: Int64((value - whole) * 1e9))
  }
}

extension ByteView {
  /// The text up to the next blank or line end, quoted and bounded, for an error's sentence.
  func token(_ start: Int) -> String {
    if isLineEnd(start) { return found(start) }
    var end = start
    while !isLineEnd(end), !ByteClass.isBlank(self[end]), end - start < 40 { end += 1 }
    return end == start ? found(start) : "'\(escaped(start, end))'"
  }
}
