/// Reads labels whose values were written without escaping, as MediaMTX does: `paths{name="a"b\",state="ready"} 1`.
///
/// Only 0.0.4, only after the proper grammar failed, and only where one reading is possible: a quote closes a value when
/// `,name="` or `}` and a number follow. A value whose inner quote could have closed it before a label that is written wrongly
/// (`zone-id="3"`, `b=2`, `b:"2"`) has a second reading and is refused.
struct RawLabelScanner {
  let view: ByteView
  let hash: SeriesHash

  /// Reads from the `{` at `open`; returns the place after the `}`, nil when it cannot be read this way.
  @inline(never)
  func scan(_ open: Int, into scan: inout KeyScan) -> Int? {
    let quotedName = scan.quotedName
    scan.reset()
    scan.isRaw = true
    guard quotedName == nil else { return nil }
    let labels = LabelScanner(view: view, hash: hash, isStrict: false)
    var index = view.skipBlanks(open + 1)
    while view.byte(index) != ByteClass.closeBrace {
      guard let opening = quoteAfterName(index) else { return nil }
      var nameEnd = index
      while ByteClass.isLabelName(view.byte(nameEnd)) { nameEnd += 1 }
      guard let closing = closingQuote(opening + 1), view.firstInvalidUTF8(opening + 1, closing) == nil,
        !hasSecondReading(opening + 1, closing)
      else { return nil }
      let name = TextSpan(index, nameEnd, isEscaped: false)
      let value = TextSpan(opening + 1, closing, isEscaped: false)
      guard (try? labels.append(name, value, index, into: &scan)) != nil else { return nil }
      index = view.skipBlanks(closing + 1)
      if view.byte(index) == ByteClass.comma { index = view.skipBlanks(index + 1) }
    }
    return scan.labels.isEmpty ? nil : index + 1
  }

  /// The quote that opens a value when a label name and `=` stand at `start`.
  private func quoteAfterName(_ start: Int) -> Int? {
    guard ByteClass.isLabelNameStart(view.byte(start)) else { return nil }
    var index = start
    while ByteClass.isLabelName(view.byte(index)) { index += 1 }
    index = view.skipBlanks(index)
    guard view.byte(index) == ByteClass.equals else { return nil }
    index = view.skipBlanks(index + 1)
    return view.byte(index) == ByteClass.quote ? index : nil
  }

  /// Whether a quote inside the value could have closed it before another label: a comma and later a `=` or `:` follow, or a `=` or
  /// `:` before a further quote.
  private func hasSecondReading(_ start: Int, _ closing: Int) -> Bool {
    var lastSign = -1
    var lastQuoted = -1
    for index in start..<closing where view[index] == ByteClass.equals || view[index] == UInt8(ascii: ":") {
      lastSign = index
      if view.byte(view.skipBlanks(index + 1)) == ByteClass.quote { lastQuoted = index }
    }
    var index = view.firstIndex(of: ByteClass.quote, start, closing)
    while index < closing {
      if lastQuoted > index { return true }
      if lastSign > index, view.byte(view.skipBlanks(index + 1)) == ByteClass.comma { return true }
      index = view.firstIndex(of: ByteClass.quote, index + 1, closing)
    }
    return false
  }

  private func closingQuote(_ start: Int) -> Int? {
    let end = view.lineEnd(start)
    var index = start
    while true {
      index = view.firstIndex(of: ByteClass.quote, index, end)
      guard index < end else { return nil }
      let next = view.skipBlanks(index + 1)
      switch view.byte(next) {
      case ByteClass.comma:
        let after = view.skipBlanks(next + 1)
        if quoteAfterName(after) != nil { return index }
        if view.byte(after) == ByteClass.closeBrace, valueFollows(after + 1) { return index }
        // Two commas or a quoted label name: a mistake in proper labels, not an unescaped value.
        if view.byte(after) == ByteClass.comma || view.byte(after) == ByteClass.quote { return nil }
      case ByteClass.closeBrace:
        if valueFollows(next + 1) { return index }
      default:
        if quoteAfterName(next) != nil { return nil }
      }
      index += 1
    }
  }

  private func valueFollows(_ start: Int) -> Bool {
    NumberScanner.withScanner { numbers in
      var value = 0.0
      let end = numbers.scan(view, view.skipBlanks(start), into: &value)
      return end > 0 && (view.isLineEnd(end) || ByteClass.isBlank(view[end]))
    }
  }
}
