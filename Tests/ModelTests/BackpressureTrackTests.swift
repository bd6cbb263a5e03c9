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
    // A scrape that would show the last of them.
    script.signals(6, [.backpressurePause: .number(factor == 3 ? 1 : 2)])
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

  /// Scraped every 8 s: what was told meanwhile cannot be missed before a scrape could show it.
  @Test func `a counter that is read seldom is waited for`() {
    var script = Script()
    for at in [0.0, 8] { script.signals(at, [.backpressurePause: .number(4)]) }
    script.told(10.5, event(.pause))
    for second in 11...15 { script.tick(Double(second)) }
    #expect(script.state().findings.isEmpty)
    script.signals(16, [.backpressurePause: .number(5)])
    for second in 17...30 { script.tick(Double(second)) }
    #expect(script.state().findings.isEmpty)
    #expect(!script.state().rows.contains { $0.text.contains("than the log told") || $0.text.contains("the log told") })
  }

  @Test func `a difference that evens out is taken back`() {
    var script = Script()
    script.told(0.5, event(.none))
    script.told(0.6, event(.pause))
    for second in 1...2 { script.signals(Double(second), [.backpressurePause: .number(4)]) }
    for second in 3...9 { script.signals(Double(second), [.backpressurePause: .number(5)]) }
    #expect(script.state().findings["counter-backpressure_pause"]?.value.text == "backpressure_pause counted 1 more than the log told")
    // The log comes late, and tells of its time.
    script.told(9.5, event(.pause), reportedAt: 2.4)
    script.tick(10)
    #expect(script.state().findings.isEmpty)
    // A difference that stays is said once, and stays.
    script.told(12, event(.pause))
    for second in 13...30 { script.signals(Double(second), [.backpressurePause: .number(5)]) }
    #expect(script.state().findings["counter-backpressure_pause"]?.value.text == "the log told 1 more than backpressure_pause counted")
  }

  /// A pause is of its session: another one, or none, knows nothing of it.
  @Test(arguments: [
    Happening.Kind.speechDisconnected(reason: nil), .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 3),
  ]) func `a pause ends with its session`(_ end: Happening.Kind) {
    var script = Script()
    script.told(3, event(.pause))
    script.told(4, end)
    script.told(5, fragment(.sent, 0))
    script.tick(40)
    let state = script.state()
    #expect(state.backpressure.current == nil)
    #expect(state.backpressure.entries.first?.ended == RunInstant(seconds: 4))
    #expect(!state.alarms.contains { $0.id == "pause" })
  }

  @Test func `the connection of another service ends no pause`() {
    var script = Script()
    script.told(3, event(.pause))
    script.told(4, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 3), by: .speechService)
    #expect(script.state().backpressure.current?.event.action == .pause)
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
