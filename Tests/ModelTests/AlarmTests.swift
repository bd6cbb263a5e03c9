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
  /// One kind: what brings it, what it says, and what ends it.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var id: String
    var severity = Alarm.Severity.bad
    var sureness = Alarm.Sureness.observed
    var witness: String
    var since: Double
    var text: String
    var begin: @Sendable (inout Script) -> Void
    var end: @Sendable (inout Script) -> Void
    /// Whether it leaves for good what it brought, so that nothing is taken back.
    var stays = false

    var testDescription: String { name }
  }

  static let output: ServiceName = "live/test/out"

  static let cases: [Case] = [
    Case(
      name: "no answer", id: "service:echo-sts", witness: "health:echo-sts", since: 10,
      text: "echo-sts gives no answer: connection refused ×2, http://localhost/health",
      begin: {
        $0.health(10, .speechService, .unreachable(reason: "connection refused"))
        $0.health(11, .speechService, .unreachable(reason: "connection refused"))
      }, end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "unhealthy", id: "service:echo-sts", witness: "health:echo-sts", since: 10, text: "echo-sts is not healthy: 503 \"outage\"",
      begin: { $0.health(10, .speechService, .unhealthy(status: 503, excerpt: "outage")) }, end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "health not known", id: "service:echo-sts", severity: .warning, witness: "health:echo-sts", since: 10,
      text: "health of echo-sts is not known: says \"REDIS_DOWN\"",
      begin: { $0.health(10, .speechService, .unclear(status: 200, word: "REDIS_DOWN", excerpt: "")) },
      end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "unchecked", id: "unchecked:echo-sts", severity: .warning, witness: "health:echo-sts", since: 2,
      text: "nothing was heard of echo-sts for 9 s", begin: { $0.tick(11) }, end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "ended", id: "service:media-service", witness: "harness:dubwatch", since: 10,
      text: "media-service does not run: ended with status 1: crash",
      begin: { $0.told(10, .lifecycle(.exited(status: 1, reason: "crash"))) }, end: { $0.told(20, .lifecycle(.started)) }),
    Case(
      name: "breaker open", id: "breaker:open", witness: "log:media-service", since: 10, text: "the circuit breaker is open after 5 failures",
      begin: { $0.told(10, .breaker(BreakerTransition(state: .open, failureCount: 5))) },
      end: { $0.told(20, .breaker(BreakerTransition(state: .closed))) }),
    Case(
      name: "breaker open, by its gauge", id: "breaker:open", sureness: .inferred, witness: "metrics:media-service", since: 10,
      text: "the circuit breaker is open",
      begin: {
        $0.signals(9, [.breakerState: .number(0)])
        $0.signals(10, [.breakerState: .number(1)])
      }, end: { $0.signals(12, [.breakerState: .number(0)]) }),
    Case(
      name: "breaker half-open", id: "breaker:half-open", severity: .warning, witness: "log:media-service", since: 10,
      text: "the circuit breaker is half-open: the next result decides",
      begin: { $0.told(10, .breaker(BreakerTransition(state: .halfOpen))) }, end: { $0.told(20, .breaker(BreakerTransition(state: .closed))) }),
    Case(
      name: "connection lost", id: "connection", witness: "log:media-service", since: 10,
      text: "the connection to the speech service is lost: transport close", begin: { $0.told(10, .speechDisconnected(reason: "transport close")) },
      end: { $0.told(20, .speechConnected) }),
    Case(
      name: "given up", id: "connection", witness: "log:media-service", since: 10,
      text: "the connection to the speech service is lost; given up after 0 attempts",
      begin: {
        $0.told(10, .speechDisconnected(reason: nil))
        $0.told(30, .reconnectionGaveUp(attempts: 5))
      }, end: { $0.told(40, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: nil)) }),
    Case(
      name: "a pause that lasts", id: "pause", severity: .warning, witness: "log:media-service", since: 10,
      text: "the speech service asks for a pause that is longer than a segment",
      begin: {
        $0.told(10, .backpressure(BackpressureEvent(severity: .high, action: .pause)))
        $0.tick(17)
      }, end: { $0.told(20, .backpressure(BackpressureEvent(severity: .low, action: .none))) }),
    Case(
      name: "in flight above the contract's limit", id: "inflight", sureness: .claimed, witness: "metrics:media-service", since: 10,
      text: "more fragments are in flight than 3, the limit of the contract", begin: { $0.signals(10, [.inflightFragments: .number(4)]) },
      end: { $0.signals(12, [.inflightFragments: .number(3)]) }),
    Case(
      name: "in flight above the session's limit", id: "inflight", sureness: .claimed, witness: "metrics:media-service", since: 10,
      text: "more fragments are in flight than 4, the limit of the session",
      begin: {
        $0.told(3, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 4))
        $0.signals(10, [.inflightFragments: .number(5)])
      }, end: { $0.signals(12, [.inflightFragments: .number(4)]) }),
    Case(
      name: "output closed", id: "stream:live/test/out", witness: "stream:live/test/out", since: 10,
      text: "live/test/out is closed: end of file",
      begin: {
        $0.stream(3, .opened(StreamFacts()))
        $0.stream(10, .closed(reason: "end of file"))
      }, end: { $0.stream(20, .opened(StreamFacts())) }),
    Case(
      name: "the reader of the output died", id: "stream:live/test/out", severity: .warning, witness: "stream:live/test/out", since: 10,
      text: "live/test/out is closed: ffmpeg was killed",
      begin: {
        $0.stream(3, .opened(StreamFacts()))
        $0.stream(10, .readerLost(reason: "ffmpeg was killed"))
      }, end: { $0.stream(20, .opened(StreamFacts())) }),
    Case(
      name: "output stalled", id: "stream:live/test/out", witness: "stream:live/test/out", since: 8,
      text: "live/test/out stands still: no packets come",
      begin: {
        $0.stream(3, .opened(StreamFacts()))
        $0.stream(10, .stalled(seconds: 2))
      }, end: { $0.stream(20, .resumed(afterSeconds: 12)) }),
    Case(
      name: "output not open although something is published", id: "unopened:live/test/out", witness: "stream:live/test/out", since: 23,
      text: "live/test/out is not open although live/test/in is published: Server returned 404",
      begin: {
        $0.stream(4, failing: "404")
        for second in 4...23 { $0.path(Double(second), "live/test/in", bytes: second * 1000) }
        $0.stream(23, failing: "http://127.0.0.1:1/live/test/out?from=start: Server returned 404")
      }, end: { $0.stream(30, .opened(StreamFacts())) }),
    Case(
      name: "output not open, and nobody tells whether anything is published", id: "stream:live/test/out", severity: .warning,
      witness: "stream:live/test/out", since: 10, text: "live/test/out is not open: 404", begin: { $0.stream(10, failing: "404") },
      end: { $0.stream(20, .opened(StreamFacts())) }),
    Case(
      name: "out of step", id: "sync:timestamps:live/test/out", witness: "stream:live/test/out", since: 12,
      text: "A/V sync of live/test/out, timestamps: 1 of 2 segments within 120 ms, 95 % needed; the last at +200 ms",
      begin: {
        $0.aligned(6, 0, 0.01)
        $0.aligned(12, 1, 0.2)
      }, end: { script in for index in 2...40 { script.aligned(Double(6 * index + 6), index, 0.01) } }),
    Case(
      name: "the last segments out of step", id: "sync:timestamps:live/test/out", witness: "stream:live/test/out", since: 606,
      text: "A/V sync of live/test/out, timestamps: 98 of 101 segments within 120 ms; the last 3 at -200 ms",
      begin: { script in for index in 0...100 { script.aligned(Double(6 * index + 6), index, index > 97 ? -0.2 : 0.01) } },
      end: { $0.aligned(612, 101, 0.01) }),
    Case(
      name: "the service's own claim is out of step", id: "sync:claims:media-service", severity: .warning, sureness: .claimed,
      witness: "metrics:media-service", since: 10,
      text: "A/V sync of media-service, claims: 0 of 1 claims within 120 ms, 95 % needed; the last at +400 ms",
      begin: { $0.signals(10, [.syncClaim: .number(400)]) }, end: { $0.aligned(12, 0, 0.01) }),
    Case(
      name: "publisher failed", id: "publisher:publisher", witness: "publisher:publisher", since: 10,
      text: "publisher failed: connection refused", begin: { $0.publisher(10, .failed(reason: "connection refused")) },
      end: { $0.publisher(20, .started(target: "rtmp://x")) }),
    Case(
      name: "a publisher that sends nothing", id: "path:mediamtx:live/test/in", witness: "media-server:mediamtx", since: 4,
      text: "the publisher of live/test/in sends nothing",
      begin: { script in for second in [3, 4, 9, 10] { script.path(Double(second), "live/test/in", bytes: min(second, 4) * 1000) } },
      end: { $0.path(11, "live/test/in", bytes: 9000) }),
    Case(
      name: "log unreadable", id: "source:log:media-service", severity: .warning, witness: "log:media-service", since: 10,
      text: "log of media-service cannot be read: no such file", begin: { $0.source(10, .log, .mediaService, "no such file") },
      end: { $0.source(20, .log, .mediaService, nil) }),
    Case(
      name: "metrics unreadable", id: "source:metrics:media-service", severity: .warning, witness: "metrics:media-service", since: 10,
      text: "metrics of media-service cannot be read: 500", begin: { $0.source(10, .metrics, .mediaService, "500") },
      end: { $0.source(20, .metrics, .mediaService, nil) }),
    Case(
      name: "a log that lags", id: "lag:log:media-service", severity: .warning, witness: "log:media-service", since: 10,
      text: "log of media-service lags: 12.3 MB are written and not read yet",
      begin: { $0.source(10, .log, .mediaService, nil, unread: 12_300_000) }, end: { $0.source(20, .log, .mediaService, nil) }),
    Case(
      name: "a finding", id: "finding:odd", severity: .warning, witness: "log:media-service", since: 10, text: "something is odd",
      begin: { $0.told(10, .finding(Finding(id: "odd", text: "something is odd"))) },
      end: { $0.told(20, .finding(Finding(id: "odd", text: "something is odd", holds: false))) }),
    Case(
      name: "error lines that no template knows", id: "log:media-service", severity: .warning, witness: "log:media-service", since: 10,
      text: "2 error lines that no template knows: OUTPUT PIPELINE ERROR: again",
      begin: {
        $0.error(10, "OUTPUT PIPELINE ERROR: Could not write")
        $0.error(12, "OUTPUT PIPELINE ERROR: again")
      }, end: { $0.told(20, .lifecycle(.started)) }),
    Case(
      name: "the environment failed", id: "environment", witness: "harness:dubwatch", since: 10, text: "the environment failed: no port",
      begin: { $0.own(10, .environment(.failed, reason: "no port")) }, end: { _ in }, stays: true),
  ]

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
    let rows = run.rows.filter { $0.category != .source && ($0.severity == .bad || $0.severity == .warning) }
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
    for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(60, service, .good) }
    #expect(script.state().alarms.isEmpty)
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
      LogLine(service: .mediaService, text: "a", level: .error, isMatched: true), LogLine(service: .mediaService, text: "b", level: .warning),
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
    func check(_ second: Double) { for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(second, service, .good) } }
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

