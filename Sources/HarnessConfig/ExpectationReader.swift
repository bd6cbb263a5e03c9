import HarnessModel

/// Makes expectations of the elements of a scenario's list.
struct ExpectationReader {
  /// The kinds of rules by their word, and the fields that each has besides the common ones.
  static let kinds: [String: [String]] = [
    "counter": ["signal", "series", "labels", "sum", "equals", "at_least", "at_most", "delta"],
    "gauge": ["signal", "series", "labels", "sum", "equals", "at_least", "at_most", "when"],
    "events": ["event", "detail", "equals", "at_least", "at_most"],
    "sync": ["figure", "within_ms", "share", "segments"],
    "output-duration": ["within_ms"],
    "pts-rise": [],
    "output-unbroken": [],
    "breaker-opens": ["failures"],
    "breaker-cooldown": [],
    "breaker-sequence": ["states"],
    "breaker-stays-closed": [],
    "breaker-gauge-agrees": ["within_s"],
    "fallback-only-while-open": [],
    "fallback-while-open": [],
    "pause-holds": [],
    "slow-down-holds": [],
    "inflight-limit": ["limit"],
    "backoff": ["attempts"],
    "fresh-session": [],
    "recovers": [],
    "exits-with-failure": ["service"],
    "logs-quiet": ["above", "allow", "services"],
    "healthy": ["services"],
    "fragments-accounted": [],
    "snapshot": [],
  ]
  private static let common = ["id", "expect", "title", "by_s", "optional"]

  let reader: NodeReader

  /// Reads one element.
  func expectation(_ field: NodeReader.Field) -> Expectation? {
    guard let all = reader.mapping(field, allowed: nil) else { return nil }
    let word = reader.required("expect", in: all, of: field)
    guard let word, let kind = reader.text(word) else { return nil }
    guard let own = Self.kinds[kind] else {
      let names = Self.kinds.keys.sorted()
      let hint =
        NearestWord.find(kind, among: names) == nil ? "; valid are " + names.joined(separator: ", ") : NearestWord.hint(kind, among: names)
      reader.report(word, "unknown kind of expectation \"\(kind)\"" + hint)
      return nil
    }
    guard let fields = reader.mapping(field, allowed: Self.common + own) else { return nil }
    let idField = reader.required("id", in: fields, of: field)
    let id = reader.text(idField)
    if let idField, let id, !ScenarioReader.isName(id) {
      reader.report(idField, "must be small letters, digits and hyphens, 64 at most, but is \"\(id)\"")
    }
    let title = reader.text(fields["title"])
    let deadline = reader.number(fields["by_s"], in: 0.1...86_400)
    let isOptional = reader.flag(fields["optional"]) ?? false
    guard let rule = rule(kind, fields, field), let id else { return nil }
    return Expectation(id: id, title: title, rule: rule, deadlineSeconds: deadline, isOptional: isOptional)
  }

  private func rule(_ kind: String, _ fields: [String: NodeReader.Field], _ field: NodeReader.Field) -> Expectation.Rule? {
    switch kind {
    case "counter":
      guard let selector = selector(fields, of: field), let (comparison, value) = comparison(fields, of: field) else { return nil }
      return .counter(selector, comparison, value, isDelta: reader.flag(fields["delta"]) ?? false)
    case "gauge": return gauge(fields, field)
    case "events":
      guard let pattern = pattern(fields), let (comparison, value) = comparison(fields, of: field) else { return nil }
      guard value == value.rounded(), (0...1e9).contains(value) else {
        reader.report(field, "counts happenings: its number must be whole and not negative")
        return nil
      }
      return .events(pattern, comparison, Int(value))
    case "sync":
      guard let figure = reader.word(reader.required("figure", in: fields, of: field), Expectation.SyncFigure.self) else { return nil }
      return .sync(
        figure, thresholdMilliseconds: reader.number(fields["within_ms"], in: 0.001...60_000),
        share: reader.number(fields["share"], in: 0...1), segments: reader.integer(fields["segments"], in: 1...1_000_000) ?? 1)
    case "output-duration": return .outputDuration(toleranceSeconds: (reader.number(fields["within_ms"], in: 0...60_000) ?? 500) / 1000)
    case "breaker-opens": return .breakerOpens(failures: reader.integer(fields["failures"], in: 1...1000))
    case "breaker-sequence": return sequence(fields, field)
    case "breaker-gauge-agrees": return .breakerGaugeAgrees(withinSeconds: reader.number(fields["within_s"], in: 0...600) ?? 2)
    case "inflight-limit": return .inflightLimit(reader.integer(fields["limit"], in: 1...1000))
    case "backoff": return .backoff(attempts: reader.integer(fields["attempts"], in: 1...100) ?? 1)
    case "exits-with-failure":
      return reader.text(reader.required("service", in: fields, of: field)).map { .exitsWithFailure(ServiceName($0)) }
    case "logs-quiet":
      guard let level = reader.word(reader.required("above", in: fields, of: field), LogLevel.self) else { return nil }
      let allowed = texts(fields["allow"])
      for (index, text) in allowed.enumerated() where text.utf8.count < 3 {
        reader.report(path: "\(field.path).allow[\(index)]", "is shorter than 3 bytes: it would excuse too much")
      }
      return .logsQuiet(above: level, allowed: allowed, services: texts(fields["services"]).map { ServiceName($0) })
    case "healthy": return .healthy(texts(fields["services"]).map { ServiceName($0) })
    default: return Self.plain[kind]
    }
  }

