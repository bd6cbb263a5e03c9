/// What happens where a text deviates from its format.
extension LayoutBuilder {
  /// Refuses the text under the strict rules, else says what deviates and goes on: nothing is lost by it.
  mutating func deviate(_ offset: Int, _ message: String) throws(ParseFailure) {
    let failure = ParseFailure(offset, message)
    if isStrict { throw failure }
    remarks.note(failure, .nothing)
  }

  /// Leaves out the line at `start`, and what of it is in the builder already; returns where to go on.
  mutating func lose(_ failure: ParseFailure, from start: Int, familyCount: Int) throws(ParseFailure) -> Int {
    if isStrict { throw failure }
    let isComment = view[start] == ByteClass.hash
    let end = view.afterLineEnd(isComment ? view.lineEnd(start) : endOfLostSample(start))
    remarks.note(failure, isComment ? .comment : .sample)
    remarks.lose(start..<end, name: isComment ? nil : lostName(start))
    if families.count > familyCount {
      for family in families[familyCount...] { familyIndices[NameBytes(family.name)] = nil }
      families.removeLast(families.count - familyCount)
    }
    // The line's own name may have been resolved to a family that is gone.
    names.removeAll()
    lastName = nil
    return end
  }

  /// Where a sample ends that could not be read. Its line, but where a label value holds a raw line end: what follows that is part of
  /// the value and must not be read as a sample of its own.
  private func endOfLostSample(_ start: Int) -> Int {
    let lineEnd = view.lineEnd(start)
    let open = view.firstIndex(of: ByteClass.openBrace, start, lineEnd)
    guard open < lineEnd else { return lineEnd }
    // A quote that was never closed must not swallow the rest.
    let part = ByteView(base: view.base, count: min(view.count, start + Self.longestLostSample))
    var scan = KeyScan()
    let labels = LabelScanner(view: part, hash: hash, isStrict: false, takesLineEnds: true)
    guard let close = try? labels.scan(open, into: &scan), close > lineEnd else { return lineEnd }
    var value = 0.0
    let valueEnd = numbers.scan(part, part.skipBlanks(close), into: &value)
    return valueEnd > 0 && (part.isLineEnd(valueEnd) || ByteClass.isBlank(part[valueEnd])) ? view.lineEnd(valueEnd) : lineEnd
  }

  /// Bytes that a sample with raw line ends may have.
  private static let longestLostSample = 1 << 16

  /// The metric name of a sample that could not be read; empty when it is not known, nil when the line is no sample at all.
  private func lostName(_ start: Int) -> String? {
    if view[start] == ByteClass.openBrace { return "" }
    var end = start
    while ByteClass.isMetricName(view.byte(end)) { end += 1 }
    guard end > start, view.isLineEnd(end) || ByteClass.isBlank(view[end]) || view[end] == ByteClass.openBrace else { return nil }
    return view.string(start, end)
  }

  /// Where the text begins.
  mutating func afterByteOrderMark() throws(ParseFailure) -> Int {
    guard view.count >= 3, view[0] == 0xEF, view[1] == 0xBB, view[2] == 0xBF, !isStrict else { return 0 }
    try deviate(0, "the text begins with a byte order mark")
    return 3
  }

  /// Checks what can only be said at the end.
  mutating func finishReading() throws(ParseFailure) {
    if isOpenMetrics {
      guard hasEnded else { throw ParseFailure(view.count, "the text must end with a line '# EOF'; it may have been cut off") }
      if isStrict { try closeFamily() }
    }
    if isStrict, let broken = rules.firstBroken(values) {
      throw ParseFailure(Int(spans[broken.index].valueStart), broken.message)
    }
    // A page of which hardly a line reads as a sample is no exposition, whatever those lines say.
    if let first = remarks.firstLost, rows.isEmpty || (remarks.lostSamples >= 3 && remarks.lostSamples > rows.count) { throw first }
  }
}

extension ByteView {
  /// How many lines begin as a sample does.
  var sampleLineCount: Int {
    var count = 0
    var index = 0
    while index < self.count {
      if ByteClass.isMetricNameStart(self[index]) || self[index] == ByteClass.openBrace { count += 1 }
      index = firstIndex(of: ByteClass.newline, index, self.count) + 1
    }
    return count
  }
}
