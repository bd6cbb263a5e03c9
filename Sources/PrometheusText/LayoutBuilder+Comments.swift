extension LayoutBuilder {
  private enum Keyword {
    case help, type, unit
  }

  /// Reads the 0.0.4 comment whose `#` is at `start`; returns the start of the next line.
  mutating func textComment(_ start: Int) throws(ParseFailure) -> Int {
    let lineEnd = view.lineEnd(start)
    let next = view.afterLineEnd(lineEnd)
    let wordStart = view.skipBlanks(start + 1)
    var wordEnd = wordStart
    while wordEnd < lineEnd, !ByteClass.isBlank(view[wordEnd]) { wordEnd += 1 }
    let keyword: Keyword
    if view.equals(wordStart, wordEnd, "HELP") {
      keyword = .help
    } else if view.equals(wordStart, wordEnd, "TYPE") {
      keyword = .type
    } else {
      return next
    }
    let nameStart = view.skipBlanks(wordEnd)
    if nameStart >= lineEnd { return next }
    let (name, nameEnd) = try commentName(nameStart)
    guard nameEnd >= lineEnd || ByteClass.isBlank(view[nameEnd]) else {
      throw ParseFailure(nameEnd, "a metric name cannot contain \(view.found(nameEnd)): write it in quotes")
    }
    let family = familyIndices[NameBytes(name)] ?? addDescribedFamily(name, start)
    let textStart = min(view.skipBlanks(nameEnd), lineEnd)
    switch keyword {
    case .help:
      if textStart < lineEnd { try setHelp(family, textStart, lineEnd, name) }
    case .type, .unit:
      try setTextType(family, textStart, lineEnd, name)
    }
    return next
  }

  private mutating func addDescribedFamily(_ name: String, _ start: Int) -> Int {
    // Names that were resolved to a longer family's samples, `x_count`, may be this family's own from now on.
    names.removeAll()
    lastName = nil
    return addFamily(name, start)
  }

  private mutating func setHelp(_ family: Int, _ start: Int, _ end: Int, _ name: String) throws(ParseFailure) {
    if families[family].help != nil {
      // The first one stays.
      return try deviate(start, "a second HELP line for the metric \(name.escapedForError)")
    }
    if let invalid = view.firstInvalidUTF8(start, end) { throw ParseFailure(invalid, "the help text is not valid UTF-8") }
    families[family].help = String(decoding: ByteView.unescaped(view.slice(start, end), quotes: isOpenMetrics), as: UTF8.self)
  }

  private mutating func setTextType(_ family: Int, _ start: Int, _ lineEnd: Int, _ name: String) throws(ParseFailure) {
    let usable = "use counter, gauge, histogram, summary or untyped"
    guard start < lineEnd else { throw ParseFailure(start, "a TYPE line without a type: \(usable)") }
    var end = start
    while end < lineEnd, !ByteClass.isBlank(view[end]) { end += 1 }
    let word = end - start <= 32 ? String(decoding: view.slice(start, end), as: UTF8.self).lowercased() : ""
    guard let type = word == "untyped" ? .unknown : word == "gauge_histogram" ? .gaugehistogram : MetricType(rawValue: word) else {
      throw ParseFailure(start, "unknown metric type \(view.token(start)): \(usable)")
    }
    let next = view.skipBlanks(end)
    if next < lineEnd { try deviate(next, "nothing can follow the type on its line, found \(view.token(next))") }
    try setType(type, of: family, start, name)
  }

  /// Gives a family its type. Where the text takes back what it said, samples further up keep what they were read under.
  mutating func setType(_ type: MetricType, of family: Int, _ start: Int, _ name: String) throws(ParseFailure) {
    var family = family
    let draft = families[family]
    if draft.hasSamples, !draft.isTypeDeclared || isStrict {
      try deviate(start, "the TYPE line of the metric \(name.escapedForError) must stand before its samples")
      if draft.isTypeDeclared || !type.hasPlainSamples { family = addFamily(name, start) }
    } else if draft.isTypeDeclared {
      try deviate(start, "a second TYPE line for the metric \(name.escapedForError)")
      if draft.type == type { return }
      if draft.hasSamples { family = addFamily(name, start) }
    }
    families[family].type = type
    families[family].isTypeDeclared = true
    names.removeAll()
    lastName = nil
  }

  /// Reads the OpenMetrics line whose `#` is at `start`; returns the start of the next line.
  mutating func openMetricsComment(_ start: Int) throws(ParseFailure) -> Int {
    let lineEnd = view.lineEnd(start)
    let next = view.afterLineEnd(lineEnd)
    if view.equals(start, lineEnd, "# EOF") {
      hasEnded = true
      return next
    }
    let keywordEnd = start + 6
    let keyword: Keyword
    if keywordEnd < lineEnd, view.equals(start, keywordEnd, "# HELP") {
      keyword = .help
    } else if keywordEnd < lineEnd, view.equals(start, keywordEnd, "# TYPE") {
      keyword = .type
    } else if keywordEnd < lineEnd, view.equals(start, keywordEnd, "# UNIT") {
      keyword = .unit
    } else {
      try deviate(start, "OpenMetrics has '# HELP', '# TYPE', '# UNIT' and '# EOF' lines and no other comments")
      return next
    }
    guard view[keywordEnd] == ByteClass.space else {
      throw ParseFailure(keywordEnd, "expected one space after the keyword, found \(view.found(keywordEnd))")
    }
    let (name, nameEnd) = try commentName(keywordEnd + 1)
    guard nameEnd < lineEnd, view[nameEnd] == ByteClass.space else {
      throw ParseFailure(nameEnd, "expected one space and a text after the metric name, found \(view.found(nameEnd))")
    }
    let family = isStrict ? try describe(name, start) : familyIndices[NameBytes(name)] ?? addDescribedFamily(name, start)
    let textStart = nameEnd + 1
    switch keyword {
    case .help:
      try setHelp(family, textStart, lineEnd, name)
    case .type:
      if isStrict, families[family].type != nil {
        throw ParseFailure(start, "a second TYPE line for the metric \(name.escapedForError)")
      }
      guard let type = lineEnd - textStart <= 32 ? MetricType(rawValue: view.string(textStart, lineEnd)) : nil else {
        throw ParseFailure(textStart, "unknown metric type '\(view.escaped(textStart, min(lineEnd, textStart + 40)))'")
      }
      try setType(type, of: family, start, name)
    case .unit:
      try setUnit(family, textStart, lineEnd, name)
    }
    return next
  }

  private mutating func setUnit(_ family: Int, _ start: Int, _ end: Int, _ name: String) throws(ParseFailure) {
    if families[family].unit != nil { return try deviate(start, "a second UNIT line for the metric \(name.escapedForError)") }
    if let invalid = view.firstInvalidUTF8(start, end) { throw ParseFailure(invalid, "the unit is not valid UTF-8") }
    let unit = view.string(start, end)
    if !unit.isEmpty, !name.hasSuffix("_" + unit), !name.hasSuffix("." + unit) {
      try deviate(start, "the name of the metric must end with '_' and its unit '\(view.escaped(start, end))'")
    }
    families[family].unit = unit
  }

  /// Reads the metric name, bare or quoted, of a HELP, TYPE or UNIT line.
  private func commentName(_ start: Int) throws(ParseFailure) -> (name: String, end: Int) {
    if view.byte(start) == ByteClass.quote {
      let (span, end) = try LabelScanner(view: view, hash: hash, isStrict: true).quotedName(start)
      return (view.string(span), end)
    }
    guard ByteClass.isMetricNameStart(view.byte(start)) else {
      throw ParseFailure(start, "expected a metric name, found \(view.found(start))")
    }
    var end = start + 1
    while end < view.count, ByteClass.isMetricName(view[end]) { end += 1 }
    return (view.string(start, end), end)
  }
}

extension String {
  /// The text in quotes, escaped and bounded, for an error's sentence.
  var escapedForError: String {
    let bytes = Array(utf8)
    return bytes.withView { "\"\($0.escaped(0, Swift.min($0.count, 80)))\"" }
  }
}
