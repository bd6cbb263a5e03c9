import Contracts
import Events
import RunModel

/// Gauge and log say the same, but for a short while around a change.
struct BreakerGaugeAgrees: Rule {
  private static let within = RuleField(
    "within_s", .number(0...600, unit: "seconds"), .value(.number(2)), "how long they may differ around a change")

  static let name = "breaker-gauge-agrees"
  static let summary = "The breaker's gauge and its log say the same, but for a short while around a change."
  static let fields = [within]
  static let witnesses: [Witness] = [.workerLog(JudgeContext.breakerTellers), .signal(.breakerState)]
  static let floor =
    "the gauge was read and is not frozen, the log is understood from begin to end and tells of the breaker at its level"

  let tolerance: Double

  init(_ values: RuleValues) throws(RuleMistake) { tolerance = try values.number(Self.within) }

  var sentence: String { "breaker's gauge agrees with the log within \(Figure.seconds(tolerance))" }

  func judge() -> any RuleJudge { Judge(tolerance: tolerance) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .metrics] }
    let tolerance: Double
    private var disagreeingSince: RunInstant?
    private var comparisons = 0

    init(tolerance: Double) { self.tolerance = tolerance }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if event.transition(file.context) != nil { disagreeingSince = nil }
      guard let (code, state) = event.gaugeState(file.context) else { return }
      guard let state else {
        file.cite(event, "gauge \(Figure.text(code))")
        return file.violate("the gauge reads \(Figure.text(code)), which contract \(file.context.contract.name) does not know")
      }
      // What the log said before the run holds on; where it said nothing, what the gauge read first.
      let toldAt = file.context.breaker.told?.at ?? file.context.begin
      guard let told = file.context.breaker.now.map({ Timed($0, at: toldAt) }) else { return }
      // A page that stands still says nothing of now, and neither does a log that has gone silent.
      let context = file.context
      guard context.metrics[context.workerMetrics]?.frozenSince == nil, context.isHearing(context.worker, at: event.at) else { return }
      comparisons += 1
      file.note("compared \(Figure.count(comparisons, "time"))")
      guard state != told.value else { return disagreeingSince = nil }
      let since = max(disagreeingSince ?? event.at, told.at)
      disagreeingSince = since
      // A log that does not tell of the breaker says nothing that the gauge could contradict.
      guard event.at.seconds(since: since) > tolerance + file.context.schedulerAllowance, file.context.breakerLogTells else { return }
      let text = "gauge \(Figure.text(code)) means \(state.rawValue), the log says \(told.value.rawValue)"
      let isSwap = Set([state, told.value]) == Set([BreakerState.open, .halfOpen])
      file.cite(event, text)
      file.violate(isSwap ? "\(text): the values of open and half-open look swapped" : text)
    }

    mutating func finish(_ file: inout CaseFile) {
      guard comparisons > 0 else { return file.leave("no scrape showed the breaker's gauge") }
      let blind = file.context.deaf(to: JudgeContext.breakerTellers) ?? file.context.unscraped(file.context.workerMetrics)
      file.meet("agreed in \(Figure.count(comparisons, "comparison"))\(file.context.breakerFound)", unless: blind)
    }
  }
}
