import Events
import RunModel
import SpeechProtocol
import Testing

@Suite struct BackpressureTrackTests {
  private func event(_ action: BackpressureAction, inflight: Int? = nil) -> Happening.Kind {
    .backpressure(BackpressureEvent(severity: .high, action: action, currentInflight: inflight))
  }

  private func fragment(_ stage: FragmentHappening.Stage, _ number: Int) -> Happening.Kind {
    .fragment(FragmentHappening(stage: stage, sequenceNumber: number))
  }

  @Test func `a pause is joined with what followed`() throws {
    var script = Script()
    for number in 0..<3 { script.told(Double(number), fragment(.sent, number)) }
    script.told(5, event(.pause))
    for number in 0..<3 { script.told(6 + Double(number), fragment(.processed, number)) }
    script.told(9, event(.none))
    let entries = script.state().backpressure.entries
    let pause = try #require(entries.first)
    #expect(pause.inflightAtStart == 3)
    #expect(pause.inflightLowest == 0)
    #expect(pause.sentMeanwhile == 0)
    #expect(pause.ended == RunInstant(seconds: 9))
    #expect(entries.last?.ended == nil)
  }

  @Test func `what is sent during a pause is counted`() {
    var script = Script()
    script.told(5, event(.pause, inflight: 2))
    script.told(6, fragment(.sent, 9))
    let entry = script.state().backpressure.current
    #expect(entry?.sentMeanwhile == 1)
    #expect(entry?.inflightAtStart == 2)
  }

  @Test func `the smallest gap counts only under one event`() {
    var script = Script()
    script.told(1, event(.slowDown))
    script.told(2, fragment(.sent, 1))
    script.told(3, event(.slowDown))
    script.told(3.1, fragment(.sent, 2))
    #expect(script.state().backpressure.current?.smallestSendGapMilliseconds == nil)
    script.told(3.7, fragment(.sent, 3))
    script.told(4.9, fragment(.sent, 4))
    let gap = script.state().backpressure.current?.smallestSendGapMilliseconds ?? 0
    #expect(abs(gap - 600) < 0.001)
  }

  @Test func `the gauge stands in where no fragment is told`() {
    var script = Script()
    script.signals(1, [.inflightFragments: .number(3)])
    script.told(2, event(.pause))
    script.signals(3, [.inflightFragments: .number(1)])
    let entry = script.state().backpressure.current
    #expect(entry?.inflightAtStart == 3)
    #expect(entry?.inflightLowest == 1)
  }

  @Test func `a counter without log lines is inferred`() {
    var script = Script()
    script.signals(1, [.backpressurePause: .number(4)])
    script.signals(2, [.backpressurePause: .number(5)])
    script.tick(6)
    let state = script.state()
    #expect(state.backpressure.entries.map(\.provenance) == [.inferred], "what was counted before is the base")
    #expect(state.rows.last?.isInferred == true)
    #expect(state.findings.isEmpty)
  }

  @Test(arguments: [(2, 1.0, "backpressure_pause counted 1 more than the log told"), (1, 2.0, nil), (1, 3.0, "the log told 1 more than")])
  func `counter and log are compared`(_ counted: Int, _ factor: Double, _ words: String?) {
    // The log tells `factor` events, the counter counts so many that the difference is what the case says.
    var script = Script()
    script.signals(1, [.backpressurePause: .number(0)])
    script.told(2, event(.pause))
    if factor >= 2 { script.told(2.2, event(.pause)) }
    script.signals(3, [.backpressurePause: .number(factor == 3 ? 1 : 2)])
    script.tick(8)
    let text = script.state().findings["counter-backpressure_pause"]?.value.text
    if let words { #expect(text?.hasPrefix(words) == true) } else { #expect(text == nil) }
  }

  @Test func `what a log tells of the past is in the counters base`() {
    var script = Script()
    script.signals(10, [.backpressurePause: .number(1)])
    script.told(10.5, event(.pause), reportedAt: 2)
    script.tick(20)
    #expect(script.state().findings.isEmpty)
  }

  @Test func `a counter that begins again is no difference`() {
    var script = Script()
    script.signals(1, [.backpressurePause: .number(0)])
    script.told(2, event(.pause))
    script.signals(3, [.backpressurePause: .number(1)])
    script.signals(4, [.backpressurePause: .number(0)])
    script.tick(20)
    #expect(script.state().findings.isEmpty)
  }
}
