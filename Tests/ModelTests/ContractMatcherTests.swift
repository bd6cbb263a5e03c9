import TestSupport
import Testing

@testable import Contracts
@testable import Events

@Suite struct ContractMatcherTests {
  private static let plain = Contract(
    name: "plain", summary: "",
    logTemplates: [
      LogTemplate(happening: "speech-connected", pattern: "Socket.IO connected", logger: "a.client"),
      LogTemplate(happening: "speech-disconnected", pattern: "Socket.IO disconnected"),
      LogTemplate(happening: "stream-ending", pattern: "Stream end sent"),
      LogTemplate(happening: "reconnection-planned", pattern: "new attempt in {delay_sec:seconds} seconds"),
      LogTemplate(happening: "reconnection-attempt", pattern: "Reconnection successful", constants: ["success": "true"]),
      LogTemplate(happening: "reconnection-gave-up", pattern: "giving up"),
      LogTemplate(happening: "expected", pattern: "noise {n:int}", logger: "a.*"),
      LogTemplate(happening: "breaker-state", pattern: "recorded, state={state:word}"),
      LogTemplate(
        happening: "finding", pattern: "buffer full ({size:int})", constants: ["id": "full", "text": "{size} wait"],
        until: "speech-connected"),
      LogTemplate(happening: "fragments-cleared", pattern: "Cleared {count:int} tracked"),
    ], logFormat: .pythonLogging, logTimeZone: "UTC")

  private func kinds(_ contract: Contract, _ lines: [String]) -> [Happening.Kind] {
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    #expect(matcher.mistakes.isEmpty)
    return lines.flatMap { matcher.match($0, service: "worker").happenings.map(\.kind) }
  }

  private func line(_ message: String, second: Int = 0, logger: String = "a.client", level: String = "INFO") -> String {
    "2026-11-22 13:06:\(second < 10 ? "0" : "")\(second),000 - \(logger) - \(level) - \(message)"
  }

  @Test func `level time and continuation`() {
    var matcher = LogMatcher(contract: Self.plain, hostUTCOffsetSeconds: 0)
    let first = matcher.match(line("boom", level: "ERROR"), service: "worker")
    #expect(first.line.level == .error)
    #expect(first.line.reportedAt == WallTime(epochSeconds: 1_795_352_760))
    #expect(!first.isContinuation)
    let second = matcher.match("Traceback (most recent call last):", service: "worker")
    #expect(second.line.level == .error)
    #expect(second.line.reportedAt == nil)
    #expect(second.isContinuation)
    #expect(matcher.match("  other", service: "other").line.level == nil)
    let third = matcher.match("worker-1  | " + line("Socket.IO connected"), service: "worker")
    #expect(third.happenings.map(\.kind) == [.speechConnected])
    #expect(matcher.match(line("Socket.IO connected\r"), service: "worker").happenings.count == 1)
  }

