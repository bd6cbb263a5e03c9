private let attemptTellers: [HappeningName] = [.reconnectionAttempt]

/// Attempts after the contract's delays: the plan against the formula, the measured gap against the plan.
struct BackoffJudge: RuleJudge {
  var hears: EventKinds { .connection }
  let wanted: Int
  private var lastAt: RunInstant?
  private var attempts = 0
  private var most = 0

  init(wanted: Int) { self.wanted = wanted }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    let schedule = file.context.thresholds.backoff
    switch event.happening?.kind {
    case .speechDisconnected:
      lastAt = event.at
      attempts = 0
      file.cite(event, "connection lost")
    case .reconnectionPlanned(let attempt, let delay): check(plan: delay, attempt: attempt, schedule, event, &file)
    case .reconnectionAttempt(let attempt):
      attempts += 1
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
    let allowed = schedule.tolerance * formula + schedule.jitterSeconds
    if gap < formula - allowed || gap > formula + allowed + file.context.schedulerAllowance {
      file.violate("\(text), beyond \(Figure.percent(schedule.tolerance))")
    }
  }

  private func end(_ file: inout CaseFile) {
    if attempts >= wanted {
      file.meet("\(Figure.count(attempts, "attempt")), all on schedule")
    } else {
      file.note("\(Figure.count(attempts, "attempt")) on schedule, wanted \(wanted)")
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    file.violateUnlessBlind(attemptTellers, "\(Figure.count(most, "attempt")) in a row, wanted at least \(wanted)")
  }
}

/// After a reconnection the first fragment has sequence number 0.
struct FreshSessionJudge: RuleJudge {
  var hears: EventKinds { [.connection, .fragments] }
  private var isLost = false
  private var isBack = false
  private var losses = 0

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    switch event.happening?.kind {
    case .speechDisconnected:
      isLost = true
      isBack = false
      losses += 1
      file.cite(event, "connection lost")
    case .sessionOpened where isLost:
      isBack = true
      file.cite(event, "session opened")
      file.note("a session is open, nothing sent in it yet")
    default: break
    }
    guard isBack, let fragment = event.fragment(file.context), fragment.stage == .sent, let sequence = fragment.sequenceNumber else {
      return
    }
    file.cite(event, fragment.sentence)
    if sequence == 0 {
      file.meet("the first fragment after it has sequence 0")
    } else {
      file.violate("the first fragment after it has sequence \(sequence)")
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    if let deaf = file.context.deaf(to: [.fragmentSent]) { return file.leave(deaf) }
    guard losses > 0 else { return file.leave("the connection was never seen to be lost") }
    file.violateUnlessBlind([.sessionOpened], "no fragment was sent in a session after the loss")
  }
}

/// A lost connection comes back.
struct RecoveryJudge: RuleJudge {
  var hears: EventKinds { .connection }
  private var lostAt: RunInstant?

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    switch event.happening?.kind {
    case .speechDisconnected:
      lostAt = lostAt ?? event.at
      file.cite(event, "connection lost")
      file.note("lost, not back yet")
    case .sessionOpened:
      guard let lostAt else { return }
      file.cite(event, "session opened")
      file.meet("back after \(Figure.seconds(event.at.seconds(since: lostAt)))")
    case .reconnectionGaveUp(let attempts):
      file.cite(event, "gave up after \(attempts) attempts")
      file.violate("the worker gave up after \(Figure.count(attempts, "attempt"))")
    default: break
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    guard let lostAt else { return file.leave("the connection was never seen to be lost") }
    let seconds = Figure.seconds(file.context.now.seconds(since: lostAt))
    file.violateUnlessBlind([.sessionOpened], "lost \(seconds) before the end and not back")
  }
}

/// A service ends by itself, with a status other than 0.
struct ExitJudge: RuleJudge {
  var hears: EventKinds { .lifecycle }
  let service: ServiceName
  private var status: Int32?

  init(service: ServiceName) { self.service = service }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard let happening = event.happening, happening.service == service,
      case .lifecycle(.exited(let status, let reason)) = happening.kind
    else { return }
    file.cite(event, "ended" + (status.map { " with status \($0)" } ?? "") + (reason.isEmpty ? "" : ": \(reason)"))
    // Its own log says that it ends before anybody who started it knows with which status.
    guard let status else { return file.note("it ended; its status is not known yet") }
    if status == 0 { file.violate("it ended with status 0") } else { file.meet("it ended with status \(status)") }
  }

  mutating func finish(_ file: inout CaseFile) {
    if file.verdict.evidence.isEmpty { file.violate("it did not end") } else { file.leave("it ended, but nobody saw its status") }
  }
}
