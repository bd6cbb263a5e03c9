import Events
import RunModel

/// A counter's total or rise.
struct Counter: Rule {
  private static let change = RuleField(
    "delta", .flag, .value(.flag(false)), "whether only what it rises by since the scenario began counts, restarts of the service included")

  static let name = "counter"
  static let summary = "A counter's total at the end of the steps, or what it rose by since the scenario began."
  static let fields = MetricSelector.fields + Comparison.fields + [change]
  static let witnesses: [Witness] = [.namedMetric]
  static let floor = "one scrape that shows it, asked for after the steps or fresh when the time is over; at_least: any scrape"

  let selector: MetricSelector
  let comparison: Comparison
  let wanted: Double
  let isDelta: Bool

  init(_ values: RuleValues) throws(RuleMistake) {
    selector = try MetricSelector(values)
    (comparison, wanted) = try Comparison.read(values)
    isDelta = try values.flag(Self.change)
  }

  var sentence: String { "\(selector.sentence) \(isDelta ? "rises by" : "is") \(comparison.words) \(Figure.text(wanted))" }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .metrics }
    let rule: Counter
    private var base: Double?
    private var last: Timed<Double>?
    /// What was counted since the base, across restarts of the service.
    private var risen = 0.0

    init(rule: Counter) { self.rule = rule }

    /// A scrape before the scenario: where a rise is counted from.
    mutating func noteBefore(_ event: JudgedEvent) {
      guard case .sample(.metrics(let sample)) = event.envelope.event, case .value(let value) = rule.selector.read(sample) else { return }
      base = value
      last = Timed(value, at: event.at)
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .sample(.metrics(let sample)) = event.envelope.event,
        let number = file.number(rule.selector, in: sample, of: event)
      else { return }
      take(number, at: event.at)
      let current = self.current
      let text = "\(told) \(Figure.text(current))"
      file.note("\(text), \(wanted)")
      let isFinal = file.context.completedAt.map { sample.askedAt(event.envelope.instant, speed: file.context.speed) >= $0 } ?? false
      switch rule.comparison {
      case .atLeast where current >= rule.wanted:
        file.cite(event, text)
        file.meet(text)
      case .equals where current > rule.wanted && !rule.comparison.holds(current, rule.wanted), .atMost where current > rule.wanted:
        file.cite(event, text)
        file.violate("\(text), \(wanted)")
      case .equals, .atLeast, .atMost:
        guard isFinal else { return }
        file.cite(event, text)
        decide(&file, current)
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      guard let last else { return file.leave("no scrape showed \(rule.selector.sentence)") }
      let age = file.context.now.seconds(since: last.at)
      guard age <= file.context.patience(.metrics, file.context.worker) else {
        return file.leave("\(rule.selector.sentence) was last read \(Figure.seconds(age)) before the end: its last value is not known")
      }
      decide(&file, current)
    }

    private var current: Double { rule.isDelta ? risen : last?.value ?? 0 }
    private var told: String { "\(rule.selector.sentence)\(rule.isDelta ? " rose by" : " =")" }
    private var wanted: String { "wanted \(rule.comparison.words) \(Figure.text(rule.wanted))" }

    private mutating func take(_ number: Double, at instant: RunInstant) {
      if let last {
        risen += number >= last.value ? number - last.value : number
      } else if base == nil {
        base = number
      }
      last = Timed(number, at: instant)
    }

    private func decide(_ file: inout CaseFile, _ current: Double) {
      let text = "\(told) \(Figure.text(current)) at the end"
      if rule.comparison.holds(current, rule.wanted) { file.meet(text) } else { file.violate("\(text), \(wanted)") }
    }
  }
}

extension RuleDocument {
  /// With a counter judged by what it rises by from the scenario's start; any other rule as it is.
  package var judgedByChange: RuleDocument {
    guard name == Counter.name else { return self }
    var document = self
    document.values["delta"] = .flag(true)
    return document
  }
}

extension CaseFile {
  /// What a scrape says of a metric; nil where it says nothing. Two answers leave the expectation open.
  mutating func number(_ selector: MetricSelector, in sample: MetricsSample, of event: JudgedEvent) -> Double? {
    switch selector.read(sample) {
    case .none: return nil
    case .value(let value): return value
    case .several(let count):
      cite(event, "\(count) series of \(sample.service) match \(selector.sentence)")
      leave("\(count) series match \(selector.sentence): name more labels, or say that they are to be added up")
      return nil
    }
  }
}
