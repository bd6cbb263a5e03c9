import Contracts
import Events
import RunModel

/// Half-open within [cooldown, cooldown + one segment + 1 s] after the last failure, each time.
struct BreakerCooldown: Rule {
  static let name = "breaker-cooldown"
  static let summary = "The breaker goes half-open one cooldown after the last failure, and at most one segment and a second later."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [
    .workerLog(JudgeContext.breakerTellers + [.fragmentFailed, .fragmentTimedOut]), .signal(.breakerState),
  ]
  static let floor = "an opening and a half-open state after it, by the log with its own times, or by the gauge as exactly as it was read"

  init(_ values: RuleValues) {}

  var sentence: String { "half-open one cooldown after the last failure" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.fragments, .breaker, .metrics] }
    /// Log times are rounded to milliseconds.
    private static let rounding = 0.01
    private var lastFailure: RunInstant?
    private var openedAt: RunInstant?
    /// What is to be said of the last half-open state; nil before the first.
    private var probed: String?
    /// Whether it has been open since, and not half-open.
    private var isOpen = false
    private var gauge = GaugeTrail()
    /// The earliest and the latest that half-open may have come after the last failure, by the gauge.
    private var shown: [(earliest: Double, latest: Double)] = []

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let state = event.gaugeState(file.context)?.state { return noteGauge(state, event) }
      if let fragment = event.fragment(file.context), case .counts = fragment.counting(file.context.thresholds) { lastFailure = event.at }
      guard let transition = event.transition(file.context) else { return }
      switch transition.state {
      case .open:
        openedAt = event.at
        isOpen = true
        file.cite(event, "opened")
        file.note("open, not half-open yet")
      case .halfOpen:
        isOpen = false
        guard let openedAt else { return }
        judge(event, from: lastFailure ?? openedAt, &file)
      case .closed: isOpen = false
      }
    }

    private mutating func judge(_ event: JudgedEvent, from: RunInstant, _ file: inout CaseFile) {
      let gap = event.at.seconds(since: from)
      let (earliest, latest) = Self.limits(file.context)
      let text = "half-open \(Figure.seconds(gap)) after the last failure, wanted \(Figure.text(earliest)) to \(Figure.seconds(latest))"
      file.cite(event, "half-open \(Figure.seconds(gap)) after the last failure")
      if let mistimed = file.context.mistimed(file.context.worker) { return file.leave(mistimed) }
      probed = text
      if gap < earliest - Self.rounding || gap > latest + file.context.schedulerAllowance { file.violate(text) } else { file.note(text) }
    }

    private static func limits(_ context: JudgeContext) -> (earliest: Double, latest: Double) {
      let earliest = context.thresholds.breakerCooldownSeconds
      return (earliest, earliest + context.segmentSeconds + 1)
    }

    private mutating func noteGauge(_ state: BreakerState, _ event: JudgedEvent) {
      guard let step = gauge.note(state, at: event.at), step.state == .halfOpen, let opened = gauge.steps.last(where: { $0.state == .open })
      else { return }
      shown.append((step.after.seconds(since: lastFailure ?? opened.by), step.by.seconds(since: lastFailure ?? opened.after)))
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.breakerLogIgnorance
      if let openedAt, isOpen, deaf == nil {
        let (from, latest) = (lastFailure ?? openedAt, Self.limits(file.context).latest + file.context.schedulerAllowance)
        let gap = file.context.end.seconds(since: from)
        if gap > latest { return file.violate("not half-open \(Figure.seconds(gap)) after the last failure", unless: nil) }
      }
      if let probed { return file.meet(probed, unless: deaf) }
      guard let deaf else {
        let text = openedAt == nil ? "the breaker never opened" : "the breaker never went half-open"
        return file.violate("\(text)\(file.context.breakerFound)", unless: nil)
      }
      judgeGauge(deaf, &file)
    }

    private func judgeGauge(_ deaf: Ignorance, _ file: inout CaseFile) {
      let context = file.context
      let (earliest, latest) = Self.limits(context)
      if let blind = context.breakerGaugeIgnorance(lasting: earliest) { return file.leave(deaf.and(blind)) }
      guard gauge.steps.contains(where: { $0.state == .open }) || context.breaker.atBegin == .open else {
        return file.violate("the breaker never opened, by its gauge", unless: nil)
      }
      if let deaf = context.deaf(to: [.fragmentFailed, .fragmentProcessed]) { return file.leave(deaf) }
      guard !shown.isEmpty else { return file.leave("it was half-open in no reading of its gauge: when it was is not known") }
      let allowed = latest + context.schedulerAllowance
      for time in shown {
        let text =
          "half-open \(Figure.text(time.earliest)) to \(Figure.seconds(time.latest)) after the last failure by its gauge, "
          + "wanted \(Figure.text(earliest)) to \(Figure.seconds(latest))"
        if time.latest < earliest - Self.rounding || time.earliest > allowed { return file.violate(text) }
        if time.earliest < earliest - Self.rounding || time.latest > allowed { return file.leave("\(text): too close to tell") }
      }
      file.meet("half-open \(Figure.text(shown[0].earliest)) to \(Figure.seconds(shown[0].latest)) after the last failure, by its gauge")
    }
  }
}
