import Contracts
import Events
import RunModel

/// A counter's total or rise.
struct Counter: Rule {
  private static let change = RuleField(
    "delta", .flag, .value(.flag(false)), "whether only what it rises by since the scenario began counts, restarts of the service included")

  static let name = "counter"
  static let summary = "A counter's total at the end of the steps, or what it rose by since the scenario began."
  static let fields = MetricSelector.fields + Comparison.fields + [change]
  static let witnesses: [Witness] = [.namedMetric, .workerLogOfSignal]
  static let floor =
    "one endpoint that shows it, not frozen, read after the steps or fresh when the time is over, its process not restarted since a reading "
    + "(at_least: any reading); a signal that the contract has no series for: the log, as for events"

  let selector: MetricSelector
  let comparison: Comparison
  let wanted: Double
  let isDelta: Bool

  init(_ values: RuleValues) throws(RuleMistake) {
    selector = try MetricSelector(values)
    (comparison, wanted) = try Comparison.read(values)
    if comparison == .atLeast, wanted <= 0 { throw .cannotFail(comparison) }
    isDelta = try values.flag(Self.change)
  }

  var sentence: String { "\(selector.sentence) \(isDelta ? "rises by" : "is") \(comparison.words) \(Figure.text(wanted))" }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { tally == nil ? .metrics : [.metrics, .fragments, .backpressure, .connection] }
    let rule: Counter
    /// What each endpoint that shows it counted.
    private var trails: [ServiceName: CounterTrail] = [:]
    /// Whether an answer showed it as no number.
    private var isNotANumber = false
    /// The lines that stand for it, where the contract has no series.
    private var tally: EventTally?

