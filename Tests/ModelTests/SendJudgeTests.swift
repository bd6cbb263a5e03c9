import Events
import RuleSupport
import RunModel
import SpeechProtocol
import Testing

@Suite struct SendJudgeTests {
  @Test(arguments: [(false, Verdict.Standing.met), (true, .violated)]) func `pause holds`(_ sends: Bool, _ standing: Verdict.Standing) {
    var trial = Trial(.pauseHolds)
    trial.heard()
    trial.fragment(6, .sent, 0)
    trial.pressure(7, .pause)
    // slow_down does not take a pause back.
    trial.pressure(9, .slowDown, delay: 500)
    if sends { trial.fragment(12, .sent, 1) }
    trial.pressure(14, .none)
    trial.fragment(14.001, .sent, 2)
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `without a pause there is nothing to see`() {
    for rule in [RuleDocument.pauseHolds, .slowDownHolds] {
      var trial = Trial(rule)
      trial.heard()
      trial.fragment(6, .sent, 0)
      trial.end(20)
      #expect(trial.standing == .unobservable)
    }
  }

  @Test func `a new session knows of no pause`() {
    var trial = Trial(.pauseHolds)
    trial.heard()
    trial.pressure(7, .pause)
    trial.told(8, .speechDisconnected(reason: nil))
    trial.told(10, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 3))
    trial.fragment(12, .sent, 0)
    trial.end(20)
    #expect(trial.standing == .met)
  }

