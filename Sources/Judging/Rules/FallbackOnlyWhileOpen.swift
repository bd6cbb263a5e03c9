import Contracts
import Events
import RunModel

/// No fallback with reason circuit_open unless the breaker is open.
struct FallbackOnlyWhileOpen: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState, .fragmentFallback]

  static let name = "fallback-only-while-open"
  static let summary = "No fallback with reason circuit_open while the breaker is closed."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(tellers)]
  static let floor = "a line of the worker's log, a template for one of these, no line lost"

  init(_ values: RuleValues) {}

  var sentence: String { "circuit_open fallbacks only while the breaker is open" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .fragments] }
    private var state = BreakerState.closed
    private var count = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let transition = event.transition { state = transition.state }
      guard let fragment = event.fragment(file.context), fragment.stage == .fallback, fragment.detail == "circuit_open" else { return }
      count += 1
      file.cite(event, "\(fragment.sentence) while \(state.rawValue)")
      if state == .closed { file.violate("\(fragment.sentence) while the breaker was closed") }
    }

    mutating func finish(_ file: inout CaseFile) {
      file.meetUnlessBlind(
        FallbackOnlyWhileOpen.tellers, "\(Figure.count(count, "such fallback")), each while the breaker was open")
    }
  }
}
