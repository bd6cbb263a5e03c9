import Contracts
import Events
import RunModel

/// Never anything but closed, by log and gauge.
struct BreakerStaysClosed: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState]

  static let name = "breaker-stays-closed"
  static let summary = "The breaker is never anything but closed, by log and gauge."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(tellers), .signal(.breakerState)]
  static let floor = "a line of the worker's log, a template for the breaker, no line lost; the gauge can only disprove it"

  init(_ values: RuleValues) {}

  var sentence: String { "breaker stays closed" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .metrics] }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let transition = event.transition, transition.state != .closed {
        let count = transition.failureCount.map { " at \($0) failures" } ?? ""
        file.cite(event, "\(transition.state.rawValue)\(count)")
        file.violate("went \(transition.state.rawValue)\(count)")
      } else if let (code, state) = event.gaugeState(file.context), state != .closed {
        file.cite(event, "gauge \(Figure.text(code))")
        file.violate("the gauge read \(Figure.text(code)) (\(state?.rawValue ?? "unknown"))")
      }
    }

    mutating func finish(_ file: inout CaseFile) { file.meetUnlessBlind(BreakerStaysClosed.tellers, "it stayed closed") }
  }
}
