import Testing

@testable import Contracts
@testable import Events

/// The same lines as collectors and loggers of all kinds deliver them.
@Suite struct CollectorTests {
  private static let contract = Contract(
    name: "x", summary: "",
    logTemplates: [
      LogTemplate(happening: "reconnection-attempt", pattern: "reconnection attempt"),
      LogTemplate(happening: "breaker", pattern: "breaker state change", fields: ["state": "to"], selection: ["breaker": "sts"]),
    ], logFormat: .json, logTimeZone: "UTC")
  private static let plain = Contract(
    name: "y", summary: "",
    logTemplates: [
      LogTemplate(
        happening: "reconnection-attempt", pattern: "attempt {attempt:int} of sts", logger: "w.client", constants: ["success": "true"])
    ], logFormat: .pythonLogging, logTimeZone: "UTC")

  private func match(_ lines: [String], _ contract: Contract = contract, reference: Double? = 1_767_139_280) -> [LogMatch] {
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    #expect(matcher.mistakes.isEmpty)
    matcher.reference = reference.map { WallTime(epochSeconds: $0) }
    return lines.map { matcher.match($0, service: "worker") }
  }

  private static let json =
    #"{"timestamp":1767139276.004,"level":"info","msg":"reconnection attempt","attempt":2,"planned_delay_sec":4,"success":true}"#
  /// Without a time of its own.
  private static let timeless = #"{"level":"info","msg":"reconnection attempt","attempt":2,"planned_delay_sec":4,"success":true}"#

