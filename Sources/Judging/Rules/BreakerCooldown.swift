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
    var hears: EventKinds { [.fragments, .breaker, .metrics, .lifecycle] }
    /// Log times are rounded to milliseconds.
    private static let rounding = 0.01
    /// The last failure that counts, in the process that runs.
    private var lastFailure: RunInstant?
    /// The last one of which nobody can say whether it counts.
    private var lastDoubtful: RunInstant?
    private var openedAt: RunInstant?
    private var hasOpened = false
    /// What is to be said of the last half-open state; nil before the first.
    private var probed: String?
    /// Whether it has been open since, and not half-open.
    private var isOpen = false
    /// Whether a process ended while its breaker was open: its cooldown was never over.
    private var isCutShort = false
    private var startedAt: RunInstant?
    private var gauge = GaugeTrail()
    /// The earliest and the latest that half-open may have come after the last failure, by the gauge.
    private var shown: [(earliest: Double, latest: Double)] = []

    /// The cooldown of a breaker that was open before the run goes on in it.
    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) { follow(event, context) }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let state = event.gaugeState(file.context)?.state { return noteGauge(state, event, file.context) }
      if case .halfOpen = event.transition(file.context)?.state, let openedAt, isOpen { judge(event, opened: openedAt, &file) }
      follow(event, file.context)
      guard case .open = event.transition(file.context)?.state else { return }
      hasOpened = true
      file.cite(event, "opened")
      file.note("open, not half-open yet")
    }

    /// Keeps what cooldowns are measured from.
    private mutating func follow(_ event: JudgedEvent, _ context: JudgeContext) {
      if let fragment = event.fragment(context) {
        switch fragment.counting(context.thresholds) {
        case .counts: lastFailure = event.at
        case .unknown: lastDoubtful = event.at
        // A success while it is open is of a fragment from before: it ends no cooldown.
        case .success: if !isOpen { (lastFailure, lastDoubtful) = (nil, nil) }
        case .nothing: break
        }
      }
      switch event.connection(context) {
      case .breaker(let transition):
        isOpen = transition.state == .open
        if isOpen { openedAt = event.at }
      case .lifecycle(.started):
        startedAt = event.at
        beginAnew()
      // What the log has told of already is seen in the metrics a while later.
      case .lifecycle(.restarted)
      where startedAt.map { event.at.seconds(since: $0) > context.patience(.metrics, context.workerMetrics) } ?? true:
        beginAnew()
      default: break
      }
    }

    /// The breaker of another process is closed and knows of no failure.
    private mutating func beginAnew() {
      if isOpen { isCutShort = true }
      (lastFailure, lastDoubtful, openedAt, isOpen) = (nil, nil, nil, false)
    }

    /// What the cooldown runs from: the last failure, unless that lies so long before the opening that it cannot have brought it about.
    private func reference(opened: RunInstant, _ context: JudgeContext) -> (at: RunInstant, words: String) {
      guard let lastFailure, opened.seconds(since: lastFailure) <= context.schedulerAllowance else { return (opened, "it opened") }
      return (lastFailure, "the last failure")
    }

    private mutating func judge(_ event: JudgedEvent, opened: RunInstant, _ file: inout CaseFile) {
      let (from, words) = reference(opened: opened, file.context)
      let gap = event.at.seconds(since: from)
      let (earliest, latest) = Self.limits(file.context)
      let text = "half-open \(Figure.seconds(gap)) after \(words), wanted \(Figure.text(earliest)) to \(Figure.seconds(latest))"
      file.cite(event, "half-open \(Figure.seconds(gap)) after \(words)")
      if let mistimed = file.context.mistimed(file.context.worker) { return file.leave(mistimed) }
      probed = text
      let allowed = (earliest - Self.rounding)...(latest + file.context.schedulerAllowance)
      if allowed.contains(gap) { return file.note(text) }
      if let lastDoubtful, lastDoubtful > from, allowed.contains(event.at.seconds(since: lastDoubtful)) {
        return file.leave("\(text); whether a failure after that counts for the breaker is not known")
      }
      file.violate(text)
    }

    private static func limits(_ context: JudgeContext) -> (earliest: Double, latest: Double) {
      let earliest = context.thresholds.breakerCooldownSeconds
      return (earliest, earliest + context.segmentSeconds + 1)
    }

    private mutating func noteGauge(_ state: BreakerState, _ event: JudgedEvent, _ context: JudgeContext) {
      guard let step = gauge.note(state, at: event.at), step.state == .halfOpen, let opened = gauge.steps.last(where: { $0.state == .open })
      else { return }
      // It opened between two readings: no failure from before the first of them is the last one.
      let failure = lastFailure.flatMap { opened.after.seconds(since: $0) <= context.schedulerAllowance ? $0 : nil }
      shown.append((step.after.seconds(since: failure ?? opened.by), step.by.seconds(since: failure ?? opened.after)))
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.breakerLogIgnorance
      if let openedAt, isOpen, deaf == nil {
        let (from, words) = reference(opened: openedAt, file.context)
        let (since, latest) = (max(from, lastDoubtful ?? from), Self.limits(file.context).latest + file.context.schedulerAllowance)
        let gap = file.context.end.seconds(since: since)
        if gap > latest {
          return file.violate("not half-open \(Figure.seconds(file.context.end.seconds(since: from))) after \(words)", unless: nil)
        }
      }
      if let probed { return file.meet(probed, unless: deaf) }
      guard let deaf else {
        if isCutShort { return file.leave("the process was another one before the cooldown was over") }
        let text = !hasOpened ? "the breaker never opened" : "the breaker never went half-open"
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
