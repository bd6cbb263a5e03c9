/// OpenMetrics 1.0's rules on names, types, grouping and order, as far as the Python client's parser checks them.
extension LayoutBuilder {
  /// The family that a HELP, TYPE or UNIT line is about: the one being read, or a new one.
  mutating func describe(_ name: String, _ start: Int) throws(ParseFailure) -> Int {
    if let current = checks.family, families[current].name.hasSameBytes(as: name) {
      if families[current].hasSamples {
        throw ParseFailure(start, "the HELP, TYPE and UNIT lines of the metric \(name.escapedForError) must stand before its samples")
      }
      return current
    }
    return try startFamily(name, start)
  }

  mutating func resolveOpenMetrics(_ name: String, _ start: Int) throws(ParseFailure) -> (family: Int, role: SampleRole) {
    if let current = checks.family, let role = role(of: name, in: families[current]) {
      families[current].hasSamples = true
      return (current, role)
    }
    let family = try startFamily(name, start)
    families[family].type = .unknown
    families[family].hasSamples = true
    return (family, .plain)
  }

  private func role(of name: String, in family: FamilyDraft) -> SampleRole? {
    let roles = (family.type ?? .unknown).openMetricsRoles
    if name.hasSameBytes(as: family.name) { return roles.contains(.plain) ? .plain : nil }
    guard name.utf8.starts(with: family.name.utf8) else { return nil }
    let suffix = name.utf8.dropFirst(family.name.utf8.count)
    return SampleRole.suffixes.first { roles.contains($0.role) && suffix.elementsEqual($0.text.utf8) }?.role
  }

  private mutating func startFamily(_ name: String, _ start: Int) throws(ParseFailure) -> Int {
    try closeFamily()
    if name.hasSuffix("_total"), families.contains(where: { $0.type == .counter && $0.name.hasSameBytes(as: name) }) {
      throw ParseFailure(
        start, "OpenMetrics declares a counter without the ending _total of its samples: # TYPE \(name.dropLast(6)) counter")
    }
    if checks.takenNames.contains(NameBytes(name)) {
      throw ParseFailure(
        start,
        "the name \(name.escapedForError) belongs to a family further up: a family's lines must stand together and names cannot clash")
    }
    names.removeAll()
    lastName = nil
    let family = addFamily(name, start)
    checks.startFamily(family)
    return family
  }

  /// Checks what can only be said when all lines of a family are there.
  mutating func closeFamily() throws(ParseFailure) {
    guard let index = checks.family else { return }
    try closeHistogram()
    let family = families[index]
    let type = family.type ?? .unknown
    if let unit = family.unit, !unit.isEmpty, type == .info || type == .stateset {
      throw ParseFailure(family.offset, "a family of type \(type.rawValue) cannot have a unit")
    }
    var taken: Set<NameBytes> = [NameBytes(family.name)]
    for role in type.openMetricsRoles {
      guard let suffix = SampleRole.suffixes.first(where: { $0.role == role })?.text else { continue }
      taken.insert(NameBytes(family.name + suffix))
    }
    if let clash = taken.first(where: checks.takenNames.contains) {
      throw ParseFailure(family.offset, "the name \(clash.text.escapedForError) belongs to another family further up")
    }
    checks.takenNames.formUnion(taken)
    checks.family = nil
  }