  @Test(arguments: [
    "2025-12-31T00:01:16.004000000Z ", "2025-12-31T00:01:16.004Z ", "media-service-1  | ", "\u{1B}[36mmedia-service-1  | \u{1B}[0m",
    "media-service-1  | 2025-12-31T00:01:16.004000000Z ", "[pod/worker-5d9c/worker] ",
    "[pod/worker-5d9c/worker] 2025-12-31T00:01:16.004000878Z ",
    "2025-12-31T00:01:16.004000202Z stdout F ", "2025-12-31T01:01:16.004000202+01:00 stderr F ", "Dec 31 00:01:16 host worker[18]: ",
    "<30>Dec 31 00:01:16 host worker[18]: ", "2025-12-31T00:01:16.004+00:00 host worker[18]: ",
    "<30>1 2025-12-31T00:01:16.004Z host worker 18 - - ",
    "Dec 31 00:01:16 host worker: ", "  ",
  ])
  func `prefixes are taken off and their time is used`(prefix: String) throws {
    let expected = Happening.Kind.reconnectionAttempt(ReconnectionAttempt(attempt: 2, plannedDelaySeconds: 4, success: true))
    for (line, hasTime) in [(Self.json, true), (Self.timeless, prefix.contains("31"))] {
      let found = try #require(match([prefix + line]).first)
      #expect(found.happenings.map(\.kind) == [expected])
      #expect(found.line.level == .info)
      #expect(found.line.form == .read)
      #expect((found.line.reportedAt != nil) == hasTime)
      if let at = found.line.reportedAt { #expect(abs(at.epochSeconds - 1_767_139_276.004) < 0.01) }
      #expect(found.line.text == prefix + line)
    }
  }

  @Test func `pieces of a long line are joined`() throws {
    let stamp = "2025-12-31T00:01:16.004000202Z"
    let half = Self.json.index(Self.json.startIndex, offsetBy: 40)
    let lines = [
      "\(stamp) stdout P \(Self.json[..<half])", "\(stamp) stderr F {\"level\":\"warn\",\"msg\":\"between\"}",
      "\(stamp) stdout F \(Self.json[half...])",
      "\(stamp) stdout F \(Self.json)",
    ]
    let found = match(lines)
    #expect(found.map(\.happenings.count) == [0, 0, 1, 1])
    #expect(found.map(\.line.isForeign) == [false, false, false, false])
    #expect(found.map(\.line.level) == [nil, .warning, .info, .info])
    #expect(found[2].happenings == found[3].happenings)
  }

  @Test func `lines in the JSON of a collector`() throws {
    let inner = Self.timeless.replacing("\"", with: "\\\"")
    let docker = #"{"log":"\#(inner)\n","stream":"stdout","time":"2025-12-31T00:01:16.004000456Z"}"#
    let journal = #"{"__REALTIME_TIMESTAMP":"1767139276004000","PRIORITY":"4","MESSAGE":"\#(inner)"}"#
    let words = #"{"__REALTIME_TIMESTAMP":"1767139276004000","PRIORITY":"3","MESSAGE":"went wrong"}"#
    for line in [docker, journal] {
      let found = try #require(match([line]).first)
      #expect(found.happenings.count == 1)
      #expect(found.line.level == .info)
      #expect(abs((found.line.reportedAt?.epochSeconds ?? 0) - 1_767_139_276.004) < 1e-4)
    }
    #expect(match([words], Self.plain).first?.line.level == .error)
    let long = String(repeating: "x", count: 16_384)
    let pieces = [
      #"{"log":"{\"msg\":\"\#(long)","stream":"stdout","time":"2025-12-31T00:01:16Z"}"#,
      #"{"log":" reconnection attempt\",\"attempt\":3,\"success\":false}\n","stream":"stdout","time":"2025-12-31T00:01:16Z"}"#,
    ]
    #expect(match(pieces).map(\.happenings.count) == [0, 1])
  }

  @Test(arguments: [
    // python-json-logger, loguru, structlog, Serilog, log4j2, ECS, pino, zap, slog, bunyan, tracing, logfmt
    #"{"message":"reconnection attempt","levelname":"INFO","created":1767139276.004,"attempt":2,"success":true}"#,
    #"{"text":"x\n","record":{"extra":{"attempt":2,"success":true},"level":{"name":"INFO","no":20},"message":"reconnection attempt","time":{"repr":"x","timestamp":1767139276.004}}}"#,
    #"{"event":"reconnection attempt","level":"info","timestamp":"2025-12-31T00:01:16.004Z","attempt":2,"success":true}"#,
    #"{"@t":"2025-12-31T00:01:16.0040000Z","@mt":"reconnection attempt {attempt}","@l":"Information","attempt":2,"success":true}"#,
    #"{"@t":"2025-12-31T00:01:16.0040000Z","@mt":"{x} attempt","@m":"reconnection attempt","@l":"Information","attempt":2,"success":true}"#,
    #"{"instant":{"epochSecond":1767139276,"nanoOfSecond":4000000},"level":"INFO","message":"reconnection attempt","contextMap":{"attempt":2,"success":true}}"#,
    #"{"@timestamp":"2025-12-31T00:01:16.004Z","log.level":"INFO","message":"reconnection attempt","labels":{"attempt":2,"success":true}}"#,
    #"{"level":30,"time":1767139276004,"msg":"reconnection attempt","attempt":2,"success":true}"#,
    #"{"level":"info","ts":1.767139276004e9,"msg":"reconnection attempt","attempt":2,"success":true}"#,
    #"{"time":"2025-12-31T00:01:16.004+00:00","level":"INFO","msg":"reconnection attempt","attempt":2,"success":true}"#,
    #"{"timestamp":"2025-12-31T00:01:16.004Z","level":"INFO","fields":{"message":"reconnection attempt","attempt":2,"success":true},"target":"w"}"#,
    #"{"timestamp":"1767139276004000000","level":"info","msg":"reconnection attempt","attempt":2,"success":true}"#,
    #"{"timestamp":"31-Dec-2025 00:01:16.004","level":"info","msg":"reconnection attempt","attempt":2,"success":true}"#,
    #"{"time":"00:01:16.004","level":"info","msg":"reconnection attempt","attempt":2,"success":true}"#,
    #"time=2025-12-31T00:01:16.004Z level=INFO msg="reconnection attempt" attempt=2 success=true"#,
    #"ts=1767139276.004 lvl=info msg="reconnection attempt" attempt=2 success=true"#,
  ])
  func `fields of many loggers`(line: String) throws {
    let found = try #require(match([line]).first)
    #expect(found.happenings.map(\.kind) == [.reconnectionAttempt(ReconnectionAttempt(attempt: 2, success: true))])
    #expect(found.line.level == .info)
    #expect(abs((found.line.reportedAt?.epochSeconds ?? 0) - 1_767_139_276.004) < 1e-5)
  }

  @Test(arguments: [
    "2025-12-31 00:01:16,004 - w.client - INFO - attempt 2 of sts", "00:01:16.004 | w.client | INFO | attempt 2 of sts",
    "00:01:16.004 | w.client | INFO     | attempt 2 of sts", "2025-12-31 00:01:16.004 | w.client | INFO | attempt 2 of sts",
    "media-service-1  | 00:01:16.004 | w.client | INFO | attempt 2 of sts",
    "2025-12-31T00:01:16.004000000Z 00:01:16.004 | w.client | INFO | attempt 2 of sts",
    "Dec 31 00:01:16.004 host w[7]: INFO:w.client:attempt 2 of sts",
  ])
  func `plain lines`(line: String) throws {
    let found = try #require(match([line], Self.plain).first)
    #expect(found.happenings.map(\.kind) == [.reconnectionAttempt(ReconnectionAttempt(attempt: 2, success: true))])
    #expect(found.line.level == .info)
    #expect(abs((found.line.reportedAt?.epochSeconds ?? 0) - 1_767_139_276.004) < 1e-5)
  }

  @Test(arguments: [
    ("2025-12-31T00:00:00.000Z  INFO 1 --- [worker] c.e.w.StsClient : Fragment 0 sent", LogLevel.info),
    ("2025-12-31T00:00:00Z worker connecting: x", nil), ("[2025-12-31 00:01:16 +0000] [7] [CRITICAL] x", .critical),
    ("2025-12-31T00:00:00Z [err] x", .error), ("INFO | x", .info), ("a.b | ERROR | x", .error),
  ])
  func `what is the lines own stays`(line: String, level: LogLevel?) throws {
    let found = try #require(match([line], Self.plain).first)
    #expect(found.line.level == level)
    #expect((found.line.reportedAt != nil) == line.contains("2025"))
  }

  @Test func `a template chooses by fields`() {
    let line = #"{"ts":1767139230.1,"msg":"breaker state change","breaker":"BREAKER","from":"closed","to":"open"}"#
    let found = match(["sts", "db", "sts"].map { line.replacing("BREAKER", with: $0) })
    #expect(found.map(\.happenings.count) == [1, 0, 1])
    #expect(found[0].happenings.map(\.kind) == [.breaker(BreakerTransition(from: .closed, state: .open))])
  }

  @Test func `a contract names the keys`() throws {
    var contract = Self.contract
    contract.logKeys = LogKeys(time: "zeit.um", message: "text", level: "stufe")
    let line =
      #"{"zeit":{"um":"2025-12-31T00:01:16.004Z"},"stufe":"WARN","text":"reconnection attempt","attempt":2,"success":true,"msg":"other"}"#
    let found = try #require(match([line], contract).first)
    #expect(found.happenings.count == 1)
    #expect(found.line.level == .warning)
    #expect(abs((found.line.reportedAt?.epochSeconds ?? 0) - 1_767_139_276.004) < 1e-5)
    contract.logKeys.time = ""
    #expect(contract.problems().map(\.path) == ["log_keys.time"])
  }

  @Test func `durations in fields are seconds`() {
    let lines = [#""2s""#, #""500ms""#, "2.5"].map {
      #"{"ts":1767139276,"msg":"reconnection attempt","attempt":1,"planned_delay_sec":\#($0),"success":false}"#
    }
    let delays = match(lines).flatMap(\.happenings).map { happening -> Double? in
      guard case .reconnectionAttempt(let attempt) = happening.kind else { return nil }
      return attempt.plannedDelaySeconds
    }
    #expect(delays == [2, 0.5, 2.5])
  }

  private func findings(_ lines: [String], _ contract: Contract = contract) -> [Int: String] {
    Dictionary(
      uniqueKeysWithValues: match(lines, contract, reference: nil).enumerated().compactMap { index, match in
        match.happenings.lazy.compactMap { if case .finding(let finding) = $0.kind { (index, finding.text) } else { nil } }.first
      })
  }

  @Test func `times that cannot be read are said once`() throws {
    let bad = #"{"timestamp":"gestern","level":"info","msg":"x"}"#
    let found = findings([bad, bad, bad])
    #expect(found.count == 1)
    #expect(found[0]?.hasPrefix("times in the log of worker cannot be read (timestamp: gestern)") == true)
    // A second key that can be read is as good.
    #expect(findings([#"{"timestamp":"gestern","ts":1767139276,"msg":"x"}"#]).isEmpty)
    // A time of day needs a day.
    #expect(findings([#"{"time":"00:01:16","msg":"x"}"#]).count == 1)
  }

  @Test func `a log without times is said to have none`() {
    let found = findings([Self.timeless, Self.timeless, Self.timeless, Self.timeless])
    #expect(found.keys.sorted() == [2])
    #expect(found[2]?.hasPrefix("lines of the log of worker have no time that can be read") == true)
    // The server's lines between those of the service have none either.
    #expect(findings([Self.json] + Array(repeating: Self.timeless, count: 5)).isEmpty)
    #expect(findings(["INFO:     Started", "INFO:     127.0.0.1 - GET /metrics", "  a", "", "INFO:     x"]).isEmpty)
  }

  @Test func `what is read of a form`() {
    let lines = [
      Self.json, "INFO:     Started", "plain words", #"{"zeit":1}"#, "2025-12-31 00:01:16,004 - a - INFO - x", #"level=info msg="x""#,
      "\u{0}\u{1}\u{2}",
    ]
    #expect(match(lines).map(\.line.form) == [.read, .aside, .unread, .unread, .unread, .read, .unread])
    #expect(match(lines, Self.plain).map(\.line.form) == [.read, .aside, .unread, .unread, .read, .read, .unread])
  }

  /// journald gives a message with colours, or of no UTF-8, as its bytes.
  @Test func `a message of journald that is given as bytes is read`() throws {
    let bytes = ("\u{1B}[32m" + Self.timeless + "\u{1B}[0m").utf8.map(String.init).joined(separator: ",")
    for (message, isRead) in [("[\(bytes)]", true), ("[\(bytes),256]", false), ("[1,]", false), ("null", false), ("[[1]]", false)] {
      let line = #"{"__REALTIME_TIMESTAMP":"1767139276004000","PRIORITY":"6","MESSAGE":\#(message)}"#
      let found = try #require(match([line]).first)
      #expect(
        found.happenings.contains { if case .reconnectionAttempt = $0.kind { true } else { false } } == isRead, "\(message.prefix(20))")
      if isRead { #expect(found.line.reportedAt?.epochSeconds == 1_767_139_276.004) }
    }
  }

  private static func export(_ message: [String], priority: Int = 6) -> [String] {
    ["__CURSOR=s=1;i=2", "__REALTIME_TIMESTAMP=1767139276004000", "__MONOTONIC_TIMESTAMP=77", "_BOOT_ID=ab", "PRIORITY=\(priority)"]
      + message
      + ["_PID=18", "SYSLOG_IDENTIFIER=worker", ""]
  }

  /// The eight bytes of a length, as they are left where each line is read as text.
  private static func length(_ bytes: Int) -> String {
    let all = (0..<8).map { UInt8(truncatingIfNeeded: bytes >> (8 * $0)) }
    return String(decoding: all, as: UTF8.self)
  }

  /// `journalctl -o export`.
  @Test(arguments: [
    ["MESSAGE=\(timeless)"], ["MESSAGE", length(42) + timeless], ["MESSAGE", length(200) + timeless], ["MESSAGE", length(256) + timeless],
    ["MESSAGE", "", String(length(10).dropFirst()) + timeless], ["COREDUMP", length(7) + "MESSAGE=1", "MESSAGE=\(timeless)"],
  ]) func `an entry of a journal's export is one line`(message: [String]) throws {
    let found = match(Self.export(message) + Self.export(message))
    let told = found.filter { !$0.happenings.isEmpty }
    #expect(told.count == 2 && told.allSatisfy { $0.happenings.count == 1 })
    for line in told.map(\.line) {
      #expect(abs((line.reportedAt?.epochSeconds ?? 0) - 1_767_139_276.004) < 1e-4 && line.level == .info && !line.isForeign)
    }
    #expect(found.filter { $0.happenings.isEmpty }.allSatisfy { $0.line.form == .aside && !$0.line.isForeign && !$0.line.isReadable })
  }

  @Test func `an entry has the level of its sender where its line has none, and more lines are of the one before`() throws {
    let found = match(Self.export(["MESSAGE", Self.length(30) + "went wrong", "  at a", "ERROR", "b=c"], priority: 3), Self.plain)
    #expect(found.first { $0.line.text.hasSuffix("went wrong") }?.line.level == .error)
    // What is no journal is read as ever.
    let other = match(["_private value of something", Self.json, "__CURSOR", "KEY=value"])
    #expect(other.map(\.happenings.count) == [0, 1, 0, 0] && other[0].line.form == .unread)
    // After the journal's end other lines are their own again.
    #expect(match(Self.export(["MESSAGE=x"]) + [Self.json]).last?.happenings.count == 1)
  }
}
