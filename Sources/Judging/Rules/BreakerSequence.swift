import Contracts
import Events
import RunModel

/// These states in this order, and no others before they are through.
struct BreakerSequence: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState]

  static let name = "breaker-sequence"
  static let summary = "The breaker goes through these states, in this order and through no others before they are through."
  static let fields = [
    RuleField("states", .words(BreakerState.allCases.map(\.rawValue)), .required, "the states that it goes to, in order")
  ]
  static let witnesses: [Witness] = [.workerLog(tellers)]
  static let floor = "the last of the states"

  let states: [BreakerState]

  init(_ values: RuleValues) throws(RuleMistake) {
    states = values.texts("states").compactMap(BreakerState.init(rawValue:))
    if states.isEmpty { throw RuleMistake("names no state", in: "states") }
  }

  var sentence: String { "breaker goes \(states.map(\.rawValue).joined(separator: " → "))" }

  func judge() -> any RuleJudge { Judge(wanted: states) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .breaker }
    let wanted: [BreakerState]
    private var seen: [BreakerState] = []

    init(wanted: [BreakerState]) { self.wanted = wanted }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard let transition = event.transition else { return }
      seen.append(transition.state)
      let words = seen.map(\.rawValue).joined(separator: " → ")
      file.cite(event, transition.state.rawValue + (transition.trigger.map { " (\($0.rawValue))" } ?? ""))
      file.note(words)
      if seen != Array(wanted.prefix(seen.count)) {
        file.violate("went \(words), wanted \(wanted.map(\.rawValue).joined(separator: " → "))")
      } else if seen.count == wanted.count {
        file.meet("went \(words)")
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let missing = wanted.dropFirst(seen.count).map(\.rawValue).joined(separator: " → ")
      let words = seen.isEmpty ? "it never changed" : "went \(seen.map(\.rawValue).joined(separator: " → "))"
      file.violateUnlessBlind(BreakerSequence.tellers, "\(words); \(missing) is missing")
    }
  }
}
