import Contracts
import Events
import Judging
import PrometheusText
import RunModel
import Testing

/// What was seen in the past is not told of the present, and what is over is taken back.
@Suite struct PresentTests {
  private static func healthy() -> Script {
    var script = Script()
    script.describe(Contract(name: "spec-018", summary: ""))
    for service in [ServiceName.mediaServer, .mediaService, .speechService] { script.health(2, service, .good) }
    return script
  }

  // MARK: Breaker

  @Test(arguments: [true, false]) func `a log that is lost leaves the breaker to its gauge`(isUnreadable: Bool) {
    var script = Self.healthy()
    script.told(3, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.told(4, .breaker(BreakerTransition(state: .closed)))
    script.signals(5, [.breakerState: .number(0)])
    #expect(script.state().breaker.state == .closed && !script.state().breaker.isInferred)
    if isUnreadable {
      script.source(6, .log, .mediaService, "no such file")
    } else {
      script.told(6, .linesLost(LostLines(lines: 4, cause: .replaced)))
    }
    script.signals(7, [.breakerState: .number(1)])
    script.signals(12, [.breakerState: .number(1)])
    let state = script.state()
    #expect(state.breaker.state == .open && state.breaker.isInferred)
    #expect(state.alarms.contains { $0.id == "breaker:open" })
    #expect(!state.findings.keys.contains("breaker-gauge-disagrees"), "a dead log says nothing against the gauge")
    // A log that tells again is believed again.
    script.told(13, .breaker(BreakerTransition(state: .halfOpen)))
    #expect(script.state().breaker.state == .halfOpen)
  }

  @Test func `what is wrong with the gauge is taken back when it is over`() {
    var script = Self.healthy()
    script.signals(3, [.breakerState: .number(7)])
    #expect(script.state().findings.keys.contains("breaker-gauge-unknown"))
    script.signals(4, [.breakerState: .number(0)])
    #expect(!script.state().findings.keys.contains("breaker-gauge-unknown"))
    script.told(5, .breaker(BreakerTransition(state: .open, failureCount: 5)))
    script.signals(6, [.breakerState: .number(0)])
    script.signals(9, [.breakerState: .number(0)])
    #expect(script.state().findings.keys.contains("breaker-gauge-disagrees"))
    script.told(10, .lifecycle(.restarted(evidence: "start time")))
    script.signals(11, [.breakerState: .number(0)])
    #expect(script.state().findings.keys.filter { $0.hasPrefix("breaker") }.isEmpty)
  }

  // MARK: Services

  @Test func `a service that answers runs`() {
    var script = Self.healthy()
    script.told(10, .lifecycle(.stopped))
    #expect(script.state().alarms.contains { $0.text.contains("does not run") })
    script.signals(12, [.fragmentsSent: .number(4)])
    #expect(!script.state().alarms.contains { $0.text.contains("does not run") })
    script.told(20, .lifecycle(.stopped))
    script.health(22, .mediaService, .unhealthy(status: 503, excerpt: ""))
    let texts = script.state().alarms.map(\.text)
    #expect(texts.contains { $0.contains("503") } && !texts.contains { $0.contains("does not run") }, "\(texts)")
  }

  @Test(arguments: [(1.0, true), (5.0, false)]) func `what does something long after its end runs`(later: Double, isAlarm: Bool) {
    var script = Self.healthy()
    script.told(10, .lifecycle(.stopped))
    script.told(10 + later, .fragment(FragmentHappening(stage: .sent, fragmentID: "a", sequenceNumber: 1)))
    #expect(script.state().alarms.contains { $0.text.contains("does not run") } == isAlarm)
  }

  @Test func `an answer that was under way when it ended is none of a service that runs`() {
    var script = Self.healthy()
    script.told(10, .lifecycle(.exited(status: 1, reason: "crash")))
    // The scrape of the script takes 1 ms.
    script.signals(10.0005, [.fragmentsSent: .number(4)])
    #expect(script.state().alarms.contains { $0.text.contains("does not run") })
  }

  @Test func `the uptime of a process that is gone does not count on`() throws {
    func scrape(_ script: inout Script, _ seconds: Double, start: Double?) throws {
      var parser = ExpositionParser()
      var sample = MetricsSample(
        service: .mediaService, scrape: try parser.parse("up 1\n", format: .text), signals: [:], latencyMilliseconds: 1, byteCount: 5)
      sample.processStart = start.map { WallTime(epochSeconds: Script.start + $0) }
      script.add(seconds, SourceID(.metrics, .mediaService), .sample(.metrics(sample)))
    }
    func uptime(_ script: Script) -> Double? {
      let state = script.state()
      return state.service(.mediaService)?.uptimeSeconds(now: state.now, wallNow: state.wallNow)
    }
    var script = Self.healthy()
    try scrape(&script, 3, start: -36_000)
    #expect(uptime(script) == 36_003)
    var unread = script
    unread.source(4, .metrics, .mediaService, "HTTP 404")
    #expect(uptime(unread) == nil)
    var gone = script
    try scrape(&gone, 4, start: nil)
    #expect(uptime(gone) == nil)
    script.health(5, .mediaService, .unreachable(reason: "connection refused"))
    #expect(uptime(script) == nil)
  }

  // MARK: Media server, connection, clock

  @Test func `a media server that is not heard of says of no path that it is published`() {
    var script = Self.healthy()
    for second in 3..<24 { script.path(Double(second), "live/test/in", bytes: second * 1000) }
    script.stream(23.5, failing: "connection refused")
    #expect(script.state().alarms.contains { $0.id.hasPrefix("unopened:") })
    script.source(24, .mediaServer, .mediaServer, "connection refused")
    script.stream(60, failing: "connection refused")
    #expect(!script.state().alarms.contains { $0.text.contains("is published") })
  }

  @Test func `a connection over which a fragment came back stands`() {
    var script = Self.healthy()
    script.told(10, .fragment(FragmentHappening(stage: .sent, fragmentID: "a", sequenceNumber: 1)))
    script.told(11, .speechDisconnected(reason: "transport close"))
    // Sent before it was lost: says nothing.
    script.told(12, .fragment(FragmentHappening(stage: .processed, fragmentID: "a", sequenceNumber: 1)))
    #expect(script.state().reconnection.current?.isOpen == true)
    script.told(20, .fragment(FragmentHappening(stage: .sent, fragmentID: "b", sequenceNumber: 2)))
    #expect(script.state().reconnection.current?.isOpen == true)
    script.told(21, .fragment(FragmentHappening(stage: .processed, fragmentID: "b", sequenceNumber: 2)))
    let state = script.state()
    #expect(state.reconnection.current?.backAt == RunInstant(seconds: 20))
    #expect(state.rows.contains { $0.isInferred && $0.text.contains("a fragment that was sent since came back") })
  }

  @Test func `one line from the future makes no clock wrong`() {
    var script = Self.healthy()
    func line(_ seconds: Double, _ reported: Double) {
      var line = LogLine(service: .mediaService, text: "x", level: .info)
      line.reportedAt = WallTime(epochSeconds: Script.start + reported)
      script.add(seconds, SourceID(.log, .mediaService), .logLines([line]))
    }
    for second in 3..<20 { line(Double(second), Double(second) - 0.02) }
    line(20, 86_420)
    for second in 21..<30 { line(Double(second), Double(second) - 0.02) }
    let state = script.state()
    #expect(abs(state.logClocks[.mediaService]?.behindSeconds ?? .infinity) < 1)
    #expect(!state.findings.keys.contains { $0.hasPrefix("log-times") })
  }

  @Test func `a clock that is right again is said to be`() {
    var script = Self.healthy()
    func line(_ seconds: Double, _ reported: Double) {
      var line = LogLine(service: .mediaService, text: "x", level: .info)
      line.reportedAt = WallTime(epochSeconds: Script.start + reported)
      script.add(seconds, SourceID(.log, .mediaService), .logLines([line]))
    }
    for second in 3..<12 { line(Double(second), Double(second) - 0.02) }
    line(12, -100)
    let finding = script.state().findings["log-times-media-service"]?.value.text ?? ""
    #expect(finding.contains("112"), "\(finding)")
    for second in 13..<50 { line(Double(second), Double(second) - 0.02) }
    #expect(!script.state().findings.keys.contains { $0.hasPrefix("log-times") })
  }

  // MARK: Streams of one worker

  @Test func `what a stream counts is told once, of its worker`() {
    var script = Self.healthy()
    func scrape(_ seconds: Double, _ a: Double, _ b: Double) {
      let streams = [("a", a), ("b", b)].map { StreamSignals(name: $0.0, signals: [.backpressurePause: .number($0.1)]) }
      script.signals(
        seconds, [.backpressurePause: .number(a + b)], summed: [.backpressurePause: 2], streams: streams)
    }
    scrape(3, 0, 0)
    scrape(4, 0, 1)
    for second in 5..<20 { scrape(Double(second), 0, 1) }
    let told = script.state().rows.filter { $0.category == .backpressure }.map(\.text)
    #expect(told.count { $0.hasPrefix("pause (concluded") } == 1, "\(told)")
  }

  /// Counters that cannot be added up are those of no worker: then the stream tells.
  @Test func `what only a stream counts is told of the stream`() {
    var script = Self.healthy()
    for (second, b) in [(3.0, 0.0), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1), (10, 1), (11, 1), (12, 1)] {
      let streams = [("a", 0), ("b", b)].map { StreamSignals(name: $0.0, signals: [.backpressurePause: .number($0.1)]) }
      script.signals(second, [.backpressurePause: .ambiguous(matches: 2)], streams: streams)
    }
    let told = script.state().rows.filter { $0.category == .backpressure }.map(\.text)
    #expect(told == ["pause of stream b (concluded from its counter)"], "\(told)")
  }

  @Test func `what a page names is weighed when it is new`() throws {
    func kept(churns: Bool) throws -> RunInstant {
      var script = Self.healthy()
      for second in 3..<40 {
        var parser = ExpositionParser()
        let label = String(repeating: "x", count: 1_000_000) + (churns ? "\(second)" : "")
        let text = "up{label=\"\(label)\"} 1\n"
        let sample = MetricsSample(
          service: .mediaService, scrape: try parser.parse(text, format: .text), signals: [:], latencyMilliseconds: 1,
          byteCount: text.utf8.count)
        script.add(Double(second), SourceID(.metrics, .mediaService), .sample(.metrics(sample)))
      }
      var fold = RunFold(looksBack: true)
      for event in script.events { fold.take(event) }
      return fold.oldest
    }
    #expect(try kept(churns: true).seconds > 20)
  }
}
