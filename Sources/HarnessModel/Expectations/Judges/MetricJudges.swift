/// A counter's total or rise.
struct CounterJudge: RuleJudge {
  var hears: EventKinds { .metrics }
  let selector: MetricSelector
  let comparison: Comparison
  let wanted: Double
  let isDelta: Bool
  private var base: Double?
  private var last: Timed<Double>?
  /// What was counted since the base, across restarts of the service.
  private var risen = 0.0

  init(selector: MetricSelector, comparison: Comparison, wanted: Double, isDelta: Bool) {
    self.selector = selector
    self.comparison = comparison
    self.wanted = wanted
    self.isDelta = isDelta
  }

  /// A scrape before the scenario: where a rise is counted from.
  mutating func noteBefore(_ event: JudgedEvent) {
    guard case .sample(.metrics(let sample)) = event.envelope.event, case .value(let value) = selector.read(sample) else { return }
    base = value
    last = Timed(value, at: event.at)
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard case .sample(.metrics(let sample)) = event.envelope.event else { return }
    let number: Double
    switch selector.read(sample) {
    case .none: return
    case .several(let count):
      file.cite(event, "\(count) series of \(sample.service) match \(selector.sentence)")
      return file.leave("\(count) series match \(selector.sentence): name more labels, or say that they are to be added up")
    case .value(let value): number = value
    }
    take(number, at: event.at)
    let current = self.current
    let text = "\(selector.sentence)\(isDelta ? " rose by" : " =") \(Figure.text(current))"
    file.note("\(text), wanted \(comparison.words) \(Figure.text(wanted))")
    let isFinal = file.context.completedAt.map { sample.askedAt(event.envelope.instant, speed: file.context.speed) >= $0 } ?? false
    switch comparison {
    case .atLeast where current >= wanted:
      file.cite(event, text)
      file.meet(text)
    case .equals where current > wanted && !comparison.holds(current, wanted), .atMost where current > wanted:
      file.cite(event, text)
      file.violate("\(text), wanted \(comparison.words) \(Figure.text(wanted))")
    case .equals, .atLeast, .atMost:
      guard isFinal else { return }
      file.cite(event, text)
      decide(&file, current)
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    guard let last else { return file.leave("no scrape showed \(selector.sentence)") }
    let age = file.context.now.seconds(since: last.at)
    guard age <= file.context.patience(.metrics, file.context.worker) else {
      return file.leave("\(selector.sentence) was last read \(Figure.seconds(age)) before the end: its last value is not known")
    }
    decide(&file, current)
  }

  private var current: Double { isDelta ? risen : last?.value ?? 0 }

  private mutating func take(_ number: Double, at instant: RunInstant) {
    if let last {
      risen += number >= last.value ? number - last.value : number
    } else if base == nil {
      base = number
    }
    last = Timed(number, at: instant)
  }

  private func decide(_ file: inout CaseFile, _ current: Double) {
    let text = "\(selector.sentence)\(isDelta ? " rose by" : " =") \(Figure.text(current)) at the end"
    if comparison.holds(current, wanted) {
      file.meet(text)
    } else {
      file.violate("\(text), wanted \(comparison.words) \(Figure.text(wanted))")
    }
  }
}

/// A gauge within bounds.
struct GaugeJudge: RuleJudge {
  var hears: EventKinds { .metrics }
  let selector: MetricSelector
  let minimum: Double?
  let maximum: Double?
  let time: Expectation.GaugeTime
  private var count = 0
  private var last: Double?

  init(selector: MetricSelector, minimum: Double?, maximum: Double?, time: Expectation.GaugeTime) {
    self.selector = selector
    self.minimum = minimum
    self.maximum = maximum
    self.time = time
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard case .sample(.metrics(let sample)) = event.envelope.event else { return }
    let number: Double
    switch selector.read(sample) {
    case .none: return
    case .several(let matches):
      file.cite(event, "\(matches) series of \(sample.service) match \(selector.sentence)")
      return file.leave("\(matches) series match \(selector.sentence): name more labels, or say that they are to be added up")
    case .value(let value): number = value
    }
    count += 1
    last = number
    let isWithin = number >= minimum ?? -.infinity && number <= maximum ?? .infinity
    let text = "\(selector.sentence) = \(Figure.text(number))"
    file.note("\(text), read \(Figure.count(count, "time"))")
    switch time {
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
    guard let last else { return file.leave("no scrape showed \(selector.sentence)") }
    switch time {
    case .eventually: file.violate("never so in \(Figure.count(count, "scrape")), last \(Figure.text(last))")
    case .atEnd: file.leave("\(selector.sentence) was not read after the steps were over")
    case .always:
      let seconds = Figure.seconds(file.context.interval(.metrics, file.context.worker))
      file.leave("so in all \(Figure.count(count, "scrape")), but a gauge that is read every \(seconds) proves no \"always\"")
    }
  }
}

/// The snapshot of all metric families when the steps were over.
struct SnapshotJudge: RuleJudge {
  var hears: EventKinds { .metrics }
  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard case .sample(.metrics(let sample)) = event.envelope.event, sample.service == file.context.worker,
      let completed = file.context.completedAt, sample.askedAt(event.envelope.instant, speed: file.context.speed) >= completed
    else { return }
    let text =
      "\(Figure.count(sample.scrape.count, "sample")) of \(sample.service) in \(sample.scrape.layout.families.count) families"
    file.cite(event, text)
    file.meet(text)
  }

  mutating func finish(_ file: inout CaseFile) { file.leave("no scrape came after the steps were over") }
}
