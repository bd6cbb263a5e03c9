import Contracts
import Events
import RunModel

/// These states in this order, and no others.
struct BreakerSequence: Rule {
  static let name = "breaker-sequence"
  static let summary = "The breaker goes through these states in the run, in this order, and through no others."
  static let fields = [
    RuleField("states", .words(BreakerState.allCases.map(\.rawValue)), .required, "the states that it goes to, in order")
  ]
  static let witnesses: [Witness] = [.workerLog(JudgeContext.breakerTellers), .signal(.breakerState)]
  static let floor =
    "the log is understood from begin to end and tells of the breaker at its level; or each of the states was read of the gauge, "
    + "which was read more often than twice a cooldown"

  let states: [BreakerState]

  init(_ values: RuleValues) throws(RuleMistake) {
    states = values.texts("states").compactMap(BreakerState.init(rawValue:))
    if states.isEmpty { throw RuleMistake("names no state", in: "states") }
  }

  var sentence: String { "breaker goes \(states.map(\.rawValue).joined(separator: " → "))" }

  func judge() -> any RuleJudge { Judge(wanted: states) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .metrics] }
    let wanted: [BreakerState]
    private var seen: [BreakerState] = []
    private var gauge = GaugeTrail()

    init(wanted: [BreakerState]) { self.wanted = wanted }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let state = event.gaugeState(file.context)?.state {
        guard let step = gauge.note(state, at: event.at), seen.isEmpty else { return }
        file.cite(event, "gauge \(step.state.rawValue)")
        return file.note("\(gauge.words) by the gauge")
      }
      guard let transition = event.transition(file.context), seen.count < 256 else { return }
      seen.append(transition.state)
      file.cite(event, transition.state.rawValue + (transition.trigger.map { " (\($0.rawValue))" } ?? ""))
      file.note(words)
      if !wanted.starts(with: seen) { file.violate("went \(words), wanted \(wantedWords)") }
    }

    private var words: String { seen.map(\.rawValue).joined(separator: " → ") }
    private var wantedWords: String { wanted.map(\.rawValue).joined(separator: " → ") }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.breakerLogIgnorance
      if let deaf, seen.isEmpty { return judgeGauge(deaf, &file) }
      guard seen.count < wanted.count else { return file.meet("went \(words)", unless: deaf) }
      let missing = wanted.dropFirst(seen.count).map(\.rawValue).joined(separator: " → ")
      file.violate(
        "\(seen.isEmpty ? "it never changed" : "went \(words)"); \(missing) is missing\(file.context.breakerFound)", unless: deaf)
    }

    /// What the gauge shows of it: an order that it shows is one, a state that it shows in no reading is not known.
    private func judgeGauge(_ deaf: Ignorance, _ file: inout CaseFile) {
      let context = file.context
      let cooldown = context.thresholds.breakerCooldownSeconds
      if let blind = context.breakerGaugeIgnorance(lasting: cooldown) { return file.leave(deaf.and(blind)) }
      let shown = gauge.steps.map(\.state)
      if shown == wanted { return file.meet("went \(gauge.words), by its gauge") }
      guard shown.isPart(of: wanted) else { return file.violate("went \(gauge.words) by its gauge, wanted \(wantedWords)") }
      // Open lasts long enough to be read: where it is missing it was not.
      guard wanted.count(where: { $0 == .open }) == shown.count(where: { $0 == .open }) else {
        return file.violate(
          "\(shown.isEmpty ? "it never changed" : "went \(gauge.words)") by its gauge, wanted \(wantedWords)\(context.breakerFound)",
          unless: nil)
      }
      file.leave("\(gauge.words) by its gauge, of which \(wantedWords) was wanted: what lasted less than a reading is not known")
    }
  }
}
