import Events
import RuleSupport
import RunModel
import Testing

@Suite struct ReconnectionJudgeTests {
  /// A loss at 10 s and attempts with these gaps between them; the last one succeeds.
  private static func lost(_ rule: RuleDocument, gaps: [Double], planned: [Double]? = nil) -> Trial {
    var trial = Trial(rule)
    trial.heard()
    trial.told(10, .speechDisconnected(reason: "transport close"))
    var at = 10.0
    for (index, gap) in gaps.enumerated() {
      at += gap
      trial.attempt(at, index + 1, planned: planned?[index], success: index == gaps.count - 1)
    }
    return trial
  }

  @Test(arguments: [
    ([2.0, 4, 8, 16, 32], 5, Verdict.Standing.met), ([2.1, 4.3, 8.6, 15.5, 33], 5, .met),
    // The first is measured from the loss; the second is 25 % and more off.
    ([2.9, 4, 8, 16, 32], 5, .violated), ([1.5, 4, 8, 16, 32], 5, .violated), ([30], 1, .violated), ([2], 1, .met),
    ([2, 5.4, 8, 16, 32], 5, .violated), ([2, 3, 8, 16, 32], 5, .violated),
    ([1, 2, 4, 8, 16], 5, .violated),
    ([2, 4, 8], 3, .met), ([2, 4, 8], 5, .violated),
  ]) func `attempts keep the schedule of the backoff`(_ gaps: [Double], _ wanted: Int, _ standing: Verdict.Standing) {
    var trial = Self.lost(.backoff(attempts: wanted), gaps: gaps)
    trial.end(120)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `a first attempt that keeps its plan long after the loss is not known to be on schedule`() {
    // As of media-service-30s, whose library tries for 45 s before the service does.
    var late = Trial(.backoff(attempts: 2))
    late.heard()
    late.told(10, .speechDisconnected(reason: nil))
    late.told(55, .reconnectionPlanned(attempt: 1, delaySeconds: 2))
    late.attempt(57, 1)
    late.attempt(61, 2, success: true)
    late.end(90)
    #expect(late.standing == .unobservable)
    #expect(late.verdict.reason.contains("what came between the loss and the plan is not known"), "\(late.verdict.reason)")
    // A plan at once that is not kept is no excuse.
    var idle = Trial(.backoff(attempts: 1))
    idle.heard()
    idle.told(10, .speechDisconnected(reason: nil))
    idle.told(10, .reconnectionPlanned(attempt: 1, delaySeconds: 2))
    idle.attempt(40, 1, planned: 2, success: true)
    #expect(idle.standing == .violated)
    #expect(idle.verdict.reason.hasPrefix("attempt 1: planned 2 s, took 30 s (+1400 %)"), "\(idle.verdict.reason)")
  }

  @Test func `attempts of which no delay was seen are not on schedule`() {
    var untold = Trial(.backoff(attempts: 1))
    untold.heard()
    untold.attempt(12, 1, planned: 2, success: true)
    untold.end(30)
    #expect(untold.standing == .unobservable)
    #expect(untold.verdict.reason == "no delay between attempts was seen: 1 attempt", "\(untold.verdict.reason)")
    var second = Trial(.backoff(attempts: 2))
    second.heard()
    second.attempt(12, 1)
    second.attempt(16, 2, success: true)
    second.end(30)
    #expect(second.standing == .met)
    #expect(second.verdict.reason == "2 attempts in a row, 1 of 2 delays seen, all of these on schedule", "\(second.verdict.reason)")
  }

  /// Attempts after a loss at 10 s, by when and number, and what is not known of them; the others keep the schedule.
  @Test(
    arguments: [
      ([(16.0, 2), (24, 3)], "attempt 2: attempt 1 before it was not heard"),
      ([(12.0, 1), (24, 3), (40, 4)], "attempt 3: attempt 2 before it was not heard"),
    ] as [([(Double, Int)], String)]) func `an attempt after one that was not heard is not measured`(
      _ attempts: [(Double, Int)], _ reason: String
    )
  {
    var trial = Trial(.backoff(attempts: 2))
    trial.heard()
    trial.told(10, .speechDisconnected(reason: nil))
    for (at, number) in attempts { trial.attempt(at, number, success: number == attempts.last?.1) }
    trial.end(60)
    #expect(trial.standing == .unobservable && trial.verdict.reason.contains(reason), "\(trial.verdict.reason)")
    // The one after it is measured all the same.
    var late = Trial(.backoff(attempts: 2))
    late.heard()
    late.told(10, .speechDisconnected(reason: nil))
    late.attempt(16, 2)
    late.attempt(30, 3, success: true)
    #expect(late.standing == .violated, "\(late.verdict.reason)")
  }

  @Test func `a wrong plan is seen at once`() {
    var trial = Trial(.backoff(attempts: 5))
    trial.heard()
    trial.told(10, .speechDisconnected(reason: nil))
    trial.told(10, .reconnectionPlanned(attempt: 1, delaySeconds: 1))
    #expect(trial.standing == .violated)
  }

  @Test(arguments: [(0 as Int?, Verdict.Standing.met), (7, .violated), (nil, .violated)]) func `fresh session`(
    _ sequence: Int?, _ standing: Verdict.Standing
  ) {
    var trial = Self.lost(.freshSession, gaps: [2])
    trial.told(12, .sessionOpened(streamID: nil, sessionID: "b", maxInflight: 3))
    if let sequence { trial.fragment(18, .sent, sequence) }
    trial.end(30)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// What is sent without its number is sent all the same: whether the session is fresh is not known.
  @Test(arguments: [
    ([nil, nil] as [Int?], Verdict.Standing.unobservable), ([nil, 7], .unobservable), ([0, nil], .met), ([7, nil], .violated),
  ])
  func `a log without numbers does not tell whether a session is fresh`(_ sequences: [Int?], _ standing: Verdict.Standing) {
    var trial = Self.lost(.freshSession, gaps: [2])
    trial.told(12, .sessionOpened(streamID: nil, sessionID: "b", maxInflight: 3))
    for (index, sequence) in sequences.enumerated() {
      trial.told(18 + 6 * Double(index), .fragment(FragmentHappening(stage: .sent, fragmentID: "f\(index)", sequenceNumber: sequence)))
    }
    trial.end(40)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `an attempt is counted in words that fit every number`() {
    var trial = Trial(.backoff(attempts: 2))
    trial.heard()
    trial.told(10, .speechDisconnected(reason: nil))
    trial.attempt(12, 1)
    trial.attempt(16, 1)
    #expect(trial.standing == .violated)
    #expect(trial.verdict.reason == "attempt number 2 since the loss calls itself number 1")
  }

  @Test func `a lost connection recovers with a session`() {
    var back = Self.lost(.recovers, gaps: [2])
    #expect(back.standing == .pending)
    back.told(12, .sessionOpened(streamID: nil, sessionID: "b", maxInflight: 3))
    // It may be lost once more.
    #expect(back.standing == .pending)
    back.end(40)
    #expect(back.standing == .met)
    var gone = Self.lost(.recovers, gaps: [])
    gone.told(72, .reconnectionGaveUp(attempts: 5))
    #expect(gone.standing == .violated)
    var open = Self.lost(.recovers, gaps: [])
    open.end(40)
    #expect(open.standing == .violated)
    var never = Trial(.recovers)
    never.heard()
    never.end(40)
    #expect(never.standing == .unobservable)
  }

  @Test(arguments: [
    (ServiceLifecycle.exited(status: 1, reason: ""), Verdict.Standing.met), (.exited(status: 0, reason: ""), .violated),
    (.exited(status: nil, reason: ""), .unobservable), (.stopped, .violated),
  ]) func `exit status`(_ lifecycle: ServiceLifecycle, _ standing: Verdict.Standing) {
    var trial = Trial(.exitsWithFailure(.mediaService))
    trial.script.add(
      9, .harness, .happening(Happening(.lifecycle(lifecycle), service: .mediaService, provenance: .own)))
    trial.end(12)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }
}