    init(rule: Counter) {
      self.rule = rule
      if case .signal(let signal) = rule.selector { tally = EventPattern.counted[signal].map { EventTally($0) } }
    }

    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
      guard case .sample(.metrics(let sample)) = event.envelope.event else { return }
      _ = take(sample, event, began: nil, context)
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .sample(.metrics(let sample)) = event.envelope.event else { return noteLine(event, &file) }
      if case .several(let count) = rule.selector.read(sample) {
        file.cite(event, "\(count) series of \(sample.service) match \(rule.selector.sentence)")
        return file.leave("\(count) series match \(rule.selector.sentence): name more labels, or say that they are to be added up")
      }
      guard let trail = take(sample, event, began: file.context.beganWall, file.context),
        trails.count(where: { $0.value.last != nil }) == 1, rule.selector.isMeant(sample.service, file.context)
      else {
        return
      }
      let current = current(of: trail)
      let text = "\(told(by: sample.service, file.context)) \(Figure.text(current))"
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
      }
    }

    private mutating func take(_ sample: MetricsSample, _ event: JudgedEvent, began: WallTime?, _ context: JudgeContext) -> CounterTrail? {
      guard trails.count < 64 || trails[sample.service] != nil else { return nil }
      var trail = trails[sample.service] ?? CounterTrail()
      if case .value(let value) = rule.selector.read(sample) {
        trail.note(value, in: sample, at: event.at, began: began, of: rule.selector, context.contract)
        trails[sample.service] = trail
        return trail
      }
      // What cannot be counted says neither how much it is nor that it is gone.
      if case .notANumber = rule.selector.read(sample) {
        isNotANumber = true
        return nil
      }
      guard !rule.selector.mayBeLost(in: sample, context.contract) else { return nil }
      trail.noteAbsent(in: sample)
      trails[sample.service] = trail
      return nil
    }

    private mutating func noteLine(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard let meaning = tally?.note(event, file.context), let tally, isCountedByLog(file.context) else { return }
      file.cite(event, "\(tally.pattern.sentence)\(meaning == .unworded ? ", of a word that is not told" : ", number \(tally.count)")")
      file.note("\(rule.selector.sentence): \(tally.seen) in the log, \(wanted)")
      if meaning == .meant, rule.comparison != .atLeast, Double(tally.count) > rule.wanted {
        file.violate("\(rule.selector.sentence): \(tally.seen) in the log, \(wanted)")
      }
    }

    private func isCountedByLog(_ context: JudgeContext) -> Bool {
      guard tally != nil, case .signal(let signal) = rule.selector else { return false }
      return !context.contract.signals.isEmpty && !context.contract.signals.contains { $0.signal == signal }
    }

    mutating func finish(_ file: inout CaseFile) {
      if isCountedByLog(file.context), let tally { return tally.decide(rule.comparison, rule.wanted, &file) }
      let shown = trails.filter { $0.value.last != nil }
      guard shown.count <= 1 else { return decideSeveral(shown, &file) }
      guard let (service, trail) = shown.first, let last = trail.last else {
        let service = file.context.workerMetrics
        if isNotANumber { return file.leave("\(rule.selector.sentence) is not a number (NaN)") }
        return file.leave(
          file.context.metrics[service]?.first == nil
            ? file.context.unscraped(service) ?? Ignorance("no scrape showed \(rule.selector.sentence)")
            : Ignorance("no scrape showed \(rule.selector.sentence)"))
      }
      guard rule.selector.isMeant(service, file.context) else {
        return file.leave("no scrape of \(file.context.worker) showed \(rule.selector.sentence), and that of \(service) is not its own")
      }
      if let stale = staleness(of: trail, last, service, file.context) { return file.leave(stale) }
      if let since = file.context.metrics[service]?.frozenSince {
        return file.leave(file.context.unscraped(service, from: since) ?? Ignorance("the metrics of \(service) are frozen"))
      }
      if let lie = standsStill(file.context) { return file.leave(lie) }
      decide(&file, trail, of: service)
    }

    /// Whether more came back than the counter says was sent, which cannot be: it does not count all; nil where it may be right.
    private func standsStill(_ context: JudgeContext) -> String? {
      guard rule.selector == .signal(.fragmentsSent), let sent = context.counted[.fragmentsSent],
        let processed = context.counted[.fragmentsProcessed], sent.hasBase, processed.hasBase
      else { return nil }
      // What was under way when the run began came back without having been sent in it.
      let underWay = Double(context.sessionLimit ?? context.thresholds.maxInflight)
      guard processed.risen > sent.risen + underWay + 0.5 else { return nil }
      return
        "\(rule.selector.sentence) rose by \(Figure.text(sent.risen)) while fragments_processed rose by \(Figure.text(processed.risen)): "
        + "more came back than it says was sent, so it does not count all"
    }

    /// Why the last reading is not the value at the end; nil when it is.
    private func staleness(
      of trail: CounterTrail, _ last: Timed<Double>, _ service: ServiceName, _ context: JudgeContext
    ) -> String? {
      let name = rule.selector.sentence
      if trail.isGone { return "\(name) is no longer exposed: its last value, \(Figure.text(last.value)), may not be the last that it had" }
      let age = context.end.seconds(since: last.at)
      if age > context.patience(.metrics, service) {
        return "\(name) was last read \(Figure.seconds(age)) before the end: its last value is not known"
      }
      // What is unread at the end is a gap: that nothing more came needs a reading from after it.
      guard rule.comparison != .atLeast, let completed = context.completedAt, last.at < completed else { return nil }
      return "\(name) was not read after the steps were over: its last value is not known"
    }

    /// The log told more of it than the counter counted: one of them is wrong.
    private func contradiction(_ trail: CounterTrail) -> Ignorance? {
      guard let tally, rule.comparison != .atLeast, trail.restarts == 0, trail.hasBase, Double(tally.count) > trail.risen + 0.5 else {
        return nil
      }
      return Ignorance("\(rule.selector.sentence) rose by \(Figure.text(trail.risen)), but the log told \(tally.count)")
    }

    private func current(of trail: CounterTrail) -> Double { rule.isDelta ? trail.risen : trail.last?.value ?? 0 }
    private var told: String { "\(rule.selector.sentence)\(rule.isDelta ? " rose by" : " =")" }
    private func told(by service: ServiceName, _ context: JudgeContext) -> String {
      "\(rule.selector.sentence(of: service, context))\(rule.isDelta ? " rose by" : " =")"
    }
    private var wanted: String { "wanted \(rule.comparison.words) \(Figure.text(rule.wanted))" }

    private func decide(_ file: inout CaseFile, _ trail: CounterTrail, of service: ServiceName) {
      let current = current(of: trail)
      let text = "\(told(by: service, file.context)) \(Figure.text(current)) at the end"
      guard rule.comparison.holds(current, rule.wanted) else {
        // It may have been as much as was wanted.
        let mayBeMore = current < rule.wanted ? lost(trail) : nil
        return file.violate("\(text), \(wanted)", unless: mayBeMore ?? (rule.isDelta ? lateBase(trail) : nil))
      }
      guard rule.comparison != .atLeast else { return file.meet(text) }
      let unread = lost(trail).flatMap { isToldByLog(trail, file.context) ? nil : $0 }
      file.meet(text, unless: unread ?? (rule.isDelta ? lateBase(trail) : nil) ?? contradiction(trail))
    }

    /// What may have been counted besides: what a process counted after its last reading is lost with it, and a sum over streams does not
    /// tell what was counted while one of them went.
    private func lost(_ trail: CounterTrail) -> Ignorance? {
      let begin = "\(told) \(Figure.text(current(of: trail))), but "
      if trail.restarts > 0 {
        return Ignorance(
          begin + "its process was restarted: what was counted between its last reading and its end is not known")
      }
      guard rule.isDelta, trail.hasShrunk else { return nil }
      return Ignorance(
        begin + "it fell while its process went on, as a sum does that loses a series: what was counted meanwhile is not known")
    }

    /// Whether the log, heard from begin to end, tells of as many: then nothing was lost.
    private func isToldByLog(_ trail: CounterTrail, _ context: JudgeContext) -> Bool {
      guard rule.isDelta, let tally, tally.unworded == 0, tally.ignorance(context) == nil else { return false }
      return abs(Double(tally.count) - trail.risen) < 0.5
    }

    private func lateBase(_ trail: CounterTrail) -> Ignorance? {
      trail.hasBase ? nil : Ignorance("\(rule.selector.sentence) was first read in the run: what it rose by before that is not known")
    }

    /// Two endpoints answer: nobody says which is meant. Whatever is meant, it is violated where none of them comes to it.
    private func decideSeveral(_ shown: [ServiceName: CounterTrail], _ file: inout CaseFile) {
      let names = shown.keys.map(\.text).sorted()
      let values = names.map { "\($0) \(Figure.text(current(of: shown[ServiceName($0)] ?? CounterTrail())))" }.joined(separator: ", ")
      let candidates = shown.values.map { current(of: $0) } + [shown.values.reduce(0) { $0 + current(of: $1) }]
      if candidates.allSatisfy({ !rule.comparison.holds($0, rule.wanted) }) {
        return file.violate("\(told) \(values) at the end, \(wanted), and not in their sum either")
      }
      file.leave("\(rule.selector.sentence) is answered by \(names.joined(separator: " and ")) (\(values)): watch one of them")
    }
  }
}

extension RuleMistake {
  /// What is demanded always holds.
  static func cannotFail(_ comparison: Comparison) -> RuleMistake {
    RuleMistake("is no more than there is at least in any case: this expectation could not fail", in: comparison.rawValue)
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
    case .none, .notANumber: return nil
    case .value(let value): return value
    case .several(let count):
      cite(event, "\(count) series of \(sample.service) match \(selector.sentence)")
      leave("\(count) series match \(selector.sentence): name more labels, or say that they are to be added up")
      return nil
    }
  }
}
