import Events
import RunModel

/// So many happenings of a kind.
struct EventCount: Rule {
  static let name = "events"
  static let summary = "So many happenings of a kind, where wanted only those that carry a word."
  static let fields = EventPattern.fields + Comparison.fields
  static let witnesses: [Witness] = [.workerLogOfEvent, .harness]
  static let floor = "a line of the worker's log, a template for the event, no line lost; at_least: as many as that"

  let pattern: EventPattern
  let comparison: Comparison
  let wanted: Int

  init(_ values: RuleValues) throws(RuleMistake) {
    pattern = try EventPattern(values)
    let (comparison, number) = try Comparison.read(values)
    self.comparison = comparison
    guard (0...1e9).contains(number), let whole = Int(exactly: number) else {
      throw RuleMistake("counts happenings: its number must be whole and not negative")
    }
    wanted = whole
  }

  var sentence: String { "\(pattern.sentence) \(comparison.words) \(Figure.count(wanted, "time"))" }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .happenings }
    let rule: EventCount
    private var count = 0

    init(rule: EventCount) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard let happening = event.happening, rule.pattern.matches(happening), isMeant(happening, file.context) else { return }
      count += 1
      file.cite(event, "\(rule.pattern.sentence), number \(count)")
      let seen = "seen \(Figure.count(count, "time"))"
      file.note("\(seen), \(wanted)")
      switch rule.comparison {
      case .atLeast: if count >= rule.wanted { file.meet(seen) }
      case .equals, .atMost: if count > rule.wanted { file.violate("\(seen), \(wanted)") }
      }
    }

    /// Worker and speech service both tell of fragments: the worker's word counts.
    private func isMeant(_ happening: Happening, _ context: JudgeContext) -> Bool {
      switch happening.kind {
      case .fragment, .backpressure, .segment: happening.service == context.worker
      default: true
      }
    }

    private var wanted: String { "wanted \(rule.comparison.words) \(rule.wanted)" }

    mutating func finish(_ file: inout CaseFile) {
      let text = "seen \(Figure.count(count, "time"))"
      if rule.comparison.holds(Double(count), Double(rule.wanted)) {
        file.meetUnlessBlind(rule.pattern.kind.tellers, text)
      } else {
        file.violateUnlessBlind(rule.pattern.kind.tellers, "\(text), \(wanted)")
      }
    }
  }
}
