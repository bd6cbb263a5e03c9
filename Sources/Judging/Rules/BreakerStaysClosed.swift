import Contracts
import Events
import RunModel

/// Never anything but closed, by log and gauge.
struct BreakerStaysClosed: Rule {
  static let name = "breaker-stays-closed"
  static let summary = "The breaker is never anything but closed, by log and gauge."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(JudgeContext.breakerTellers), .signal(.breakerState)]
  static let floor =
    "something went through, and the log is understood from begin to end and tells of the breaker at its level; "
    + "or the gauge was read more often than twice a cooldown"

  init(_ values: RuleValues) {}

  var sentence: String { "breaker stays closed" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .metrics] }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let transition = event.transition(file.context), transition.state != .closed {
        let count = transition.failureCount.map { " at \($0) failures" } ?? ""
        file.cite(event, "\(transition.state.rawValue)\(count)")
        file.violate("went \(transition.state.rawValue)\(count)")
      } else if let (code, state) = event.gaugeState(file.context), state != .closed {
        file.cite(event, "gauge \(Figure.text(code))")
        file.violate("the gauge read \(Figure.text(code)) (\(state?.rawValue ?? "unknown"))\(file.context.breakerFound)")
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      if let found = context.breaker.atBegin, found != .closed { return file.violate("it was \(found.rawValue) when the run began") }
      if let idle = context.idleness { return file.leave(idle) }
      guard let deaf = context.breakerLogIgnorance else { return file.meet("it stayed closed, by the log of \(context.worker)") }
      let blind = context.breakerGaugeIgnorance(lasting: context.thresholds.breakerCooldownSeconds)
      file.meet(
        "it stayed closed in \(Figure.count(context.breaker.readingCount, "reading")) of its gauge", unless: blind.map { deaf.and($0) })
    }
  }
}