  /// Checks a sample against those before it; returns what its value has to keep to.
  mutating func checkOpenMetrics(
    _ row: inout SeriesRow, _ known: KnownName, _ tail: SampleTail, valueStart: Int
  ) throws(ParseFailure) -> ValueRules.Constraints {
    let type = known.type
    let offset = Int(row.keyStart)
    var group = scan.labelSum
    var rule = ValueRules.Constraints()
    if known.role.accumulates { rule.insert(.notNaN) }
    if known.role.accumulates, known.role != .gaugeSum { rule.insert(.notNegative) }
    switch (type, known.role) {
    case (.info, _):
      group = 0
      rule.insert(.one)
    case (.stateset, _):
      group &-= try stateLabel(families[Int(known.family)].name, offset)
      rule.insert(.zeroOrOne)
    case (.summary, .plain):
      group &-= try quantile(offset)
      rule.insert(.notNegative)
    case (_, .bucket), (_, .count), (_, .gaugeCount):
      rule.insert(.whole)
    default: break
    }
    var bound: Double?
    if known.role == .bucket {
      let (hash, value) = try bucketBound(offset)
      group &-= hash
      bound = value
    }
    if (type == .counter && known.role == .total) || known.role == .bucket { row.traits.insert(.exemplar) }
    if tail.hasExemplar, !row.traits.contains(.exemplar) {
      throw ParseFailure(valueStart, "only buckets and the totals of counters can have an exemplar")
    }
    try checkRepeated(group, known.role, tail.instant, offset)
    try checkGroup(group, tail.instant, type, offset)
    if type == .histogram || type == .gaugehistogram {
      try checkHistogram(group, known.role, bound, tail.instant, offset, &rule)
    }
    return rule
  }

  /// A series stands there once; with timestamps it may have several points. The order of buckets is checked elsewhere.
  private mutating func checkRepeated(
    _ group: UInt64, _ role: SampleRole, _ instant: SampleTail.Instant?, _ offset: Int
  ) throws(ParseFailure) {
    guard instant == nil, role != .bucket else { return }
    let series = (scan.labelSum ^ UInt64(role.rawValue)) &* 0x9E37_79B9_7F4A_7C15
    guard group == checks.group else {
      if !checks.series.isEmpty { checks.series.removeAll(keepingCapacity: true) }
      checks.firstSeries = series
      return
    }
    if checks.series.isEmpty { checks.series.insert(checks.firstSeries) }
    if !checks.series.insert(series).inserted { throw ParseFailure(offset, "this series has a sample already further up") }
  }

  private mutating func checkGroup(
    _ group: UInt64, _ instant: SampleTail.Instant?, _ type: MetricType, _ offset: Int
  ) throws(ParseFailure) {
    if let current = checks.group {
      if group != current {
        if checks.finishedGroups.contains(group) {
          throw ParseFailure(offset, "the samples of one set of labels must stand together")
        }
        checks.finishedGroups.insert(current)
      } else {
        if (instant == nil) != (checks.groupInstant == nil) {
          throw ParseFailure(offset, "either all samples of one set of labels have a timestamp, or none")
        }
        if let instant, let before = checks.groupInstant, before > instant, type != .info {
          throw ParseFailure(offset, "timestamps cannot go back within one set of labels")
        }
      }
    }
    checks.group = group
    checks.groupInstant = instant
  }

  private func label(_ name: String) -> LabelSpan? {
    scan.labels.first { view.string($0.name).hasSameBytes(as: name) }
  }

  private func stateLabel(_ name: String, _ offset: Int) throws(ParseFailure) -> UInt64 {
    guard let label = label(name) else {
      throw ParseFailure(offset, "a sample of a state set needs a label of the name of its family")
    }
    return label.hash
  }

  private func quantile(_ offset: Int) throws(ParseFailure) -> UInt64 {
    guard let label = scan.labels.first(where: { view.equals($0.name, "quantile") }) else {
      throw ParseFailure(offset, "a sample of a summary needs a label 'quantile'")
    }
    guard let value = number(label.value), value >= 0, value <= 1 else {
      throw ParseFailure(Int(label.value.start), "the label 'quantile' must be a number from 0 to 1")
    }
    return label.hash
  }

  private func bucketBound(_ offset: Int) throws(ParseFailure) -> (hash: UInt64, bound: Double) {
    guard let label = scan.labels.first(where: { view.equals($0.name, "le") }) else {
      throw ParseFailure(offset, "a bucket needs a label 'le'")
    }
    guard let bound = number(label.value), !bound.isNaN, bound != .infinity || view.equals(label.value, "+Inf") else {
      throw ParseFailure(Int(label.value.start), "the label 'le' must be a number, or +Inf in this spelling")
    }
    return (label.hash, bound)
  }
}
