import Contracts
import Events
import Judging
import MediaSync
import RuleSupport
import RunModel
import SpeechProtocol
import Testing

/// What is wrong now: every kind of it, how it begins and how it ends.
@Suite struct AlarmTests {
  private func healthy() -> Script {
    var script = Script()
    script.describe(Contract(name: "spec-018", summary: ""))
    for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(2, service, .good) }
    return script
  }

  /// The alarm of a case alone: services that are not checked any more are another one.
  private func standing(_ script: Script, _ id: String) -> [Alarm] {
    script.state().alarms.filter { $0.id == id || !$0.id.hasPrefix("unchecked:") }
  }

  @Test(arguments: cases) func `it begins, says what it is, and ends`(_ alarm: Case) throws {
    var script = healthy()
    #expect(script.state().alarms.isEmpty)
    alarm.begin(&script)
    let found = standing(script, alarm.id)
    let shown = try #require(found.first { $0.id == alarm.id }, "\(found)")
    #expect(found.count == 1, "\(found)")
    #expect(shown.text == alarm.text)
    #expect((shown.severity, shown.sureness, shown.witness) == (alarm.severity, alarm.sureness, alarm.witness))
    #expect(shown.since == RunInstant(seconds: alarm.since))
    #expect(shown.event.sequence > 3, "an event of its own brought it")
    // Every alarm is told as a line, at its begin and at its end.
    let rows = script.state().rows.filter { $0.severity == .bad || $0.severity == .warning }
    #expect(rows.contains { $0.number == shown.event }, "no row tells of it: \(rows.map(\.text))")
    let before = script.state().rows.total
    alarm.end(&script)
    #expect(standing(script, alarm.id).contains { $0.id == alarm.id } == alarm.stays)
    #expect(alarm.stays || script.state().rows.total > before, "no row tells of its end")
  }

  // MARK: What is no alarm

  @Test func `what is in flight is measured by the session's own limit`() {
    var script = healthy()
    script.told(3, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 4))
    script.signals(4, [.inflightFragments: .number(4)])
    #expect(script.state().alarms.isEmpty)
    // A session that says nothing does not bring the contract's number back.
    script.told(5, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: nil))
    script.signals(5.5, [.inflightFragments: .number(4)])
    #expect(script.state().alarms.isEmpty)
  }

  @Test func `a figure that is shown no more is not current`() {
    var script = healthy()
    script.signals(3, [.inflightFragments: .number(9), .breakerState: .number(1)])
    #expect(standing(script, "").map(\.id) == ["breaker:open", "inflight"])
    for second in 4...20 { script.signals(Double(second), [:]) }
    #expect(
      standing(script, "").map(\.text) == [
        "the circuit breaker was open as read 17 s ago; its gauge is no longer exposed",
        "the metrics of media-service no longer have inflight_fragments",
      ])
  }

  @Test func `an expected end is no failure`() {
    var script = healthy()
    script.publisher(3, .started(target: "rtmp://x"))
    script.stream(4, .opened(StreamFacts()))
    script.path(4, "live/test/out", bytes: 1000)
    script.publisher(30, .finished(mediaSeconds: 27))
    script.stream(31, .stalled(seconds: 1.5))
    script.stream(36, .closed(reason: "end of file"))
    script.stream(36, failing: "404")
    script.path(37, nil, bytes: 0)
    for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(37, service, .good) }
    let run = script.state()
    #expect(run.alarms.isEmpty, "\(run.alarms)")
    let rows = run.rows.filter { $0.severity == .bad || $0.severity == .warning }
    #expect(rows.allSatisfy { $0.text.hasPrefix("nothing was heard") }, "\(rows)")
  }

  @Test func `what goes down with the run is no failure, what was wrong before it is`() {
    var script = healthy()
    script.told(5, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.own(30, .runEnded(reason: "the demo is over"))
    script.told(31, .speechDisconnected(reason: "closing"))
    script.told(31, .lifecycle(.stopped))
    script.health(31, .speechService, .unreachable(reason: "connection refused"))
    script.source(31, .log, .mediaService, "no such file")
    let alarms = script.state().alarms.filter { !$0.id.hasPrefix("unchecked:") }
    #expect(alarms.map(\.id) == ["breaker:open"])
  }

  @Test func `nothing is expected of an output while nothing is published`() {
    var script = healthy()
    script.path(3, "live/test/in", bytes: 0, isReady: false)
    script.stream(4, failing: "404")
    script.path(59, "live/test/in", bytes: 0, isReady: false)
    for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(60, service, .good) }
    #expect(script.state().alarms.isEmpty)
    // Where nobody tells any more whether something is published, that it is not open is all that is known.
    script.source(61, .mediaServer, .mediaServer, "connection refused")
    script.stream(90, failing: "404")
    for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(90, service, .good) }
    #expect(script.state().alarms.contains { $0.id == "stream:live/test/out" && $0.severity == .warning })
  }

  @Test func `an endpoint of a service that is down is no second alarm`() {
    var script = healthy()
    script.health(10, .mediaService, .unreachable(reason: "connection refused"))
    script.source(10, .metrics, .mediaService, "connection refused")
    #expect(standing(script, "").map(\.id) == ["service:media-service"])
  }

  @Test func `what was bad when it was last heard of stays so`() {
    var script = healthy()
    script.health(10, .speechService, .unreachable(reason: "refused"))
    script.tick(60)
    #expect(standing(script, "").map(\.id) == ["service:echo-sts"])
  }

  @Test func `a reader that waits for its next try tells nothing of the time since`() {
    var script = healthy()
    script.stream(4, failing: "404")
    for second in 4...40 { script.path(Double(second), "live/test/in", bytes: second * 1000) }
    #expect(standing(script, "").isEmpty)
  }

  @Test func `lines that are expected, known, old or less than errors are no alarm`() {
    var script = healthy()
    let lines = [
      LogLine(service: .mediaService, text: "a", level: .error, isMatched: true),
      LogLine(service: .mediaService, text: "b", level: .warning),
      LogLine(service: .mediaService, text: "c", level: .error, isExpected: true), LogLine(service: .mediaService, text: "d"),
    ]
    var past = LogLine(service: .mediaService, text: "e", level: .critical)
    past.isPast = true
    script.add(3, SourceID(.log, .mediaService), .logLines(lines + [past]))
    #expect(script.state().alarms.isEmpty)
  }

  @Test func `an error in the log stands until the output shows that all is well`() {
    var script = healthy()
    script.stream(3, .opened(StreamFacts()))
    script.error(10, "boom")
    // The worker's own word is no good sign.
    for second in 11...21 {
      script.told(Double(second), .segment(SegmentHappening(direction: .output, index: second)))
      script.health(Double(second), .mediaService, .good)
    }
    #expect(script.state().alarms.contains { $0.id == "log:media-service" })
    script.streamSample(25, silent: 0)
    #expect(!script.state().alarms.contains { $0.id == "log:media-service" })
    // Another one begins to count anew.
    script.error(26, "boom")
    #expect(script.state().alarms.first { $0.id == "log:media-service" }?.text == "an error line that no template knows: boom")
  }

  @Test func `a dead output keeps the errors that came before it`() {
    var script = healthy()
    script.stream(3, .opened(StreamFacts()))
    script.error(10, "Could not write to resource")
    script.stream(11, .closed(reason: "end of file"))
    script.tick(200)
    let alarms = script.state().alarms.filter { !$0.id.hasPrefix("unchecked:") }
    #expect(alarms.map(\.id) == ["stream:live/test/out", "log:media-service"])
  }

  // MARK: Order, numbers, room

  @Test func `worst first, then oldest first, and what is violated before all`() {
    var trial = Trial([
      Expectation(id: "opens", rule: .breakerSequence([.open])), Expectation(id: "closed", rule: .breakerStaysClosed),
      Expectation(id: "fresh", rule: .freshSession), Expectation(id: "maybe", rule: .freshSession, isOptional: true),
    ])
    trial.heard()
    trial.script.told(3, .finding(Finding(id: "odd", text: "odd")))
    trial.breaker(4, .open)
    trial.script.health(7, .speechService, .unreachable(reason: "refused"))
    trial.end(10)
    let alarms = trial.state.alarms.filter { !$0.id.hasPrefix("unchecked:") }
    #expect(
      alarms.map(\.id) == ["expectation:closed", "expectation:fresh", "breaker:open", "service:echo-sts", "finding:odd"], "\(alarms)")
    #expect(alarms.first?.event == trial.state.verdict.entries[1].verdict.decision)
    #expect(alarms.map(\.witness).prefix(2) == ["judge", "judge"])
  }

  @Test func `its number, its event and its begin stay while its words change`() throws {
    var script = healthy()
    script.health(10, .speechService, .unreachable(reason: "refused"))
    let first = try #require(script.state().alarms.first)
    script.health(11, .speechService, .unreachable(reason: "refused"))
    script.health(12, .speechService, .unhealthy(status: 500, excerpt: ""))
    let later = try #require(script.state().alarms.first)
    #expect(later.text == "echo-sts is not healthy: 500 ×3")
    #expect((first.serial, first.event, first.since) == (later.serial, later.event, later.since))
  }

  @Test func `room is made for what ended less than 10 s ago`() {
    var script = healthy()
    for service in [ServiceName.mediaServer, .mediaService] { script.health(4, service, .good) }
    script.health(5, .speechService, .unreachable(reason: "refused"))
    #expect(script.state().recentAlarms == 1)
    func check(_ second: Double) {
      for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(second, service, .good) }
    }
    check(7)
    #expect(script.state().alarms.isEmpty && script.state().recentAlarms == 1)
    for second in [10, 13, 16.0] { check(second) }
    #expect(script.state().recentAlarms == 1)
    check(19)
    #expect(script.state().recentAlarms == 0)
  }

  // MARK: What was looked at

  @Test func `what has no source is not looked at`() {
    #expect(RunState().inspection.seen.isEmpty && RunState().inspection.unseen.isEmpty)
    var script = Script()
    script.describe(Contract(name: "spec-018", summary: ""))
    script.health(2, .mediaServer, .good)
    var inspection = script.state().inspection
    #expect(inspection.seen == ["1 service"])
    #expect(
      inspection.unseen == [
        "health of media-service and echo-sts", "breaker", "connection", "backpressure", "output", "sync", "log of media-service",
      ])
    script.stream(3, .opened(StreamFacts()))
    script.aligned(9, 0, 0.01)
    script.signals(10, [.breakerState: .number(0)])
    // A log of which no line is understood is no witness.
    script.add(11, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: "???")]))
    inspection = script.state().inspection
    #expect(inspection.seen == ["1 service", "breaker", "output", "sync"])
    script.add(12, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: "sent", isMatched: true)]))
    inspection = script.state().inspection
    #expect(inspection.seen == ["1 service", "breaker", "connection", "backpressure", "output", "sync"])
    #expect(inspection.unseen == ["health of media-service and echo-sts"])
  }
}