  @Test func `the hosts offset is taken off`() {
    var contract = Self.plain
    contract.logTimeZone = "host"
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 3600)
    #expect(matcher.match(line("x"), service: "worker").line.reportedAt == WallTime(epochSeconds: 1_795_352_760 - 3600))
  }

  @Test func `loggers decide`() {
    #expect(kinds(Self.plain, [line("Socket.IO connected", logger: "b.client")]).isEmpty)
    var matcher = LogMatcher(contract: Self.plain, hostUTCOffsetSeconds: 0)
    let match = matcher.match(line("noise 5", logger: "a.b.c", level: "ERROR"), service: "worker")
    #expect(match.isExpected && match.line.isExpected && match.line.isMatched && match.happenings.isEmpty)
  }

  @Test func `an announced end is no loss`() {
    #expect(kinds(Self.plain, [line("Stream end sent"), line("Socket.IO disconnected")]).isEmpty)
    #expect(
      kinds(Self.plain, [line("Stream end sent"), line("Socket.IO connected"), line("Socket.IO disconnected")])
        == [.speechConnected, .speechDisconnected(reason: nil)])
  }

  @Test func `attempts are counted where the log does not`() {
    let lines = [
      "Socket.IO disconnected", "new attempt in 0.97 seconds", "new attempt in 2.2 seconds", "Reconnection successful",
      "new attempt in 1.0 seconds",
      "giving up",
    ]
    #expect(
      kinds(Self.plain, lines.map { line($0) }) == [
        .speechDisconnected(reason: nil), .reconnectionPlanned(attempt: 1, delaySeconds: 0.97),
        .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: false)), .reconnectionPlanned(attempt: 2, delaySeconds: 2.2),
        .reconnectionAttempt(ReconnectionAttempt(attempt: 2, success: true)), .reconnectionPlanned(attempt: 1, delaySeconds: 1),
        .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: false)), .reconnectionGaveUp(attempts: 1),
      ])
  }

  @Test func `only changes of the breaker are told`() {
    let lines = ["closed", "closed", "open", "open", "half_open", "closed"].map { line("recorded, state=\($0)") }
    #expect(
      kinds(Self.plain, lines) == [
        .breaker(BreakerTransition(from: .closed, state: .open)), .breaker(BreakerTransition(from: .open, state: .halfOpen)),
        .breaker(BreakerTransition(from: .halfOpen, state: .closed)),
      ])
  }

  @Test func `findings are taken back`() {
    #expect(
      kinds(Self.plain, [line("Video buffer full (10), x"), line("Socket.IO connected"), line("Socket.IO connected")]) == [
        .finding(Finding(id: "full", text: "10 wait")), .speechConnected, .finding(Finding(id: "full", text: "over", holds: false)),
        .speechConnected,
      ])
    #expect(kinds(Self.plain, [line("Cleared 0 tracked")]).isEmpty)
    #expect(
      kinds(Self.plain, [line("Cleared 2 tracked")])
        == [.finding(Finding(id: "fragments-cleared", text: "2 fragments were in flight when the worker stopped and are lost"))])
  }

  private static let json = Contract(
    name: "json", summary: "",
    logTemplates: [
      LogTemplate(happening: "breaker", pattern: "circuit breaker"), LogTemplate(happening: "expected", pattern: "harmless thing"),
    ],
    logFormat: .json)

  @Test func `json is matched in any case`() {
    #expect(
      kinds(Self.json, [#"{"ts":"2026-11-22T13:06:01Z","message":"CIRCUIT Breaker opened","state":"HALF_OPEN","failure_count":5.0}"#])
        == [.breaker(BreakerTransition(state: .halfOpen, failureCount: 5))])
    var matcher = LogMatcher(contract: Self.json, hostUTCOffsetSeconds: 0)
    let line = matcher.match(#"{"timestamp":1767139200120,"level":"WARN","msg":"x"}"#, service: "worker").line
    #expect(line.level == .warning)
    #expect(line.reportedAt == WallTime(epochSeconds: 1_767_139_200.120))
  }

  @Test(arguments: [
    ("plain text about the Circuit Breaker", "a log line of worker with \"circuit breaker\" is not a JSON object"),
    (
      #"{"msg":"circuit breaker opened","state":"#,
      "a log line of worker with \"circuit breaker\" is not a JSON object (at byte 41: a value is missing)"
    ),
    (#"{"msg":"circuit breaker opened"}"#, "a log line of worker with \"circuit breaker\" cannot be read: the field \"state\" is missing"),
    (
      #"{"msg":"circuit breaker opened","state":"opne"}"#,
      "a log line of worker with \"circuit breaker\" cannot be read: the field \"state\" is \"opne\", but must be one of closed, open, half-open"
    ),
    (
      #"{"msg":"circuit breaker opened","state":"open","failure_count":"many"}"#,
      "a log line of worker with \"circuit breaker\" cannot be read: the field \"failure_count\" is \"many\", but must be a whole number"
    ),
  ])
  func `what cannot be read is a finding`(line: String, sentence: String) {
    let found = kinds(Self.json, [line])
    guard case .finding(let finding)? = found.first else { return #expect(Bool(false), "\(found)") }
    #expect(found.count == 1)
    #expect(finding.text == sentence)
  }

  @Test func `other lines are no findings`() {
    #expect(kinds(Self.json, ["plain text", "{ broken", "{\"msg\":1}", "", "a harmless thing", "INFO:     Started"]).isEmpty)
  }

  @Test func `hostile lines neither trap nor stall`() {
    var matcher = LogMatcher(contract: Self.plain, hostUTCOffsetSeconds: 0)
    var other = LogMatcher(contract: Self.json, hostUTCOffsetSeconds: 0)
    let lines = [
      String(repeating: "buffer full (", count: 80_000), String(repeating: "{", count: 1 << 20),
      String(repeating: "{\"circuit breaker\":", count: 50_000),
      String(repeating: "\0", count: 1 << 20), line(String(repeating: "noise ", count: 160_000)),
      "2026-11-22 13:06:01," + String(repeating: "9", count: 500_000),
      line("new attempt in " + String(repeating: "1", count: 500_000) + " seconds"),
      String(decoding: [0xff, 0xfe, 0x80, 0xc0], as: UTF8.self),
      "{\"msg\":\"circuit breaker\",\"state\":\"" + String(repeating: "\\u0041", count: 100_000) + "\"}",
    ]
    let clock = ContinuousClock()
    let took = clock.measure {
      for line in lines {
        _ = matcher.match(line, service: "worker")
        _ = other.match(line, service: "worker")
      }
    }
    // 8 MB at the speed of an unoptimised build; a cost that grew with the square of a line would take hours.
    #expect(took < .seconds(60))
    let match = matcher.match(line("Video buffer full (3), " + String(repeating: "✅", count: 10_000)), service: "worker")
    #expect((match.happenings.first?.line?.utf8.count ?? 0) <= LogMatcher.maximumExcerpt + 3)
    #expect(match.happenings.first?.line?.contains("\u{fffd}") == false)
  }

  @Test func `random lines never trap`() {
    var seed = SplitMix(seed: 42)
    let pieces = [
      "{", "}", "\"", "\\", "\\u", "d83d", "circuit breaker", "state", ":", ",", "[", "]", "noise ", "1", "-", ".", "e",
      "2026-11-22 13:06:01,1", " - ",
      "INFO", "a.b", "\0", "é", "✅", "recorded, state=", "open", "buffer full (", ")", "Cleared ", " tracked", "|", " ", "msg",
    ]
    var matcher = LogMatcher(contract: Self.plain, hostUTCOffsetSeconds: 0)
    var other = LogMatcher(contract: Self.json, hostUTCOffsetSeconds: 0)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...14, using: &seed)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &seed)] }.joined()
      #expect(matcher.match(text, service: "worker").line.text == text)
      #expect(other.match(text, service: "worker").line.text == text)
    }
  }
}
