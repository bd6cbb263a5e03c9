import Events
import PrometheusText
import RunModel
import Testing

@Suite struct BreakerTrackTests {
  private func gauge(_ script: inout Script, _ seconds: Double, _ code: Double) {
    script.signals(seconds, [.breakerState: .number(code)])
  }

  @Test func `a transition in the log is observed`() {
    var script = Script()
    script.told(10, .breaker(BreakerTransition(state: .open, trigger: .failure, failureCount: 5)))
    let breaker = script.state().breaker
    #expect(breaker.state == .open)
    #expect(breaker.entries.last?.provenance == .observed)
    #expect(!breaker.isInferred)
    #expect(breaker.consecutiveFailures == 5)
    #expect(breaker.since == RunInstant(seconds: 10))
  }

  @Test func `the gauge alone is inferred`() {
    var script = Script()
    gauge(&script, 1, 0)
    gauge(&script, 2, 1)
    let state = script.state()
    #expect(state.breaker.state == .open)
    #expect(state.breaker.isInferred)
    #expect(state.breaker.entries.map(\.provenance) == [.inferred])
    #expect(state.rows.last?.isInferred == true, "a change that only the gauge tells is in the stream too")
    #expect(state.breaker.agreement == .unobservable(reason: "the log tells nothing"))
  }

  @Test func `closed at first sight is no transition`() {
    var script = Script()
    gauge(&script, 1, 0)
    #expect(script.state().breaker.entries.isEmpty)
  }

  @Test func `the same change from gauge and log is one`() {
    var script = Script()
    gauge(&script, 1, 0)
    gauge(&script, 10, 1)
    script.told(10.4, .breaker(BreakerTransition(state: .open, trigger: .failure, failureCount: 5)))
    let state = script.state()
    #expect(state.breaker.entries.count == 1)
    #expect(state.breaker.entries.first?.provenance == .observed)
    #expect(state.breaker.entries.first?.transition.from == .closed)
    #expect(state.rows.filter { $0.category == .breaker }.map(\.text) == ["closed → open (failure ×5)"])
  }

  @Test(
    arguments: [
      (BreakerState.open, 1.0, nil), (.halfOpen, 2.0, nil), (.closed, 0.0, nil),
      (.open, 2.0, "gauge 2 means half-open in contract none, the log says open: the values of open and half-open look swapped"),
      (.halfOpen, 1.0, "gauge 1 means open in contract none, the log says half-open: the values of open and half-open look swapped"),
      (.open, 0.0, "gauge 0 means closed in contract none, the log says open"),
      (.open, 7.0, "gauge 7 has no meaning in contract none, the log says open"),
    ] as [(BreakerState, Double, String?)]) func `cross check`(_ log: BreakerState, _ code: Double, _ finding: String?)
  {
    var script = Script()
    script.told(10, .breaker(BreakerTransition(state: log, failureCount: 5)))
    for second in 11...20 { gauge(&script, Double(second), code) }
    let state = script.state()
    #expect(state.findings["breaker-gauge-disagrees"]?.value.text == finding)
    #expect(state.breaker.agreement == finding.map(BreakerTrack.Agreement.disagrees) ?? .agrees)
  }

