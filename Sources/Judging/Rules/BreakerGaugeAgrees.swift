import Contracts
import Events
import RunModel

/// Gauge and log say the same, but for a short while around a change.
struct BreakerGaugeAgrees: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState]
  private static let within = RuleField(
    "within_s", .number(0...600, unit: "seconds"), .value(.number(2)), "how long they may differ around a change")

  static let name = "breaker-gauge-agrees"
  static let summary = "The breaker's gauge and its log say the same, but for a short while around a change."
  static let fields = [within]
  static let witnesses: [Witness] = [.workerLog(tellers), .signal(.breakerState)]
  static let floor = "one scrape of the gauge, a line of the worker's log, a template for the breaker, no line lost"

  let tolerance: Double

  init(_ values: RuleValues) throws(RuleMistake) { tolerance = try values.number(Self.within) }

  var sentence: String { "breaker's gauge agrees with the log within \(Figure.seconds(tolerance))" }

  func judge() -> any RuleJudge { Judge(tolerance: tolerance) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .metrics] }
    let tolerance: Double
    private var told = Timed(BreakerState.closed, at: .zero)
    private var disagreeingSince: RunInstant?
    private var comparisons = 0

    init(tolerance: Double) { self.tolerance = tolerance }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let transition = event.transition {
        told = Timed(transition.state, at: event.at)
        disagreeingSince = nil
      }
      guard let (code, state) = event.gaugeState(file.context) else { return }
      guard let state else {
        file.cite(event, "gauge \(Figure.text(code))")
        return file.violate("the gauge reads \(Figure.text(code)), which contract \(file.context.contract.name) does not know")
      }
      comparisons += 1
      file.note("compared \(Figure.count(comparisons, "time"))")
      guard state != told.value else { return disagreeingSince = nil }
      let since = max(disagreeingSince ?? event.at, told.at)
      disagreeingSince = since
      guard event.at.seconds(since: since) > tolerance + file.context.schedulerAllowance else { return }
      let text = "gauge \(Figure.text(code)) means \(state.rawValue), the log says \(told.value.rawValue)"
      let isSwap = Set([state, told.value]) == Set([BreakerState.open, .halfOpen])
      file.cite(event, text)
      file.violate(isSwap ? "\(text): the values of open and half-open look swapped" : text)
    }

    mutating func finish(_ file: inout CaseFile) {
      guard comparisons > 0 else { return file.leave("no scrape showed the breaker's gauge") }
      file.meetUnlessBlind(BreakerGaugeAgrees.tellers, "agreed in \(Figure.count(comparisons, "comparison"))")
    }
  }
}