extension HealthOutcome {
  fileprivate static let good = HealthOutcome.healthy(status: 200, word: "ok", excerpt: "")
}

extension Script {
  fileprivate mutating func own(_ seconds: Double, _ kind: Happening.Kind) {
    add(seconds, .harness, .happening(Happening(kind, service: "dubwatch", provenance: .own)))
  }

  fileprivate mutating func publisher(_ seconds: Double, _ happening: PublisherHappening) {
    add(seconds, SourceID(.publisher, "publisher"), .happening(Happening(.publisher(happening), service: "publisher", provenance: .own)))
  }

  fileprivate mutating func stream(_ seconds: Double, _ happening: StreamHappening) {
    let name = AlarmTests.output
    add(seconds, SourceID(.stream, name), .happening(Happening(.stream(happening), service: name, provenance: .own)))
  }

  fileprivate mutating func stream(_ seconds: Double, failing reason: String) { source(seconds, .stream, AlarmTests.output, reason) }

  fileprivate mutating func streamSample(_ seconds: Double, silent: Double) {
    add(seconds, SourceID(.stream, AlarmTests.output), .sample(.stream(StreamSample(silentSeconds: silent, content: .off))))
  }

  fileprivate mutating func aligned(_ seconds: Double, _ index: Int, _ delta: Double) {
    stream(
      seconds,
      .alignment(
        SyncMeasurement(segmentIndex: index, videoPTS: 6 * Double(index), audioPTS: 6 * Double(index) + delta), isScored: true))
  }

  fileprivate mutating func source(_ seconds: Double, _ kind: SourceKind, _ name: ServiceName, _ reason: String?, unread: Int? = nil) {
    let standing =
      reason.map { SourceStatus.Standing.failing(reason: $0, consecutiveFailures: 1, retryInSeconds: 1) } ?? .reading
    add(
      seconds, SourceID(kind, name),
      .sourceStatus(SourceStatus(standing: standing, target: "x", intervalSeconds: 1, unreadBytes: unread)))
  }

  fileprivate mutating func path(_ seconds: Double, _ name: String?, bytes: Int, isReady: Bool = true) {
    let paths = name.map { [MediaPath(name: $0, isReady: isReady, bytesReceived: UInt64(bytes))] } ?? []
    add(
      seconds, SourceID(.mediaServer, .mediaServer),
      .sample(.mediaPaths(MediaPathsSample(service: .mediaServer, paths: paths, latencyMilliseconds: 1))))
  }

  fileprivate mutating func error(_ seconds: Double, _ text: String) {
    add(seconds, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: text, level: .error)]))
  }
}
