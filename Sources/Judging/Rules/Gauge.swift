import Events
import RunModel

/// A gauge within bounds.
struct Gauge: Rule {
  /// When it must be within its bounds.
  enum Time: String, Sendable, CaseIterable {
    /// At every moment; a sampled gauge can disprove this and never prove it.
    case always
    /// At the first scrape after the steps.
    case atEnd = "at_end"
    /// At least once.
    case eventually

    var words: String {
      switch self {
      case .always: "always"
      case .atEnd: "at the end"
      case .eventually: "at least once"
      }
    }
  }

  private static let when = RuleField.word("when", Time.self, .required, "when it must be within its bounds")

  static let name = "gauge"
  static let summary = "A gauge within bounds, both included: at the end of the steps, at least once, or always."
  static let fields = MetricSelector.fields + bounds + [when]
  static let witnesses: [Witness] = [.namedMetric]
  static let floor =
    "one endpoint that shows it, not frozen; at_end: a scrape asked for after the steps; eventually: read throughout; "
    + "always: violated or never known"

  private static let bounds = [
    RuleField("equals", .number(nil, unit: ""), .otherwise("at_least or at_most"), "exactly this much"),
    RuleField("at_least", .number(nil, unit: ""), .otherwise("no bound"), "no less than this"),
    RuleField("at_most", .number(nil, unit: ""), .otherwise("no bound"), "no more than this"),
  ]

  let selector: MetricSelector
  let minimum: Double?
  let maximum: Double?
  let time: Time

  init(_ values: RuleValues) throws(RuleMistake) {
    selector = try MetricSelector(values)
    let exact = values.number("equals")
    minimum = exact ?? values.number("at_least")
    maximum = exact ?? values.number("at_most")
    time = try values.word(Self.when)
    if case .signal(let signal) = selector, maximum == nil, let minimum, minimum <= 0, SignalID.neverNegative.contains(signal) {
      throw .cannotFail(.atLeast)
    }
    if minimum == nil, maximum == nil { throw RuleMistake("needs a bound: equals, at_least or at_most") }
    if let minimum, let maximum, minimum > maximum { throw RuleMistake("at_least \(minimum) is above at_most \(maximum)") }
    if exact != nil, let extra = ["at_least", "at_most"].first(where: { values[$0] != nil }) {
      throw RuleMistake("does not go with equals", in: extra)
    }
  }

  var sentence: String { "\(selector.sentence) \(boundsSentence) \(time.words)" }

  private var boundsSentence: String {
    switch (minimum, maximum) {
    case (let low?, let high?) where low == high: "is \(Figure.text(low))"
    case (let low?, let high?): "is \(Figure.text(low)) to \(Figure.text(high))"
    case (let low?, nil): "is at least \(Figure.text(low))"
    case (nil, let high?): "is at most \(Figure.text(high))"
    case (nil, nil): "is there"
    }
  }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .metrics }
    let rule: Gauge
    private var count = 0
    /// How many answers showed it as no number: outside of all bounds, and within them as well.
    private var withoutNumber = 0
    private var last: [ServiceName: Timed<Double>] = [:]
    /// The reading after the steps.
    private var final: [ServiceName: Double] = [:]

    init(rule: Gauge) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .sample(.metrics(let sample)) = event.envelope.event, last.count < 64 else { return }
      if case .notANumber = rule.selector.read(sample) { withoutNumber += 1 }
      guard let number = file.number(rule.selector, in: sample, of: event) else { return }
      count += 1
      last[sample.service] = Timed(number, at: event.at)
      let isWithin = isWithin(number)
      let text = "\(rule.selector.sentence(of: sample.service, file.context)) = \(Figure.text(number))"
      file.note("\(text), read \(Figure.count(count, "time"))")
      // Two endpoints that show it are an error, and one that is not the worker's does not speak for it.
      let isOnly = last.count == 1 && rule.selector.isMeant(sample.service, file.context)
      switch rule.time {
      case .eventually:
        guard isWithin, isOnly else { return }
        file.cite(event, text)
        file.meet(text)
      case .always:
        guard !isWithin, isOnly else { return }
        file.cite(event, text)
        file.violate(text)
      case .atEnd:
        guard let completed = file.context.completedAt,
          sample.askedAt(event.envelope.instant, speed: file.context.speed) >= completed, final[sample.service] == nil
        else { return }
        file.cite(event, text)
        final[sample.service] = number
      }
    }

    private func isWithin(_ number: Double) -> Bool { number >= rule.minimum ?? -.infinity && number <= rule.maximum ?? .infinity }

    mutating func finish(_ file: inout CaseFile) {
      guard last.count <= 1 else {
        return file.leave(
          "\(rule.selector.sentence) is answered by \(last.keys.map(\.text).sorted().joined(separator: " and ")): watch one of them")
      }
      guard let (service, reading) = last.first else {
        if withoutNumber > 0 {
          return file.leave(
            "\(rule.selector.sentence) is not a number (NaN) in \(Figure.count(withoutNumber, "scrape")), and none in the others")
        }
        let blind = file.context.unscraped(file.context.workerMetrics)
        return file.leave(
          file.context.metrics.values.contains { $0.first != nil }
            ? Ignorance("no scrape showed \(rule.selector.sentence)") : blind ?? Ignorance("no metrics were read"))
      }
      guard rule.selector.isMeant(service, file.context) else {
        return file.leave("no scrape of \(file.context.worker) showed \(rule.selector.sentence), and that of \(service) is not its own")
      }
      let frozen = file.context.metrics[service]?.frozenSince.map { file.context.unscraped(service, from: $0) ?? Ignorance("frozen") }
      switch rule.time {
      case .eventually:
        file.violate(
          "never so in \(Figure.count(count, "scrape")), last \(Figure.text(reading.value))", unless: file.context.unscraped(service))
      case .atEnd:
        guard let number = final[service] else {
          let also = withoutNumber > 0 ? ": not a number (NaN) in \(Figure.count(withoutNumber, "scrape"))" : ""
          return file.leave("\(rule.selector.sentence) was not read after the steps were over\(also)")
        }
        let text = "\(rule.selector.sentence(of: service, file.context)) = \(Figure.text(number)) at the end"
        if isWithin(number) { file.meet(text, unless: frozen) } else { file.violate(text, unless: frozen) }
      case .always:
        let seconds = Figure.seconds(file.context.interval(.metrics, service))
        file.leave("so in all \(Figure.count(count, "scrape")), but a gauge that is read every \(seconds) proves no \"always\"")
      }
    }
  }
}
