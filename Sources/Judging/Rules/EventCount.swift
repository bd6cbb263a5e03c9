import Events
import RunModel

/// So many happenings of a kind.
struct EventCount: Rule {
  static let name = "events"
  static let summary = "So many happenings of a kind, where wanted only those that carry a word."
  static let fields = EventPattern.fields + Comparison.fields
  static let witnesses: [Witness] = [.workerLogOfEvent, .harness]
  static let floor =
    "at_least: as many as that; else something went through, the log is understood from begin to end and tells of the event at its level, "
    + "and the happenings that it tells carry the word"

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
    if comparison == .atLeast, whole == 0 { throw .cannotFail(comparison) }
    wanted = whole
  }

  var sentence: String { "\(pattern.sentence) \(comparison.words) \(Figure.count(wanted, "time"))" }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .happenings }
    let rule: EventCount
    private var tally: EventTally

    init(rule: EventCount) {
      self.rule = rule
      tally = EventTally(rule.pattern)
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch tally.note(event, file.context) {
      case .meant: file.cite(event, "\(rule.pattern.sentence), number \(tally.count)")
      case .unworded: file.cite(event, "\(rule.pattern.kind.word) that carries no such word")
      case nil: return
      }
      file.note("\(tally.seen), \(wanted)")
      switch rule.comparison {
      case .atLeast: if tally.count >= rule.wanted { file.meet(tally.seen) }
      case .equals, .atMost: if tally.count > rule.wanted { file.violate("\(tally.seen), \(wanted)") }
      }
    }

    private var wanted: String { "wanted \(rule.comparison.words) \(rule.wanted)" }

    mutating func finish(_ file: inout CaseFile) { tally.decide(rule.comparison, Double(rule.wanted), &file) }
  }
}

/// Counts happenings of a kind, and those of which nobody can say whether they are meant.
struct EventTally: Sendable {
  enum Meaning { case meant, unworded }

  let pattern: EventPattern
  private(set) var count = 0
  /// Happenings of the kind that do not carry a word which says whether they are meant.
  private(set) var unworded = 0

  init(_ pattern: EventPattern) { self.pattern = pattern }

  /// "seen 3 times".
  var seen: String { "seen \(Figure.count(count, "time"))" }

  /// Takes in an event.
  /// - Returns: what it is; nil for one that is not of the kind, or of another service.
  mutating func note(_ event: JudgedEvent, _ context: JudgeContext) -> Meaning? {
    guard let happening = event.happening, happening.kind.descriptor == pattern.kind, Self.isMeant(happening, context) else { return nil }
    if pattern.matches(happening) {
      count += 1
      return .meant
    }
    guard pattern.detail != nil, pattern.kind.isUnworded(happening) else { return nil }
    unworded += 1
    return .unworded
  }

  /// Worker and speech service both tell of fragments: the worker's word counts.
  private static func isMeant(_ happening: Happening, _ context: JudgeContext) -> Bool {
    switch happening.kind {
    case .fragment, .backpressure, .segment, .breaker, .speechDisconnected, .speechConnected, .sessionOpened, .reconnectionPlanned,
      .reconnectionAttempt, .reconnectionGaveUp:
      happening.service == context.worker
    default: true
    }
  }

  /// Why it is not known how many there were; nil when it is.
  func ignorance(_ context: JudgeContext) -> Ignorance? {
    // Who ends is told by who runs it, else by its own log.
    if pattern.kind == .serviceExited, context.disturbances.ownProcesses.isEmpty {
      return Ignorance("nobody here watches the processes of the services")
    }
    guard !pattern.kind.tellers.isEmpty else { return nil }
    let idle = [.fragments, .breaker].contains(pattern.kind.topic) ? context.idleness : nil
    return context.deaf(to: pattern.kind.tellers) ?? idle
  }

  /// The worker's own counter of the same counted more than its log told: one of them is wrong, or the log's words are others.
  private func contradiction(_ context: JudgeContext) -> Ignorance? {
    guard let signal = Self.counters[pattern], let trail = context.counted[signal], trail.risen > Double(count) + 0.5 else {
      return nil
    }
    return Ignorance("the log told \(count), but \(signal) rose by \(Figure.text(trail.risen))")
  }

  private static let counters = Dictionary(EventPattern.counted.map { ($1, $0) }) { first, _ in first }

  /// Decides by what was counted.
  func decide(_ comparison: Comparison, _ wanted: Double, _ file: inout CaseFile) {
    let holds = comparison.holds(Double(count), wanted)
    if unworded > 0, holds != comparison.holds(Double(count + unworded), wanted) || (comparison == .equals && Double(count) <= wanted) {
      return file.leave(
        "\(seen), and \(Figure.count(unworded, pattern.kind.word)) \(unworded == 1 ? "carries" : "carry") no word that says whether "
          + "\(unworded == 1 ? "it is" : "they are") \(pattern.detail ?? "meant")")
    }
    let blind = ignorance(file.context) ?? (comparison == .atLeast ? nil : contradiction(file.context))
    if holds {
      file.meet(seen, unless: blind)
    } else {
      file.violate("\(seen), wanted \(comparison.words) \(Figure.text(wanted))", unless: blind)
    }
  }
}

extension HappeningKind {
  /// Whether a happening of the kind carries none of the words that could tell it from others: no word at all, or only that it failed.
  func isUnworded(_ happening: Happening) -> Bool {
    guard let counting else { return false }
    let word = counting.word(happening)
    // Of free words only none at all says nothing.
    guard let words = counting.words else { return word.isEmpty }
    return word.isEmpty || !words.contains(word) || ["failed", "error"].contains(word) && self == .fragmentFailed
  }
}
