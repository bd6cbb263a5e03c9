import Contracts
import Events
import RunModel
import Testing

/// What is said of logs as wholes: that nothing of one is understood, and that one is read behind its writing.
@Suite struct LogFormTests {
  private static let log = SourceID(.log, .mediaService)

  private func line(_ text: String, _ form: LogLine.Form?, reportedAt: Double? = nil) -> LogLine {
    var line = LogLine(service: .mediaService, text: text, reportedAt: reportedAt.map { WallTime(epochSeconds: Script.start + $0) })
    line.form = form
    return line
  }

  private func script() -> Script {
    var script = Script()
    script.describe(Contract(name: "x", summary: ""))
    return script
  }

  @Test func `a log of which nothing is understood is said after ten lines`() throws {
    var script = script()
    for index in 0..<9 { script.add(1, Self.log, .logLines([line("\u{1B}[2J \(index)", .unread)])) }
    #expect(script.state().findings.isEmpty)
    script.add(1, Self.log, .logLines([line("the tenth", .unread)]))
    let finding = try #require(script.state().findings["log-not-understood-media-service"]?.value)
    #expect(
      finding.text
        == "not one of 10 lines of the log of media-service is understood: they are not built as contract x has it (log_format: json); "
        + "the first is \"\u{1B}[2J 0\"")
    // One line that is understood takes it back.
    script.add(2, Self.log, .logLines([line("read", .read)]))
    #expect(script.state().findings.isEmpty)
  }

  @Test func `a slow one is said after five seconds`() {
    var script = script()
    script.add(1, Self.log, .logLines([line("what", .unread)]))
    script.tick(5.9)
    #expect(script.state().findings.isEmpty)
    script.tick(6)
    #expect(script.state().findings["log-not-understood-media-service"] != nil)
  }

  @Test(arguments: [LogLine.Form?.none, .aside, .read])
  func `lines of a server, and lines before a contract is known, are no such log`(form: LogLine.Form?) {
    var script = script()
    for second in 1...20 { script.add(Double(second), Self.log, .logLines([line("x", form)])) }
    #expect(script.state().findings.isEmpty)
  }

  @Test func `of another service it is a row`() {
    var script = script()
    for second in 1...20 {
      var line = LogLine(service: "other", text: "x")
      line.form = .unread
      script.add(Double(second), SourceID(.log, "other"), .logLines([line]))
    }
    let state = script.state()
    #expect(state.findings.isEmpty)
    #expect(state.rows.count { $0.text.hasPrefix("not one of") } == 1)
  }

  @Test func `a backlog is said as one, and is no wrong clock`() throws {
    var script = script()
    for second in 1...20 { script.add(Double(second), Self.log, .logLines([line("x", .read, reportedAt: Double(second) - 0.1)])) }
    script.add(20, Self.log, .sourceStatus(SourceStatus(standing: .reading, target: "f", intervalSeconds: nil, unreadBytes: 9_000_000)))
    for second in 21...60 { script.add(Double(second), Self.log, .logLines([line("x", .read, reportedAt: 20 + Double(second - 20) / 2)])) }
    script.told(60, .breaker(BreakerTransition(state: .open, failureCount: 5)), reportedAt: 40)
    let state = script.state()
    #expect(abs((state.logClocks[.mediaService]?.behindSeconds ?? 9) - 0.1) < 1e-3)
    let source = try #require(state.sources[Self.log])
    #expect(source.backlog == "20 s behind, 9 MB are not read yet")
    #expect(state.rows.contains { $0.text == "reading the log is behind its writing: 9 MB are not read yet" })
    #expect(!state.findings.keys.contains("log-times-media-service"))
    let at = try #require(state.breaker.entries.last).at.seconds
    #expect(abs(at - 40) < 0.2, "what was read late is placed by its own time")
    script.add(61, Self.log, .sourceStatus(SourceStatus(standing: .reading, target: "f", intervalSeconds: nil)))
    #expect(script.state().sources[Self.log]?.backlog == nil)
    #expect(script.state().rows.last?.text == "the log is read as it is written again")
  }

  @Test func `delays are told only of lines with times`() throws {
    func attempts(timed: Bool) throws -> [ReconnectionTrack.Attempt] {
      var script = script()
      let kinds: [Happening.Kind] = [
        .speechDisconnected(reason: nil), .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: false)),
        .reconnectionAttempt(ReconnectionAttempt(attempt: 2, success: true)),
      ]
      for (index, kind) in kinds.enumerated() {
        let at = WallTime(epochSeconds: Script.start + 10 + Double(index) * 2)
        let happening = Happening(kind, service: .mediaService, provenance: .observed, reportedAt: timed ? at : nil, line: "x")
        script.add(10 + Double(index) * 2, Self.log, .happening(happening))
      }
      return try #require(script.state().reconnection.current).attempts
    }
    #expect(try attempts(timed: true).map(\.isTimed) == [true, true])
    #expect(try attempts(timed: true).allSatisfy { $0.deviation != nil })
    #expect(try attempts(timed: false).map(\.isTimed) == [false, false])
    #expect(try attempts(timed: false).allSatisfy { $0.deviation == nil })
  }
}
