import Contracts
import Events
import RunModel
import SpeechProtocol
import Testing

/// What is known of a worker ends where nothing is heard of it any more.
@Suite struct WorkerKnowledgeTests {
  /// A watch of a worker that is scraped once a second, up to a moment; then its endpoint fails, and is tried less and less often.
  private func watched(until last: Double, now: Double, interval: Double = 1) -> Script {
    var script = Script()
    script.describe(Contract(name: "test", summary: ""))
    let source = SourceID(.metrics, .mediaService)
    script.add(0.1, source, .sourceStatus(SourceStatus(standing: .reading, target: "test", intervalSeconds: interval)))
    for second in stride(from: 1, through: last, by: interval) {
      script.signals(second, [.breakerState: .number(0), .inflightFragments: .number(1), .fragmentsSent: .number(second)])
    }
    var wait = 1.0
    var at = last + 3
    while at < now {
      script.add(
        at, source,
        .sourceStatus(
          SourceStatus(
            standing: .failing(reason: "no answer within 3 s", consecutiveFailures: 1, retryInSeconds: wait), target: "test",
            intervalSeconds: interval)))
      wait = min(wait * 2, 30)
      at += wait + 3
    }
    script.tick(now)
    return script
  }

  @Test(arguments: [(3.4, nil as Double?), (3.6, 3.6), (9.1, 9.1), (15.2, 15.2), (75, 75)])
  func `a worker that hangs is known for three of the asked intervals and never again`(after: Double, unknown: Double?) throws {
    let state = watched(until: 20, now: 20 + after).state()
    let found = state.workerUnknownSeconds
    #expect(found.map { ($0 * 10).rounded() } == unknown.map { ($0 * 10).rounded() })
    #expect(state.metricsStaleSeconds.map { ($0 * 10).rounded() } == unknown.map { ($0 * 10).rounded() })
    #expect(state.workerGaps.count == (unknown == nil ? 0 : 1))
  }

