import Contracts
import Events
import RunModel

/// Attempts after the contract's delays: the plan against the formula, the measured gap against the plan. The first is measured from the
/// loss, each other from the one before it; where that one was not heard, its delay is not known.
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
    "as many attempts in a row as attempts says, one of them after a delay that is seen; the log is understood from begin to end, "
    + "always tells of attempts, and its own times can be relied on"

  let attempts: Int

  init(_ values: RuleValues) throws(RuleMistake) { attempts = try values.integer(Self.least) }

  var sentence: String { "\(attempts) reconnection attempts on schedule" }

  func judge() -> any RuleJudge { Judge(wanted: attempts) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .connection }
    let wanted: Int
    private var lossAt: RunInstant?
    private var last: (number: Int, at: RunInstant)?
    private var plannedAt: RunInstant?
    private var attempts = 0
    private var most = 0
    /// How many attempts there were in all, and how many came after a delay that was seen.
    private var counts = (all: 0, measured: 0)
    /// Why it is not known whether a first attempt was on schedule.
    private var doubt: Ignorance?

    init(wanted: Int) { self.wanted = wanted }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      let schedule = file.context.thresholds.backoff
      switch event.connection(file.context) {
      case .speechDisconnected:
        (lossAt, last, plannedAt) = (event.at, nil, nil)
        attempts = 0
        file.cite(event, "connection lost")
      case .reconnectionPlanned(let attempt, let delay):
        plannedAt = event.at
        check(plan: delay, attempt: attempt, schedule, event, &file)
      case .reconnectionAttempt(let attempt):
        attempts += 1
        counts.all += 1
        if attempt.attempt > 0, attempt.attempt < attempts {
          file.cite(event, "attempt \(attempt.attempt), number \(attempts) since the loss")
          return file.violate("attempt number \(attempts) since the loss calls itself number \(attempt.attempt)")
        }
        most = max(most, attempts)
        if let planned = attempt.plannedDelaySeconds { check(plan: planned, attempt: attempt.attempt, schedule, event, &file) }
        measure(attempt, schedule, event, &file)
        last = (attempt.attempt, event.at)
        file.note("\(Figure.count(attempts, "attempt")), \(onSchedule)")
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

    private mutating func measure(_ attempt: ReconnectionAttempt, _ schedule: BackoffSchedule, _ event: JudgedEvent, _ file: inout CaseFile)
    {
      let formula = schedule.delaySeconds(beforeAttempt: attempt.attempt)
      let isFirst = attempts == 1
      guard let from = isFirst ? lossAt : last?.at, formula > 0, isFirst || attempt.attempt >= 2 else { return }
      guard attempt.attempt <= (isFirst ? 0 : last?.number ?? 0) + 1 else {
        // What came between was not heard: how long it took is nobody's to say.
        let text = "attempt \(attempt.attempt): attempt \(attempt.attempt - 1) before it was not heard, so its delay is not known"
        file.cite(event, text)
        doubt = doubt ?? Ignorance(text)
        return
      }
      let gap = event.at.seconds(since: from)
      let share = Int(((gap - formula) / formula * 100).rounded())
      let text =
        "attempt \(attempt.attempt): planned \(Figure.seconds(formula)), took \(Figure.seconds(gap)) (\(share >= 0 ? "+" : "")\(share) %)"
      file.cite(event, text)
      if let mistimed = file.context.mistimed(file.context.worker) {
        doubt = mistimed
        if !isFirst { file.leave(mistimed) }
        return
      }
      let allowed = schedule.tolerance * formula + schedule.jitterSeconds
      let band = (formula - allowed)...(formula + allowed + file.context.schedulerAllowance)
      if band.contains(gap) {
        counts.measured += 1
      } else if isFirst, let plannedAt, gap > band.upperBound, band.contains(event.at.seconds(since: plannedAt)) {
        // A library beneath may have tried first, unheard (media-service-30s: for 45 s): the schedule was kept from its plan on.
        doubt = Ignorance("\(text), but kept the delay since it was planned: what came between the loss and the plan is not known")
      } else {
        file.violate("\(text), beyond \(Figure.percent(schedule.tolerance))")
      }
    }

    /// What is said of the attempts so far, none of which is known to be off the schedule.
    private var onSchedule: String {
      switch counts.measured {
      case 0: "no delay between attempts was seen"
      case counts.all: "all on schedule"
      default: "\(counts.measured) of \(counts.all) delays seen, all of these on schedule"
      }
    }

    private func end(_ file: inout CaseFile) {
      file.note("\(Figure.count(attempts, "attempt")), \(onSchedule)" + (most < wanted ? ", wanted \(wanted)" : ""))
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: BackoffHolds.tellers)
      guard most >= wanted else {
        return file.violate("\(Figure.count(most, "attempt")) in a row, wanted at least \(wanted)", unless: deaf)
      }
      let unseen = counts.measured == 0 ? Ignorance("no delay between attempts was seen: \(Figure.count(counts.all, "attempt"))") : nil
      file.meet("\(Figure.count(most, "attempt")) in a row, \(onSchedule)", unless: deaf ?? doubt ?? unseen)
    }
  }
}
