import Contracts
import Events
import RunModel

/// Half-open within [cooldown, cooldown + one segment + 1 s] after the last failure.
struct BreakerCooldown: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState]

  static let name = "breaker-cooldown"
  static let summary = "The breaker goes half-open one cooldown after the last failure, and at most one segment and a second later."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(tellers + [.fragmentFailed, .fragmentTimedOut])]
  static let floor = "an opening and a half-open state after it"

  init(_ values: RuleValues) {}

  var sentence: String { "half-open one cooldown after the last failure" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.fragments, .breaker] }
    /// Log times are rounded to milliseconds.
    private static let rounding = 0.01
    private var lastFailure: RunInstant?
    private var openedAt: RunInstant?

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let fragment = event.fragment(file.context), fragment.isCountedFailure(file.context.thresholds) { lastFailure = event.at }
      guard let transition = event.transition else { return }
      switch transition.state {
      case .open:
        openedAt = event.at
        file.cite(event, "opened")
        file.note("open, not half-open yet")
      case .halfOpen:
        guard let openedAt else { return }
        let from = lastFailure ?? openedAt
        let gap = event.at.seconds(since: from)
        let earliest = file.context.thresholds.breakerCooldownSeconds
        let latest = earliest + file.context.thresholds.segmentSeconds + 1
        let text = "half-open \(Figure.seconds(gap)) after the last failure, wanted \(Figure.text(earliest)) to \(Figure.seconds(latest))"
        file.cite(event, "half-open \(Figure.seconds(gap)) after the last failure")
        if gap < earliest - Self.rounding || gap > latest + file.context.schedulerAllowance { file.violate(text) } else { file.meet(text) }
      case .closed: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      file.violateUnlessBlind(
        BreakerCooldown.tellers, openedAt == nil ? "the breaker never opened" : "the breaker never went half-open")
    }
  }
}
