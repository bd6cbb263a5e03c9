/// Reads the labels of a series, `{...}`, and checks them.
///
/// OpenMetrics is read strictly. The 0.0.4 grammar also takes what its readers take: blanks anywhere, one comma too many at
/// either end, and blanks instead of a comma (Prometheus' own lexer).
struct LabelScanner {
  let view: ByteView
  let hash: SeriesHash
  let isStrict: Bool
  /// A label value may run over line ends, to find where a broken one ends.
  var takesLineEnds = false

  /// What stands before the place that is looked at.
  private enum Before {
    case brace, comma, label
  }

  /// Reads from the `{` at `open`; returns the place after the `}`.
  @inline(__always)
  func scan(_ open: Int, into scan: inout KeyScan) throws(ParseFailure) -> Int {
    do {
      return try labels(open, into: &scan)
    } catch {
      // MediaMTX writes label values without escaping them; what is unambiguous is read all the same.
      guard !isStrict, !takesLineEnds, let end = RawLabelScanner(view: view, hash: hash).scan(open, into: &scan) else { throw error }
      return end
    }
  }

  @inline(__always)
  private func labels(_ open: Int, into scan: inout KeyScan) throws(ParseFailure) -> Int {
    var index = open + 1
    var before = Before.brace
    while true {
      let elementStart = isStrict ? index : view.skipBlanks(index)
      let byte = view.byte(elementStart)
      if byte == ByteClass.closeBrace {
        if isStrict, before == .comma { throw ParseFailure(elementStart, "a label must follow the comma") }
        return elementStart + 1
      }
      if byte == ByteClass.comma {
        if before == .comma || (isStrict && before == .brace) { throw ParseFailure(elementStart, "a label must stand before this comma") }
        before = .comma
        index = elementStart + 1
        continue
      }
      if before == .label, isStrict || elementStart == index || view.isLineEnd(elementStart) {
        throw ParseFailure(elementStart, "expected ',' or '}' after the label value, found \(view.found(elementStart))")
      }
      index = try element(elementStart, into: &scan)
      before = .label
    }
  }

  /// Reads `name="value"` or the quoted metric name; returns the place after it.
  @inline(__always)
  private func element(_ start: Int, into scan: inout KeyScan) throws(ParseFailure) -> Int {
    let first = view.byte(start)
    var index = start
    let name: TextSpan
    if ByteClass.isLabelNameStart(first) {
      index += 1
      while ByteClass.isLabelName(view.byte(index)) { index += 1 }
      name = TextSpan(start, index, isEscaped: false)
    } else if first == ByteClass.quote {
      (name, index) = try quotedName(start)
    } else {
      throw ParseFailure(start, "expected a label name, found \(view.found(start))")
    }
    let nameEnd = index
    if !isStrict { index = view.skipBlanks(index) }
    guard view.byte(index) == ByteClass.equals else {
      if first != ByteClass.quote {
        throw ParseFailure(index, "expected '=' after the label name, found \(view.found(index))")
      }
      try metricName(name, start, next: index, into: &scan)
      return nameEnd
    }
    index += 1
    if !isStrict { index = view.skipBlanks(index) }
    guard view.byte(index) == ByteClass.quote else {
      throw ParseFailure(index, "expected '\"' before the label value, found \(view.found(index))")
    }
    let value = try labelValue(index + 1)
    try append(name, value, start, into: &scan)
    return Int(value.end) + 1
  }

  @inline(__always)
  func append(_ name: TextSpan, _ value: TextSpan, _ start: Int, into scan: inout KeyScan) throws(ParseFailure) {
    let nameHash = hash.span(name, in: view)
    let label = LabelSpan(
      name: name, value: value, nameHash: nameHash, hash: hash.label(name: nameHash, value: hash.span(value, in: view)))
    if name.end - name.start == 8, view.equals(name, "__name__") {
      throw ParseFailure(start, "the label name \"__name__\" is reserved")
    }
    if scan.count >= 512 { throw ParseFailure(start, "a series can have at most 512 labels") }
    for index in 0..<scan.count where scan[index].nameHash == nameHash {
      guard view.bytes(scan[index].name) == view.bytes(name) else { continue }
      throw ParseFailure(start, "the label \"\(view.escaped(start, Int(name.end)))\" is there twice")
    }
    scan.append(label)
  }

  private func metricName(_ name: TextSpan, _ start: Int, next: Int, into scan: inout KeyScan) throws(ParseFailure) {
    let byte = view.byte(next)
    guard byte == ByteClass.comma || byte == ByteClass.closeBrace else {
      throw ParseFailure(next, "expected ',', '}' or '=' after the quoted name, found \(view.found(next))")
    }
    if scan.quotedName != nil { throw ParseFailure(start, "the metric name is there twice") }
    scan.quotedName = name
  }

  /// Reads the label value whose content starts at `start`.
  @inline(__always)
  private func labelValue(_ start: Int) throws(ParseFailure) -> TextSpan {
    var index = start
    var isEscaped = false
    var seen: UInt8 = 0
    while true {
      let byte = view.byte(index)
      if byte == ByteClass.quote { break }
      if byte == ByteClass.newline, !takesLineEnds || index >= view.count {
        throw ParseFailure(start - 1, "the label value is not closed on its line")
      }
      seen |= byte
      index += 1
      if byte == ByteClass.backslash {
        isEscaped = true
        if view.byte(index) != ByteClass.newline {
          seen |= view.byte(index)
          index += 1
        }
      }
    }
    if seen >= 0x80, let invalid = view.firstInvalidUTF8(start, index) {
      throw ParseFailure(invalid, "the label value is not valid UTF-8")
    }
    return TextSpan(start, index, isEscaped: isEscaped)
  }

  /// Reads the quoted metric or label name that opens at `open`: only the escapes `\\`, `\"` and `\n`, never empty.
  func quotedName(_ open: Int) throws(ParseFailure) -> (TextSpan, Int) {
    var index = open + 1
    var isEscaped = false
    while true {
      let byte = view.byte(index)
      if byte == ByteClass.quote { break }
      if byte == ByteClass.newline { throw ParseFailure(open, "the quoted name is not closed on its line") }
      if byte == ByteClass.backslash {
        isEscaped = true
        let next = view.byte(index + 1)
        guard next == ByteClass.backslash || next == ByteClass.quote || next == UInt8(ascii: "n") else {
          throw ParseFailure(index, "a quoted name can hold the escapes \\\\, \\\" and \\n only")
        }
        index += 1
      }
      index += 1
    }
    if index == open + 1 { throw ParseFailure(open, "a name cannot be empty") }
    if let invalid = view.firstInvalidUTF8(open + 1, index) { throw ParseFailure(invalid, "the quoted name is not valid UTF-8") }
    return (TextSpan(open + 1, index, isEscaped: isEscaped), index + 1)
  }
}

extension ByteView {
  /// What stands at that place, for an error's sentence.
  func found(_ index: Int) -> String {
    if index >= count { return "the end of the input" }
    if isLineEnd(index) { return "the end of the line" }
    return "'\(escaped(index, min(count, index + max(1, scalarLength(at: index, end: count)))))'"
  }
}
