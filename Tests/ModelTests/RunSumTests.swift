import Events
import MediaSync
import RunModel
import Testing

/// What a run came to, in a line.
@Suite struct RunSumTests {
  private func transition(_ state: BreakerState) -> Happening.Kind { .breaker(BreakerTransition(state: state)) }

  @Test func `what nobody told is not known`() {
    #expect(RunSum(RunState()).sentence == "no fault, fallbacks not known, breaker not known, content offset not measured")
  }

  @Test func `it counts what was done and what came of it`() {
    var script = Script()
    for (index, phase) in [FaultHappening.Phase.began, .ended, .momentary, .failed].enumerated() {
      let fault = FaultHappening(id: index == 0 ? 1 : index, kind: "sts-errors", detail: "TIMEOUT ×5", phase: phase)
      script.add(Double(index), .harness, .happening(Happening(.fault(fault), service: .speechService, provenance: .own)))
    }
    script.told(5, .fragment(FragmentHappening(stage: .sent, fragmentID: "a", sequenceNumber: 0)))
    script.told(6, .fragment(FragmentHappening(stage: .fallback, sequenceNumber: 0)))
    script.told(10, transition(.open))
    script.told(40, transition(.halfOpen))
    script.told(41, transition(.open))
    script.told(45, transition(.closed))
    for (seconds, offset) in [(50.0, 18.0), (51, -190), (52, 40)] {
      let happening = StreamHappening.contentOffset(ContentOffset(segmentIndex: 0, offsetMilliseconds: offset, markCount: 5))
      script.add(
        seconds, SourceID(.stream, "out"), .happening(Happening(.stream(happening), service: "out", provenance: .observed)))
    }
    #expect(RunSum(script.state()).sentence == "2 faults, 1 fallback, breaker open 34 s, worst 190 ms early")
  }

  @Test func `what fragments alone say of the breaker is no figure of it`() {
    var script = Script()
    script.told(5, .fragment(FragmentHappening(stage: .sent, fragmentID: "a", sequenceNumber: 0)))
    script.told(6, .fragment(FragmentHappening(stage: .fallback, sequenceNumber: 0, detail: "circuit_open")))
    #expect(RunSum(script.state()).sentence == "no fault, 1 fallback, breaker not known, content offset not measured")
    script.signals(7, [.breakerState: .number(0)])
    #expect(RunSum(script.state()).breakerOpenSeconds == 0)
  }

  @Test func `an opening ends with its process`() {
    var script = Script()
    script.told(10, transition(.open))
    script.told(14, .lifecycle(.restarted(evidence: "start time")))
    script.tick(60)
    #expect(RunSum(script.state()).breakerOpenSeconds == 4)
  }

  @Test func `more faults than are kept are at least so many`() {
    var script = Script()
    for index in 0..<600 {
      let fault = FaultHappening(id: index, kind: "sts-errors", detail: "x", phase: .momentary)
      script.add(Double(index), .harness, .happening(Happening(.fault(fault), service: .speechService, provenance: .own)))
    }
    #expect(RunSum(script.state()).sentence.hasPrefix("at least 500 faults,"))
  }

  @Test func `a breaker that is open yet is so up to now`() {
    var script = Script()
    script.told(10, transition(.open))
    script.tick(30)
    #expect(RunSum(script.state()).breakerOpenSeconds == 20)
  }
}
