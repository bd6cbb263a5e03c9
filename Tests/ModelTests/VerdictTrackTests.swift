import Events
import Foundation
import Judging
import RuleSupport
import RunModel
import Testing

@Suite struct VerdictTrackTests {
  @Test func `nothing is judged before the scenario`() {
    var early = Script()
    early.told(0.2, .breaker(BreakerTransition(state: .open)), reportedAt: 0.2)
    early.told(0.3, .breaker(BreakerTransition(state: .closed)), reportedAt: 0.3)
    var trial = Trial(.breakerSequence([.open]))
    for event in early.events.reversed() { trial.script.insert(event, at: 1) }
    trial.heard()
    // A followed log tells its past: what it dates before the scenario is not of this scenario.
    trial.script.told(3, .breaker(BreakerTransition(state: .closed)), reportedAt: 0.5, isPast: true)
    trial.breaker(4, .open)
    trial.end(10)
    #expect(trial.standing == .met, "\(trial.verdict.reason)")
  }

  @Test func `the state in which the run found the breaker is where it is judged from`() {
    var trial = Trial(.breakerStaysClosed)
    trial.heard()
    trial.script.told(3, .breaker(BreakerTransition(state: .open)), reportedAt: 0.5, isPast: true)
    trial.end(10)
    #expect(trial.standing == .violated && trial.verdict.reason == "it was open when the run began")
  }

  @Test func `lost events prove nothing`() {
    var trial = Trial(.breakerStaysClosed)
    trial.heard()
    trial.end(10, lost: 3)
    #expect(trial.standing == .unobservable)
    #expect(trial.verdict.reason.contains("3 lines were lost"))
  }

  @Test func `optional and not known passes where something else is met`() {
    func outcome(_ expectations: [Expectation]) -> VerdictTrack.Outcome {
      var trial = Trial(expectations)
      trial.heard()
      trial.end(10)
      return trial.state.verdict.outcome
    }
    let fresh = Expectation(id: "fresh", rule: .freshSession, isOptional: true)
    let quiet = Expectation(id: "sent", rule: .breakerStaysClosed)
    #expect(outcome([fresh, quiet]) == .passed)
    // Nothing was observed at all: not even what every run is judged by shows anything.
    #expect(outcome([fresh]) == .inconclusive)
    #expect(outcome([fresh, .stepsDone]) == .inconclusive)
    #expect(outcome([Expectation(id: "fresh", rule: .freshSession), quiet]) == .inconclusive)
    #expect(outcome([Expectation(id: "opens", rule: .breakerSequence([.open])), fresh]) == .failed)
  }

  @Test func `nothing is pending at the end`() {
    let rules: [RuleDocument] = [
      .counter(.signal(.fragmentsSent), .equals, 1, isDelta: false), .gauge(.signal(.inflightFragments), minimum: 0, maximum: 0, .always),
      .events(EventPattern(.fragmentSent), .atLeast, 1), .sync(.timestamps, thresholdMilliseconds: nil, share: nil, segments: 1),
      .sync(.content, thresholdMilliseconds: nil, share: nil, segments: 1), .outputDuration(toleranceSeconds: 0.5), .presentationTimesRise,
      .outputUnbroken, .breakerOpens(failures: nil), .breakerCooldown, .breakerSequence([.open]), .breakerStaysClosed,
      .breakerGaugeAgrees(withinSeconds: 2), .fallbackOnlyWhileOpen, .fallbackWhileOpen, .pauseHolds, .slowDownHolds, .inflightLimit(nil),
      .backoff(attempts: 1), .freshSession, .recovers, .exitsWithFailure(.mediaService),
      .logsQuiet(above: .warning, allowed: [], services: []), .healthy([]), .fragmentsAccounted, .snapshot, .stepsDone,
    ]
    for rule in rules {
      var trial = Trial(rule)
      trial.own(5, .closed)
      // Nothing at all was seen: no rule is met by that.
      #expect(trial.standing == .unobservable || trial.standing == .violated, "\(rule.sentence): \(trial.verdict)")
      #expect(trial.verdict.decidedAt != nil && !trial.verdict.reason.isEmpty && !rule.sentence.isEmpty)
    }
  }

  @Test func `a state that was stored goes on as if nothing had happened`() throws {
    var trial = Trial(.backoff(attempts: 3))
    trial.heard()
    trial.told(10, .speechDisconnected(reason: nil))
    for (number, at) in [(1, 12.0), (2, 16.0)] { trial.attempt(at, number) }
    trial.attempt(24, 3, success: true)
    trial.end(40)
    var straight = RunFold()
    var stored = RunState()
    for event in trial.events {
      let step = straight.take(event)
      for envelope in [step.arrival] + step.decisions {
        stored.apply(envelope)
        stored = try JSONDecoder().decode(RunState.self, from: JSONEncoder().encode(stored))
      }
    }
    #expect(stored.verdict.entries == straight.state.verdict.entries)
    #expect(straight.state.verdict.entries.first?.verdict.standing == .met)
  }

  @Test func `evidence is bounded`() {
    var trial = Trial(.events(EventPattern(.fragmentSent), .atMost, 5000))
    trial.heard()
    for index in 0..<1000 { trial.fragment(2 + Double(index) * 0.01, .sent, index) }
    trial.end(30)
    let verdict = trial.verdict
    #expect(verdict.standing == .met && verdict.evidence.count == 16 && verdict.omittedEvidence == 984)
    #expect(verdict.evidence.first?.text.hasSuffix("number 1") == true && verdict.evidence.last?.text.hasSuffix("number 1000") == true)
  }

  @Test func `decisions are rows of the stream of events`() {
    var trial = Trial(.events(EventPattern(.fragmentFallback, detail: "error"), .equals, 0))
    trial.heard()
    trial.fragment(4, .fallback, 0, "timeout")
    trial.fragment(5, .fallback, 1, "error")
    let rows = trial.script.state().rows.filter { $0.text.hasPrefix("violated: ") }
    #expect(rows.count == 1 && rows.first?.severity == .bad)
  }

  @Test func `logs and health`() {
    var loud = Trial(.logsQuiet(above: .warning, allowed: ["known trouble"], services: [.mediaService]))
    loud.line(2, level: .error, "Known Trouble again")
    loud.line(3, level: .warning, "a warning")
    loud.line(3, level: .error, "elsewhere", by: .speechService)
    var quiet = loud
    quiet.end(10)
    #expect(quiet.standing == .met)
    loud.line(4, level: .error, "something else")
    #expect(loud.standing == .violated)

    var trial = Trial(.healthy([.mediaService]))
    for second in 2...10 { trial.script.health(Double(second), .mediaService, .healthy(status: 200, word: nil, excerpt: "")) }
    trial.script.health(5, .speechService, .unreachable(reason: "refused"))
    var good = trial
    good.end(10)
    #expect(good.standing == .met, "\(good.verdict.reason)")
    var gap = trial
    gap.end(30)
    #expect(gap.standing == .unobservable)
    trial.script.health(10.5, .mediaService, .unhealthy(status: 503, excerpt: "out"))
    #expect(trial.standing == .violated)
  }

  @Test func `a fault that could not be injected fails`() {
    var trial = Trial(.stepsDone)
    trial.script.add(
      3, .harness,
      .happening(
        Happening(.fault(FaultHappening(id: 1, kind: "sts-outage", detail: "refused", phase: .failed)), service: "x", provenance: .own)))
    #expect(trial.standing == .violated)
    var good = Trial(.stepsDone)
    good.end(5)
    #expect(good.standing == .met)
  }
}
