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
  static let floor = "one scrape that shows it; at_end: one asked for after the steps; always: violated or never known"

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
    private var last: Double?

    init(rule: Gauge) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .sample(.metrics(let sample)) = event.envelope.event,
        let number = file.number(rule.selector, in: sample, of: event)
      else { return }
      count += 1
      last = number
      let isWithin = number >= rule.minimum ?? -.infinity && number <= rule.maximum ?? .infinity
      let text = "\(rule.selector.sentence) = \(Figure.text(number))"
      file.note("\(text), read \(Figure.count(count, "time"))")
      switch rule.time {
      case .eventually:
        guard isWithin else { return }
        file.cite(event, text)
        file.meet(text)
      case .always:
        guard !isWithin else { return }
        file.cite(event, text)
        file.violate(text)
      case .atEnd:
        guard let completed = file.context.completedAt,
          sample.askedAt(event.envelope.instant, speed: file.context.speed) >= completed
        else { return }
        file.cite(event, text)
        if isWithin { file.meet("\(text) at the end") } else { file.violate("\(text) at the end") }
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      guard let last else { return file.leave("no scrape showed \(rule.selector.sentence)") }
      switch rule.time {
      case .eventually: file.violate("never so in \(Figure.count(count, "scrape")), last \(Figure.text(last))")
      case .atEnd: file.leave("\(rule.selector.sentence) was not read after the steps were over")
      case .always:
        let seconds = Figure.seconds(file.context.interval(.metrics, file.context.worker))
        file.leave("so in all \(Figure.count(count, "scrape")), but a gauge that is read every \(seconds) proves no \"always\"")
      }
    }
  }
}
