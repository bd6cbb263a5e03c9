extension LayoutBuilder {
  /// Resolves the bare name at `start`; most often it is the name of the line before.
  @inline(__always)
  mutating func bareName(_ start: Int) throws(ParseFailure) -> KnownName {
    if let last = lastName, view.matches(start, view, last.start, last.length),
      !ByteClass.isMetricName(view.byte(start + last.length))
    {
      return last
    }
    return try otherName(start)
  }

  @inline(never)
  private mutating func otherName(_ start: Int) throws(ParseFailure) -> KnownName {
    var end = start + 1
    while end < view.count, ByteClass.isMetricName(view[end]) { end += 1 }
    let next = view.byte(end)
    guard next == ByteClass.space || next == ByteClass.openBrace || (next == ByteClass.tab && !isOpenMetrics) else {
      if view.isLineEnd(end) { throw ParseFailure(end, "expected a value after the metric name, found \(view.found(end))") }
      throw ParseFailure(end, "a metric name cannot contain \(view.found(end))")
    }
    let nameHash = hash.bytes(view, start, end)
    if let known = names.find(view, start, end, hash: nameHash) {
      lastName = known
      return known
    }
    let (family, role) = try resolve(view.string(start, end), start)
    let known = KnownName(
      start: start, length: end - start, hash: nameHash, family: Int32(truncatingIfNeeded: family),
      type: families[family].type ?? .unknown, role: role)
    names.add(known)
    lastName = known
    return known
  }

  /// Resolves a name written in quotes inside the braces.
  mutating func quotedName(_ name: TextSpan, _ start: Int) throws(ParseFailure) -> KnownName {
    let (family, role) = try resolve(view.string(name), start)
    return KnownName(
      start: start, length: 0, hash: hash.span(name, in: view), family: Int32(truncatingIfNeeded: family),
      type: families[family].type ?? .unknown, role: role)
  }

  /// The family of a sample's name, and what the sample is to it.
  private mutating func resolve(_ name: String, _ start: Int) throws(ParseFailure) -> (family: Int, role: SampleRole) {
    if isOpenMetrics, isStrict { return try resolveOpenMetrics(name, start) }
    if let family = familyIndices[NameBytes(name)] {
      if families[family].type == nil { families[family].type = .unknown }
      families[family].hasSamples = true
      return (family, .plain)
    }
    for (suffix, role) in SampleRole.suffixes where name.utf8.count > suffix.utf8.count && name.hasSuffix(suffix) {
      if let family = familyIndices[NameBytes(String(name.dropLast(suffix.count)))], let type = families[family].type,
        isOpenMetrics ? type.scraperRoles.contains(role) : type.textRoles.contains(role)
      {
        families[family].hasSamples = true
        return (family, role)
      }
    }
    let family = addFamily(name, start)
    families[family].type = .unknown
    families[family].hasSamples = true
    return (family, .plain)
  }

  mutating func addFamily(_ name: String, _ start: Int) -> Int {
    families.append(FamilyDraft(name: name, offset: start))
    familyIndices[NameBytes(name)] = families.count - 1
    return families.count - 1
  }

  /// Reads the labels that open at `open`; returns the place after them.
  @inline(__always)
  mutating func labels(_ open: Int) throws(ParseFailure) -> Int {
    try LabelScanner(view: view, hash: hash, isStrict: isOpenMetrics).scan(open, into: &scan)
  }

  /// Reads what follows the bare name up to the value.
  @inline(__always)
  mutating func series(_ start: Int, _ nameEnd: Int, _ known: KnownName, into row: inout SeriesRow) throws(ParseFailure) -> Int {
    var index = isOpenMetrics ? nameEnd : view.skipBlanks(nameEnd)
    if view.byte(index) == ByteClass.openBrace {
      index = try labels(index)
      if let name = scan.quotedName { throw ParseFailure(Int(name.start) - 1, "the metric name is there twice") }
      return try finishKey(start, index, known, into: &row)
    }
    return try finishKey(start, nameEnd, known, into: &row)
  }

  /// Completes the row of the series that ends at `keyEnd`; returns the place of the value.
  @inline(__always)
  mutating func finishKey(_ start: Int, _ keyEnd: Int, _ known: KnownName, into row: inout SeriesRow) throws(ParseFailure) -> Int {
    row.hash = hash.series(name: known.hash, labels: scan.labelSum)
    if scan.isRaw { row.traits.insert(.rawLabels) }
    if !isOpenMetrics || !isStrict { try checkTextLabels(known) }
    if previous != nil { identify(start, keyEnd, into: &row) }
    if isOpenMetrics {
      guard view.byte(keyEnd) == ByteClass.space else {
        throw ParseFailure(keyEnd, "expected one space before the value, found \(view.found(keyEnd))")
      }
      return keyEnd + 1
    }
    return view.skipBlanks(keyEnd)
  }

  /// Takes over what the previous layout knows when the line begins with the same series; returns the place of the value.
  @inline(__always)
  mutating func reuse(_ start: Int, _ known: KnownName, into row: inout SeriesRow) -> Int? {
    guard let previous, cursor < previous.rows.count, !isOpenMetrics, previous.format == .text else { return nil }
    let old = previous.rows[cursor]
    let length = Int(previous.spans[cursor].valueStart &- old.keyStart)
    guard view.matches(start, previousText, Int(old.keyStart), length), !old.traits.contains(.rawLabels) else { return nil }
    let valueStart = start + length
    // The labels were checked under the old family's type.
    guard previous.families[Int(old.family)].type == known.type, !view.isLineEnd(valueStart), !ByteClass.isBlank(view[valueStart]),
      view[valueStart] != ByteClass.openBrace,
      length > known.length
    else { return nil }
    row.hash = old.hash
    row.id = old.id
    cursor += 1
    return valueStart
  }

  /// Finds the series in the previous layout and goes on from there.
  private mutating func identify(_ start: Int, _ keyEnd: Int, into row: inout SeriesRow) {
    guard let previous else { return }
    let isRaw = scan.isRaw
    let found = previous.table.first(hash: row.hash) { index in
      previous.rows[index].hash == row.hash && isSame(index, in: previous, start, keyEnd, isRaw: isRaw)
    }
    guard let found else { return }
    row.id = previous.rows[found].id
    cursor = found + 1
  }

  private func isSame(_ index: Int, in layout: SeriesLayout, _ start: Int, _ keyEnd: Int, isRaw: Bool) -> Bool {
    let old = layout.rows[index]
    var oldEnd = Int(layout.spans[index].valueStart)
    while oldEnd > Int(old.keyStart), ByteClass.isBlank(previousText[oldEnd - 1]) { oldEnd -= 1 }
    let length = keyEnd - start
    if !isRaw, !old.traits.contains(.rawLabels), oldEnd - Int(old.keyStart) == length,
      view.matches(start, previousText, Int(old.keyStart), length)
    {
      return true
    }
    return layout.key(at: index) == KeyDecoder(view: view, rawLabels: isRaw).key(start, keyEnd)
  }

  /// Like expfmt, refuses a bucket bound or a quantile that is no number.
  @inline(__always)
  private func checkTextLabels(_ known: KnownName) throws(ParseFailure) {
    if known.type == .histogram || known.type == .gaugehistogram { try checkNumber("le") }
    if known.type == .summary { try checkNumber("quantile") }
  }

  private func checkNumber(_ label: StaticString) throws(ParseFailure) {
    for span in scan.labels where view.equals(span.name, label) {
      guard number(span.value) != nil else {
        throw ParseFailure(
          Int(span.value.start), "the label \(label) must be a number, found '\(view.escaped(Int(span.value.start), Int(span.value.end)))'")
      }
    }
  }

  /// The number that a label's value is; nil when it is none.
  func number(_ span: TextSpan) -> Double? {
    let part = ByteView(base: view.base, count: Int(span.end))
    var value = 0.0
    return numbers.scan(part, Int(span.start), into: &value) == Int(span.end) && span.start < span.end ? value : nil
  }
}