  /// The kinds that have no field of their own.
  private static let plain: [String: Expectation.Rule] = [
    "pts-rise": .presentationTimesRise, "output-unbroken": .outputUnbroken, "breaker-cooldown": .breakerCooldown,
    "breaker-stays-closed": .breakerStaysClosed, "fallback-only-while-open": .fallbackOnlyWhileOpen,
    "fallback-while-open": .fallbackWhileOpen, "pause-holds": .pauseHolds, "slow-down-holds": .slowDownHolds,
    "fresh-session": .freshSession, "recovers": .recovers, "fragments-accounted": .fragmentsAccounted, "snapshot": .snapshot,
  ]

  private func gauge(_ fields: [String: NodeReader.Field], _ field: NodeReader.Field) -> Expectation.Rule? {
    guard let selector = selector(fields, of: field) else { return nil }
    let exact = reader.number(fields["equals"])
    let low = exact ?? reader.number(fields["at_least"])
    let high = exact ?? reader.number(fields["at_most"])
    if low == nil, high == nil { reader.report(field, "needs a bound: equals, at_least or at_most") }
    if let low, let high, low > high { reader.report(field, "at_least \(low) is above at_most \(high)") }
    if exact != nil, let extra = fields["at_least"] ?? fields["at_most"] { reader.report(extra, "does not go with equals") }
    guard let time = reader.word(reader.required("when", in: fields, of: field), Expectation.GaugeTime.self) else { return nil }
    return .gauge(selector, minimum: low, maximum: high, time)
  }

  private func sequence(_ fields: [String: NodeReader.Field], _ field: NodeReader.Field) -> Expectation.Rule? {
    guard let list = reader.required("states", in: fields, of: field), let elements = reader.list(list) else { return nil }
    let states = elements.compactMap { reader.word($0, BreakerState.self) }
    if states.isEmpty { reader.report(list, "names no state") }
    return .breakerSequence(states)
  }

  private func comparison(_ fields: [String: NodeReader.Field], of parent: NodeReader.Field) -> (Comparison, Double)? {
    let found = Comparison.allCases.filter { fields[$0.rawValue] != nil }
    guard found.count == 1, let comparison = found.first else {
      reader.report(parent, "needs exactly one of " + Comparison.allCases.map(\.rawValue).joined(separator: ", "))
      return nil
    }
    return reader.number(fields[comparison.rawValue]).map { (comparison, $0) }
  }

  /// `signal: NAME`, or `series: NAME` with `labels` and `sum`.
  func selector(_ fields: [String: NodeReader.Field], of parent: NodeReader.Field) -> MetricSelector? {
    switch (fields["signal"], fields["series"]) {
    case (let signal?, nil):
      for name in ["labels", "sum"] { if let extra = fields[name] { reader.report(extra, "goes with series, not with signal") } }
      guard let text = reader.text(signal) else { return nil }
      let known = SignalID.known.map(\.text)
      guard known.contains(text) else {
        reader.report(signal, "unknown signal \"\(text)\"" + NearestWord.hint(text, among: known))
        return nil
      }
      return .signal(SignalID(text))
    case (nil, let series?):
      return reader.text(series).map {
        .series($0, labels: reader.texts(fields["labels"]) ?? [:], sums: reader.flag(fields["sum"]) ?? false)
      }
    case (nil, nil): reader.report(parent, "names no metric: it needs signal or series")
    case (_?, let series?): reader.report(series, "does not go with signal: one of them is enough")
    }
    return nil
  }

  /// `event: NAME` with `detail`.
  func pattern(_ fields: [String: NodeReader.Field]) -> EventPattern? {
    guard let event = fields["event"] else { return nil }
    return reader.word(event, EventPattern.Name.self).map { EventPattern($0, detail: reader.text(fields["detail"])) }
  }

  private func texts(_ field: NodeReader.Field?) -> [String] {
    guard let field, let list = reader.list(field) else { return [] }
    return list.compactMap { reader.text($0) }
  }
}
