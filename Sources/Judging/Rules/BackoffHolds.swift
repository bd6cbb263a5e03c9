import Contracts
import Events
import RunModel

/// Attempts after the contract's delays: the plan against the formula, the measured gap against the plan.
struct BackoffHolds: Rule {
  private static let tellers: [HappeningKind] = [.reconnectionAttempt]
  private static let least = RuleField(
    "attempts", .integer(1...100, unit: "attempts"), .value(.number(1)), "how many must be made in a row at least")

  static let name = "backoff"
  static let summary = "Reconnection attempts come after the contract's delays, at least so many of them in a row."
  static let fields = [least]
  static let witnesses: [Witness] = [
    .workerLog(tellers + [.reconnectionPlanned, .speechDisconnected, .sessionOpened, .reconnectionGaveUp])
  ]
  static let floor =
    "as many attempts in a row as attempts says; the log is understood from begin to end, always tells of attempts, "
    + "and its own times can be relied on"

  let attempts: Int

  init(_ values: RuleValues) throws(RuleMistake) { attempts = try values.integer(Self.least) }

  var sentence: String { "\(attempts) reconnection attempts on schedule" }

  func judge() -> any RuleJudge { Judge(wanted: attempts) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .connection }
    let wanted: Int
    private var lastAt: RunInstant?
    private var attempts = 0
    private var most = 0

    init(wanted: Int) { self.wanted = wanted }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      let schedule = file.context.thresholds.backoff
      switch event.connection(file.context) {
      case .speechDisconnected:
        lastAt = event.at
        attempts = 0
        file.cite(event, "connection lost")
      case .reconnectionPlanned(let attempt, let delay): check(plan: delay, attempt: attempt, schedule, event, &file)
      case .reconnectionAttempt(let attempt):
        attempts += 1
        if attempt.attempt > 0, attempt.attempt < attempts {
          file.cite(event, "attempt \(attempt.attempt), number \(attempts) since the loss")
          return file.violate("attempt number \(attempts) since the loss calls itself number \(attempt.attempt)")
        }
        most = max(most, attempts)
        if let planned = attempt.plannedDelaySeconds { check(plan: planned, attempt: attempt.attempt, schedule, event, &file) }
        measure(attempt, schedule, event, &file)
        lastAt = event.at
        file.note("\(Figure.count(attempts, "attempt")), all on schedule")
        if attempt.success == true { end(&file) }
      case .sessionOpened where attempts > 0: end(&file)
      case .reconnectionGaveUp where attempts > 0: end(&file)
      default: break
      }
    }

    private func check(plan: Double, attempt: Int, _ schedule: BackoffSchedule, _ event: JudgedEvent, _ file: inout CaseFile) {
      let formula = schedule.delaySeconds(beforeAttempt: attempt)
      guard abs(plan - formula) >= schedule.tolerance * formula + schedule.jitterSeconds else { return }
      file.cite(event, "attempt \(attempt) planned after \(Figure.seconds(plan))")
      file.violate("attempt \(attempt) was planned after \(Figure.seconds(plan)), the schedule says \(Figure.seconds(formula))")
    }

    private func measure(_ attempt: ReconnectionAttempt, _ schedule: BackoffSchedule, _ event: JudgedEvent, _ file: inout CaseFile) {
      let formula = schedule.delaySeconds(beforeAttempt: attempt.attempt)
      guard let lastAt, formula > 0 else { return }
      let gap = event.at.seconds(since: lastAt)
      let share = Int(((gap - formula) / formula * 100).rounded())
      let text =
        "attempt \(attempt.attempt): planned \(Figure.seconds(formula)), took \(Figure.seconds(gap)) (\(share >= 0 ? "+" : "")\(share) %)"
      file.cite(event, text)
      // The data model measures from the attempt before: the first one has none.
      guard attempt.attempt >= 2 else { return }
      if let mistimed = file.context.mistimed(file.context.worker) { return file.leave(mistimed) }
      let allowed = schedule.tolerance * formula + schedule.jitterSeconds
      if gap < formula - allowed || gap > formula + allowed + file.context.schedulerAllowance {
        file.violate("\(text), beyond \(Figure.percent(schedule.tolerance))")
      }
    }

    private func end(_ file: inout CaseFile) {
      file.note("\(Figure.count(attempts, "attempt")) on schedule" + (most < wanted ? ", wanted \(wanted)" : ""))
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: BackoffHolds.tellers)
      guard most >= wanted else {
        return file.violate("\(Figure.count(most, "attempt")) in a row, wanted at least \(wanted)", unless: deaf)
      }
      file.meet("\(Figure.count(most, "attempt")) in a row, all on schedule", unless: deaf)
    }
  }
}