  @Test func `a short disagreement is none`() {
    var script = Script()
    gauge(&script, 9, 0)
    script.told(10, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    gauge(&script, 10.5, 0)
    gauge(&script, 11.5, 1)
    script.tick(20)
    #expect(script.state().findings.isEmpty)
  }

  @Test func `a finding is taken back when they agree again`() {
    var script = Script()
    script.told(10, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    for second in 11...20 { gauge(&script, Double(second), 0) }
    #expect(script.state().findings.count == 1)
    gauge(&script, 21, 1)
    let state = script.state()
    #expect(state.findings.isEmpty)
    #expect(state.rows.last?.text.hasPrefix("no longer: ") == true)
  }

  @Test func `opening too early is a finding`() {
    var script = Script()
    script.told(10, .breaker(BreakerTransition(from: .closed, state: .open, failureCount: 3)))
    #expect(script.state().findings["breaker-failure_count"]?.value.text == "the breaker opened at 3 failures, but needs 5")
  }

  /// The line of a probe that failed tells a count of 1 and not what the breaker was before: that is known.
  @Test func `a failed probe that opens the breaker again is no finding`() {
    var script = Script()
    script.told(10, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.told(40, .breaker(BreakerTransition(state: .halfOpen)))
    script.told(41, .breaker(BreakerTransition(state: .open, failureCount: 1)))
    #expect(script.state().findings.isEmpty)
    script.told(71, .breaker(BreakerTransition(state: .halfOpen)))
    script.told(72, .breaker(BreakerTransition(state: .closed)))
    script.told(80, .breaker(BreakerTransition(state: .open, failureCount: 1)))
    #expect(script.state().findings["breaker-failure_count"]?.value.text == "the breaker opened at 1 failures, but needs 5")
  }

  @Test func `the cooldown runs from the last failure`() {
    var script = Script()
    script.told(10, .breaker(BreakerTransition(state: .open, trigger: .failure, failureCount: 5)))
    #expect(script.state().breaker.earliestHalfOpen(cooldownSeconds: 30) == RunInstant(seconds: 40))
    script.told(12, .fragment(FragmentHappening(stage: .failed, sequenceNumber: 9, detail: "TIMEOUT")))
    #expect(script.state().breaker.earliestHalfOpen(cooldownSeconds: 30) == RunInstant(seconds: 42))
    script.told(43, .breaker(BreakerTransition(state: .halfOpen)))
    #expect(script.state().breaker.earliestHalfOpen(cooldownSeconds: 30) == nil)
  }

  @Test(arguments: [("TIMEOUT", 1), ("MODEL_ERROR", 1), ("INVALID_CONFIG", 0), ("STREAM_NOT_FOUND", 0)])
  func `only retryable failures count`(_ code: String, _ count: Int) {
    var script = Script()
    script.told(1, .fragment(FragmentHappening(stage: .failed, sequenceNumber: 1, detail: code)))
    #expect(script.state().breaker.consecutiveFailures == count)
    script.told(2, .fragment(FragmentHappening(stage: .processed, sequenceNumber: 2)))
    #expect(script.state().breaker.consecutiveFailures == 0)
  }

  @Test func `a gauge that never changes is not forgotten`() {
    var script = Script()
    for second in stride(from: 0.0, through: 3000, by: 10) { gauge(&script, second, 1) }
    let breaker = script.state().breaker
    #expect(breaker.gauge.last?.value == 1)
    #expect(breaker.entries.count == 1, "the same state is no new transition after 15 minutes")
  }

  /// A state that the contract has no word for is there all the same.
  @Test func `a gauge that is not understood is exposed, and what it said last is not over`() {
    var script = Script()
    gauge(&script, 1, 1)
    script.signals(2, [.breakerState: .unclear("no word of the contract for forced_open")])
    var state = script.state()
    #expect(state.breaker.state == nil && state.breaker.lastShown?.value == .open)
    #expect(!state.rows.contains { $0.text.contains("no longer exposed") })
    let texts = state.alarms.map(\.text)
    #expect(
      texts.contains { $0.contains("exposed and not understood by contract none: no word of the contract for forced_open") }, "\(texts)")
    #expect(texts.contains { $0.hasSuffix("its gauge is not understood now") }, "\(texts)")
    gauge(&script, 3, 0)
    state = script.state()
    #expect(state.breaker.state == .closed && state.alarms.isEmpty && state.breaker.unclear == nil)
  }

  @Test(arguments: [(0.0, BreakerState?.none), (2, nil), (1, .open)])
  func `of several streams one that is not understood is worse than closed ones`(code: Double, state: BreakerState?) {
    var script = Script()
    script.signals(
      1, [.breakerState: .ambiguous(matches: 2)],
      streams: [
        StreamSignals(name: "a", signals: [.breakerState: .number(code)]),
        StreamSignals(name: "b", signals: [.breakerState: .unclear("no state is 1")]),
      ])
    let breaker = script.state().breaker
    #expect(breaker.state == state && breaker.unclear == (state == nil ? "stream b: no state is 1" : nil))
  }
}