  /// At 4x half a real second is two: that this machine reads late is no news of the worker.
  @Test(arguments: [(4.9, false), (5.1, true)]) func `our own lag at speed is not the worker's silence`(after: Double, isUnknown: Bool) {
    var script = Script()
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: "test", environment: "embedded", contract: Contract(name: "test", summary: ""), contractReason: "asked for",
          services: [.mediaService], speed: 4, startedAt: WallTime(epochSeconds: Script.start))))
    script.signals(10, [.breakerState: .number(0)])
    script.tick(10 + after)
    #expect((script.state().workerUnknownSeconds != nil) == isUnknown)
    #expect((script.state().metricsStaleSeconds != nil) == isUnknown)
  }

  @Test func `lines of its log show that it lives while its endpoint does not answer`() {
    var script = watched(until: 20, now: 20.5)
    // Written before the next scrape was due: of a worker that hangs since it shows nothing.
    script.told(20.6, .segment(SegmentHappening(direction: .output, index: 1)))
    script.tick(25)
    #expect(script.state().workerUnknownSeconds != nil)
    script.told(26, .segment(SegmentHappening(direction: .output, index: 2)))
    script.tick(30)
    #expect(script.state().workerUnknownSeconds == nil)
    #expect(script.state().workerGaps.map(\.from.seconds) == [20.6])
    script.tick(39)
    #expect(script.state().workerUnknownSeconds == 13)
  }

  @Test func `what a good scrape shows no more is gone`() throws {
    var script = watched(until: 5, now: 5)
    script.signals(6, [.fragmentsSent: .number(6)])
    script.tick(6.5)
    let state = script.state()
    #expect(state.breaker.state == nil)
    #expect(state.backpressure.inflight == nil)
    #expect(state.metrics.number(.breakerState) == nil)
    #expect(state.metrics.number(.fragmentsSent) == 6)
    let track = try #require(state.metrics.signals[.inflightFragments])
    #expect(track.goneAt?.seconds == 6)
    #expect(track.last?.value.number == 1)
    #expect(state.rows.contains { $0.text == "no longer exposed: breaker_state, inflight_fragments" })
    // And back again.
    script.signals(7, [.fragmentsSent: .number(7), .breakerState: .number(0)])
    #expect(script.state().metrics.number(.breakerState) == 0)
    #expect(script.state().breaker.gaugeReadAt?.seconds == 7)
  }

  @Test func `a restart begins every track anew`() throws {
    var script = Script()
    script.describe(Contract(name: "test", summary: ""))
    for second in 1...10 { script.signals(Double(second), [.fragmentsSent: .number(Double(second * 2)), .breakerState: .number(0)]) }
    script.told(10.1, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.told(10.2, .backpressure(BackpressureEvent(severity: .high, action: .pause)))
    script.told(10.3, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 7))
    script.told(10.5, .speechDisconnected(reason: "gone"))
    script.told(10.6, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 7)))
    script.signals(14, [.fragmentsSent: .number(1)], resets: [.fragmentsSent])
    script.told(20, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 0)))
    script.signals(24, [.fragmentsSent: .number(2)])
    let state = script.state()
    #expect(state.restartedAt?.seconds == 14)
    #expect(state.breaker.state == nil)
    #expect(state.breaker.consecutiveFailures == 0)
    #expect(state.backpressure.current == nil)
    #expect(state.backpressure.sessionLimit == nil)
    #expect(state.fragments.outstanding.map(\.sequenceNumber) == [0])
    let episode = try #require(state.reconnection.current)
    // The first fragment of the new process brings no connection of the old one back.
    #expect(episode.backAt == nil)
    #expect(episode.firstSequenceNumber == nil)
    #expect(episode.restartedAt?.seconds == 14)
    #expect(!state.alarms.contains { $0.id == "connection" || $0.id == "breaker:open" })
    // Value and rate count from the same moment: 2 since the scrape before the restart, 14 s ago.
    let rate = try #require(state.metrics.signals[.fragmentsSent]?.meanRate(now: state.now))
    #expect(abs(rate - 2.0 / 14) < 1e-9)
    // Nothing was heard of it for 6 s once more.
    #expect(state.workerGaps.map(\.to.seconds) == [14, 20])
  }

  @Test func `a restart that log and metrics tell is one`() {
    var script = watched(until: 10, now: 10)
    script.told(11, .lifecycle(.restarted(evidence: "its log says so")))
    script.told(11.5, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.signals(12, [.fragmentsSent: .number(1)], resets: [.fragmentsSent])
    let state = script.state()
    #expect(state.restartedAt?.seconds == 11)
    #expect(state.breaker.state == .open)
  }

  @Test func `fragments in flight of several streams are held against the limits of all of them`() throws {
    var script = Script()
    script.describe(Contract(name: "test", summary: ""))
    script.signals(1, [.inflightFragments: .number(5)], summed: [.inflightFragments: 2])
    script.tick(2)
    #expect(script.state().inflightLimit == 6)
    #expect(!script.state().alarms.contains { $0.id == "inflight" })
    script.signals(3, [.inflightFragments: .number(7)], summed: [.inflightFragments: 2])
    script.tick(4)
    let alarm = try #require(script.state().alarms.first { $0.id == "inflight" })
    #expect(alarm.text == "more fragments are in flight than 6, the limit of the contract for 2 streams")
  }

  @Test func `what is concluded from fragments is no word of the log against the gauge`() {
    var script = Script()
    script.describe(Contract(name: "test", summary: ""))
    script.told(1, .fragment(FragmentHappening(stage: .fallback, sequenceNumber: 1, detail: "circuit_open")))
    script.told(2, .fragment(FragmentHappening(stage: .processed, sequenceNumber: 2)))
    for second in 3...12 { script.signals(Double(second), [.breakerState: .number(1)]) }
    let state = script.state()
    guard case .unobservable = state.breaker.agreement else {
      Issue.record("\(state.breaker.agreement)")
      return
    }
    #expect(!state.alarms.contains { $0.text.contains("the log says") })
  }
}
