import Contracts
import Events
import RunModel

/// The only judge of a run: a fold over its events that says what it decides, and how far it has come, as events of the same history.
///
/// It knows nothing that is not in the history, so that a run judged live, from a recording and by a second reading stands the same.
package struct Judge: Sendable {
  /// How often at most a pending expectation says how far it has come, in seconds.
  static let progressSeconds = 1.0

  private struct Charge: Sendable {
    let expectation: Expectation
    var judge: any RuleJudge
    let hears: EventKinds
    var verdict: Verdict
    var deadline: RunInstant?
    /// When it last said how far it has come.
    var saidAt: RunInstant?
    /// Whether it has something to say.
    var hasNews = false
  }

  private var charges: [Charge] = []
  /// What each charge still wants to hear, beside them: to look at a charge is to copy it, and most events are about none.
  private var ears: [EventKinds?] = []
  private var context = JudgeContext()
  private var isClosed = false
  /// Whether a description told of a contract.
  private var hasContract = false
  /// The earliest instant at which something is due: a deadline, or word of how far a rule has come.
  private var nextDue: RunInstant?

  /// A judge that has nothing to judge before a run's description tells it.
  package init() {}

  /// Takes in one event of the run; its own are passed over.
  /// - Parameters:
  ///   - event: the event, and when it occurred.
  ///   - now: the newest instant of the run.
  /// - Returns: what it decided by it, and what else it has to say of how far it has come.
  mutating func note(_ event: JudgedEvent, now: RunInstant) -> [VerdictChange] {
    let envelope = event.envelope
    if case .verdict = envelope.event { return [] }
    if case .description(let description) = envelope.event { adopt(description) }
    guard !charges.isEmpty, !isClosed else { return [] }
    context.now = now
    let event = context.placed(event)
    learn(event)
    let kind = EventKinds(envelope.event)
    let isDue = isClosed || nextDue.map { now > $0 } == true
    // Most of what arrives is about no rule.
    guard isDue || !kind.isEmpty else { return [] }
    var changes: [VerdictChange] = []
    for index in ears.indices {
      guard let hears = ears[index] else { continue }
      let isMeant = !hears.isDisjoint(with: kind)
      guard isMeant || isDue else { continue }
      if isMeant { hear(index, event) }
      if isDue { close(index) }
      if let change = news(index) {
        changes.append(change)
        if change.verdict.standing != .pending { ears[index] = nil }
      }
    }
    if isDue || !changes.isEmpty { findDue() }
    return changes
  }

  private mutating func hear(_ index: Int, _ event: JudgedEvent) {
    // What a followed log tells of the time before the scenario is not of this scenario.
    guard let began = context.beganAt, event.happening.map({ event.at >= began && !($0.isPast && event.isByArrival) }) ?? true else {
      return charges[index].judge.noteBefore(event, context)
    }
    change(index) { judge, file in judge.note(event, &file) }
  }

  /// Decides what can wait no longer.
  private mutating func close(_ index: Int) {
    let isOver = charges[index].deadline.map { context.now > $0.advanced(bySeconds: context.schedulerAllowance) } == true
    guard isClosed || isOver else { return }
    // What holds by its time has to go on holding: only what does not is decided there.
    if !isClosed, holds(index) { return charges[index].deadline = nil }
    change(index, Self.finish)
  }

  private static func finish(_ judge: inout any RuleJudge, _ file: inout CaseFile) {
    if !file.isDecided { judge.finish(&file) }
    if !file.isDecided { file.leave("the rule came to no decision") }
  }

  /// Whether an expectation would be met if the run ended now.
  private func holds(_ index: Int) -> Bool {
    var judge = charges[index].judge
    var file = CaseFile(context: context, verdict: charges[index].verdict)
    Self.finish(&judge, &file)
    return file.verdict.standing == .met
  }

  private mutating func change(
    _ index: Int, _ body: (inout any RuleJudge, inout CaseFile) -> Void
  ) {
    var file = CaseFile(context: context, verdict: charges[index].verdict)
    body(&charges[index].judge, &file)
    guard file.isTouched else { return }
    charges[index].verdict = file.verdict
    charges[index].hasNews = true
  }

  /// What is to be said of an expectation now: a decision at once, progress once a second.
  private mutating func news(_ index: Int) -> VerdictChange? {
    guard charges[index].hasNews else { return nil }
    let isDecided = charges[index].verdict.standing != .pending
    if let said = charges[index].saidAt, !isDecided, context.now.seconds(since: said) < Self.progressSeconds {
      let due = said.advanced(bySeconds: Self.progressSeconds)
      nextDue = min(nextDue ?? due, due)
      return nil
    }
    charges[index].saidAt = context.now
    charges[index].hasNews = false
    return VerdictChange(index: index, expectation: charges[index].expectation.id, verdict: charges[index].verdict)
  }

  private mutating func findDue() {
    nextDue = nil
    for charge in charges where charge.verdict.standing == .pending {
      if let deadline = charge.deadline?.advanced(bySeconds: context.schedulerAllowance) { nextDue = min(nextDue ?? deadline, deadline) }
      if charge.hasNews, let said = charge.saidAt?.advanced(bySeconds: Self.progressSeconds) { nextDue = min(nextDue ?? said, said) }
    }
  }

  /// Takes over what a run's description says; expectations that are there already keep their verdicts.
  private mutating func adopt(_ description: RunDescription) {
    let isOther = context.contract.name != description.contract.name && context.contract.isDecided && hasContract
    hasContract = true
    if isOther { beginAgain() }
    context.contract = description.contract
    context.speed = description.speed
    context.isEmbedded = description.environment == "embedded"
    context.services = description.services
    context.expectedEnds = Set(
      description.expectations.filter { $0.rule.name == ExitsWithFailure.name }.compactMap { $0.rule.values.text("service") }.map {
        ServiceName($0)
      })
    context.unverifiedNeeds =
      description.expectations.first { $0.rule.name == ConditionsHold.name }?.rule.values.text(ConditionsHold.unverified)
    context.startedAt = description.startedAt
    context.localUTCOffsetSeconds = description.localUTCOffsetSeconds
    let wanted = description.expectations.prefix(VerdictTrack.limit)
    guard !wanted.elementsEqual(charges.lazy.map(\.expectation)) else { return }
    charges = wanted.map { expectation in
      let judge = expectation.rule.judge()
      return Charge(
        expectation: expectation, judge: judge, hears: judge.hears, verdict: .open, deadline: expectation.deadline(since: context.beganAt))
    }
    ears = charges.map(\.hears)
    isClosed = false
    findDue()
  }

  /// Another contract holds than the one by which everything was judged: nothing of that stands, and evidence is what comes from now on.
  private mutating func beginAgain() {
    context.forgetReadings()
    for index in charges.indices {
      charges[index].judge = charges[index].expectation.rule.judge()
      charges[index].hasNews = charges[index].verdict.standing != .pending
      charges[index].verdict = .open
      charges[index].deadline = charges[index].expectation.deadline(since: context.beganAt)
      ears[index] = charges[index].hears
    }
    findDue()
  }

  private mutating func learn(_ event: JudgedEvent) {
    context.learn(event)
    guard case .scenario(let scenario) = event.happening?.kind else { return }
    switch scenario {
    case .began:
      for index in charges.indices { charges[index].deadline = charges[index].expectation.deadline(since: event.at) }
      findDue()
    case .closed: isClosed = true
    case .completed, .step, .stepFailed: break
    }
  }
}
