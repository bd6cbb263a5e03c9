import Contracts
import Events
import RunModel

/// Opens at exactly so many consecutive retryable failures, each time: by the log's own count, and by counting the failures.
struct BreakerOpens: Rule {
  private static let failureTellers: [HappeningKind] = [.fragmentFailed, .fragmentProcessed]

  static let name = "breaker-opens"
  static let summary = "The breaker opens, each time at exactly so many failures in a row, by its own count and by counting them."
  static let fields = [
    RuleField("failures", .integer(1...1000, unit: "failures"), .otherwise("the contract's number"), "at how many failures it opens")
  ]
  static let witnesses: [Witness] = [
    .workerLog(JudgeContext.breakerTellers + [.fragmentFailed, .fragmentTimedOut, .fragmentProcessed]), .signal(.breakerState),
  ]
  static let floor =
    "an opening, by the log or by the gauge, with its own count or after failures whose codes say whether they count; "
    + "the log is understood from begin to end"

  let failures: Int?

  init(_ values: RuleValues) { failures = values.integer("failures") }

  var sentence: String { "breaker opens at exactly \(failures.map(String.init) ?? "the contract's") failures" }

  func judge() -> any RuleJudge { Judge(wanted: failures) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.fragments, .breaker, .metrics, .lifecycle] }
    let wanted: Int?
    /// Failures in a row that count, and those of which nobody says whether they do.
    private var failures = 0
    private var unclear = 0
    private var longest = 0
    /// Whether the count began at a moment that was seen, and not in the middle of failures from before.
    private var isWhole = false
    private var openings = 0
    private var state: BreakerState?
    private var gauge = GaugeTrail()
    /// What the gauge's openings came after.
    private var gaugeOpenings: [(failures: Int, unclear: Int)] = []

    init(wanted: Int?) { self.wanted = wanted }

    /// Failures from before the run count on in it.
    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
      if case .lifecycle(.started) = event.connection(context) { beginAnew() }
      if let transition = event.transition(context) {
        state = transition.state
        if transition.state == .closed { beginAnew(state: .closed) }
      }
      switch event.fragment(context)?.counting(context.thresholds) {
      case .counts?: failures += 1
      case .unknown?: unclear += 1
      case .success?: beginAnew(state: state)
      case .nothing?, nil: break
      }
    }

    private mutating func beginAnew(state: BreakerState? = nil) { (self.state, failures, unclear, isWhole) = (state, 0, 0, true) }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      let needed = wanted ?? file.context.thresholds.breakerFailures
      if let reading = event.gaugeState(file.context)?.state {
        guard let step = gauge.note(reading, at: event.at), step.state == .open else { return }
        gaugeOpenings.append((failures, unclear))
        if openings == 0 { file.cite(event, "gauge open after \(Figure.count(failures + unclear, "failure"))") }
        return
      }
      if case .lifecycle(.started) = event.connection(file.context) {
        // A new process counts from 0, and its breaker is closed.
        beginAnew()
      }
      if let fragment = event.fragment(file.context) { count(fragment, event, needed, &file) }
      guard let transition = event.transition(file.context) else { return }
      let before = state ?? transition.from
      state = transition.state
      if transition.state == .closed { beginAnew(state: .closed) }
      guard transition.state == .open else { return }
      // A probe that fails opens it again at once: that is another rule's to judge.
      if before == .halfOpen { return file.cite(event, "opened again by a probe that failed") }
      opened(transition, event, needed, &file)
    }

    private mutating func count(_ fragment: FragmentHappening, _ event: JudgedEvent, _ needed: Int, _ file: inout CaseFile) {
      switch fragment.counting(file.context.thresholds) {
      case .counts:
        failures += 1
        longest = max(longest, failures)
        file.cite(event, "failure \(failures): \(fragment.sentence)")
        file.note("\(failures) of \(needed) failures")
        if failures > needed, state != .open, state != .halfOpen, file.context.breakerLogTells {
          file.violate("\(failures) failures in a row and it has not opened")
        }
      case .unknown:
        unclear += 1
        file.cite(event, "a failure of unknown kind: \(fragment.sentence)")
      case .success:
        beginAnew(state: state)
      case .nothing: break
      }
    }

    private mutating func opened(_ transition: BreakerTransition, _ event: JudgedEvent, _ needed: Int, _ file: inout CaseFile) {
      openings += 1
      file.cite(event, "opened" + (transition.failureCount.map { " (failure_count \($0))" } ?? ""))
      if let told = transition.failureCount, told != needed {
        file.violate("opened at \(told) failures by its own count, wanted exactly \(needed)")
      } else if failures > 0, unclear == 0, isWhole ? failures != needed : failures > needed {
        file.violate("opened after \(Figure.count(failures, "counted failure")), wanted exactly \(needed)")
      } else if transition.failureCount == nil, failures != needed || unclear > 0 {
        file.leave(
          isWhole || failures == 0
            ? "it opened, but neither the transition nor any fragment tells the count of failures"
            : "it opened after \(Figure.count(failures, "failure")) that were seen, and how many came before is not known")
      } else {
        file.note("opened at \(needed) failures" + (openings > 1 ? ", \(openings) times" : ""))
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let needed = wanted ?? file.context.thresholds.breakerFailures
      let deaf = file.context.breakerLogIgnorance
      if openings > 0 { return file.meet("opened at \(needed) failures" + (openings > 1 ? ", \(openings) times" : ""), unless: deaf) }
      if let deaf { return judgeGauge(deaf, needed, &file) }
      file.violate("it never opened; the most failures in a row were \(longest)\(file.context.breakerFound)", unless: nil)
    }

    private func judgeGauge(_ deaf: Ignorance, _ needed: Int, _ file: inout CaseFile) {
      let context = file.context
      if let blind = context.breakerGaugeIgnorance(lasting: context.thresholds.breakerCooldownSeconds) {
        return file.leave(deaf.and(blind))
      }
      guard !gaugeOpenings.isEmpty else {
        return file.violate("it never opened, by its gauge; the most failures in a row were \(longest)\(context.breakerFound)", unless: nil)
      }
      if let deaf = context.deaf(to: BreakerOpens.failureTellers) { return file.leave(deaf) }
      if let wrong = gaugeOpenings.first(where: { needed < $0.failures || needed > $0.failures + $0.unclear }) {
        return file.violate(
          "opened by its gauge after \(Figure.count(wrong.failures + wrong.unclear, "failure")), wanted exactly \(needed)")
      }
      if let open = gaugeOpenings.first(where: { $0.unclear > 0 }) {
        return file.leave(
          "it opened by its gauge after \(Figure.count(open.failures + open.unclear, "failure")), of which \(open.unclear) "
            + "carry no code that says whether they count")
      }
      file.meet("opened by its gauge after \(Figure.count(needed, "counted failure"))")
    }
  }
}