  @Test(arguments: [
    // Sent so long after its cut, and whether the log tells cuts.
    (0.5, true, Verdict.Standing.met), (0.6, true, .met), (0.0, true, .violated), (0.3, true, .violated),
    // Without the cut only the message and the send before can be looked at.
    (0.0, false, .met),
  ]) func `slow down holds`(_ wait: Double, _ tellsCuts: Bool, _ standing: Verdict.Standing) {
    var trial = Trial(.slowDownHolds)
    trial.heard()
    if tellsCuts { trial.segment(6, 0, .input) }
    trial.fragment(6, .sent, 0)
    trial.pressure(7, .slowDown, delay: 500)
    if tellsCuts { trial.segment(12, 1, .input) }
    trial.fragment(12 + wait, .sent, 1)
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// Audio and video of a segment are told apart, and only the audio is sent.
  @Test(arguments: [(0.6, Verdict.Standing.met), (0.0, .violated)])
  func `a segment is cut once`(_ wait: Double, _ standing: Verdict.Standing) {
    var trial = Trial(.slowDownHolds)
    trial.heard()
    trial.pressure(2, .slowDown, delay: 500)
    for index in 0..<8 {
      let at = 6 * Double(index + 1)
      for track in ["video", "audio"] { trial.told(at, .segment(SegmentHappening(direction: .input, index: index, track: track))) }
      // Another service cuts segments of its own.
      trial.script.told(at - 3, .segment(SegmentHappening(direction: .input, index: 100 + index)), reportedAt: at - 3, by: "other")
      trial.fragment(at + wait, .sent, index)
    }
    trial.end(60)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// A log entry's second line carries the delay.
  @Test(arguments: [(500 as Double?, 0.6, Verdict.Standing.met), (500, 0.1, .violated), (nil, 0.6, .unobservable)])
  func `the delay may stand in a further line`(_ delay: Double?, _ wait: Double, _ standing: Verdict.Standing) {
    var trial = Trial(.slowDownHolds)
    trial.heard()
    trial.pressure(2, .slowDown)
    if let delay {
      let event = BackpressureEvent(severity: .medium, action: .slowDown, recommendedDelayMilliseconds: delay)
      var more = Happening(
        .backpressure(event), service: .mediaService, provenance: .observed, reportedAt: WallTime(epochSeconds: Script.start + 2))
      more.isSequel = true
      trial.script.add(2.001, SourceID(.log, .mediaService), .happening(more))
    }
    trial.segment(6, 0, .input)
    trial.fragment(6 + wait, .sent, 0)
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// A log that is flushed every 13 s: each fragment is answered 0.4 s after it was sent.
  @Test func `what is read late was not answered late`() {
    var trial = Trial(.fragmentsAccounted)
    trial.heard()
    for index in 0..<4 {
      let sent = 2 + 13 * Double(index)
      for (at, stage) in [(sent, FragmentHappening.Stage.sent), (sent + 0.4, .processed)] {
        trial.script.told(sent + 12.9, .fragment(FragmentHappening(stage: stage, sequenceNumber: index)), reportedAt: at)
      }
    }
    trial.end(60)
    #expect(trial.standing == .met, "\(trial.verdict.reason)")
  }

  @Test func `sends from a backlog wait for one another`() {
    var trial = Trial(.slowDownHolds)
    trial.heard()
    trial.pressure(2, .slowDown, delay: 500)
    trial.segment(6, 0, .input)
    trial.segment(12, 1, .input)
    trial.fragment(13, .sent, 0)
    trial.fragment(13.2, .sent, 1)
    #expect(trial.standing == .violated)
    #expect(trial.verdict.reason.contains("the send before"))
  }

  @Test(arguments: [(3 as Int?, Verdict.Standing.met), (2, .violated), (nil, .met)]) func `fragments in flight stay within the limit`(
    _ limit: Int?, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.inflightLimit(limit))
    trial.heard()
    for index in 0..<3 { trial.fragment(6 * Double(index + 1), .sent, index) }
    trial.fragment(19, .processed, 0)
    trial.fragment(20, .timedOut, 1)
    // A fallback of what was not waited for any more changes nothing.
    trial.fragment(21, .fallback, 1, "timeout")
    trial.fragment(24, .sent, 3)
    trial.fragment(30, .sent, 4)
    trial.end(40)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// One fragment at a time, each of which ends with this line alone.
  @Test(arguments: [
    (FragmentHappening.Stage.fallback, "timeout" as String?, Verdict.Standing.met), (.fallback, nil, .met), (.timedOut, nil, .met),
    // An open breaker's fallback is of what was never sent, whatever its number.
    (.fallback, "circuit_open", .violated), (.acknowledged, nil, .violated),
  ]) func `what takes a fragment out of flight`(_ stage: FragmentHappening.Stage, _ detail: String?, _ standing: Verdict.Standing) {
    var trial = Trial(.inflightLimit(3))
    trial.heard()
    for index in 0..<6 {
      trial.fragment(2 + Double(index), .sent, index)
      trial.fragment(2.8 + Double(index), stage, index, detail)
    }
    trial.fragment(9, .processed, 5)
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `a line that is written twice is one fragment`() {
    var trial = Trial(.inflightLimit(2))
    trial.heard()
    for index in 0..<2 {
      for _ in 0..<2 { trial.fragment(6 + Double(index), .sent, index, id: "f\(index)") }
    }
    for _ in 0..<2 { trial.fragment(8, .processed, 0, id: "f0") }
    trial.end(20)
    #expect(trial.standing == .met, "\(trial.verdict.reason)")
    #expect(trial.verdict.reason.hasPrefix("at most 2 in flight"))
    #expect(trial.state.fragments.outstanding.map(\.fragmentID) == ["f1"])
  }

  @Test func `the limit is the sessions unless the rule names one`() {
    var trial = Trial(.inflightLimit(nil))
    trial.heard()
    trial.told(2, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 1))
    trial.fragment(6, .sent, 0)
    trial.fragment(12, .sent, 1)
    #expect(trial.standing == .violated)
  }

  @Test func `a loss empties what is under way`() {
    var trial = Trial(.inflightLimit(1))
    trial.heard()
    trial.fragment(6, .sent, 0)
    trial.told(7, .speechDisconnected(reason: nil))
    trial.fragment(12, .sent, 0)
    trial.end(14)
    #expect(trial.standing == .met)
  }

  @Test(arguments: [(true, Verdict.Standing.met), (false, .violated)]) func `every fragment is accounted for`(
    _ answered: Bool, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.fragmentsAccounted)
    trial.heard()
    trial.fragment(6, .sent, 0, id: "a")
    trial.fragment(7, .processed, 0, id: "a")
    trial.fragment(12, .sent, 1, id: "b")
    trial.fragment(13, .failed, 1, "TIMEOUT", id: "b")
    if answered { trial.fragment(13.1, .fallback, 1, "error") }
    trial.fragment(24, .sent, 2, id: "c")
    trial.script.tick(25)
    // The last one is younger than its time limit: it is not lost.
    trial.end(26)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test(arguments: [
    ([0, 1, 2, 3], Verdict.Standing.met), ([0, 1, 3], .violated), ([0, 2, 1], .violated), ([0, 0, 1, 1], .met), ([3], .violated),
    ([0, 1, 0, 1], .met),
  ]) func `output unbroken`(_ indices: [Int], _ standing: Verdict.Standing) {
    var trial = Trial(.outputUnbroken)
    trial.heard()
    trial.flow(to: 20)
    for (place, index) in indices.enumerated() { trial.segment(2 + Double(place), index) }
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test(arguments: [([7, 8], Verdict.Standing.met), ([8], .violated), ([0, 1], .met)])
  func `a worker that ran before the scenario counts on`(_ indices: [Int], _ standing: Verdict.Standing) {
    var trial = Trial(.outputUnbroken)
    trial.heard()
    trial.flow(to: 20)
    // Told late, of the time before the scenario.
    trial.segment(0.4, 5)
    trial.segment(0.6, 6)
    for (place, index) in indices.enumerated() { trial.segment(2 + Double(place), index) }
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }
}
