import Foundation
import Testing
import WireFormats

@testable import Contracts
@testable import Events

@Suite struct ContractLineTests {
  private func json(_ text: String) throws -> [String: String] {
    var text = text
    return try text.withUTF8 { bytes in
      let line = try JSONLine(bytes)
      return Dictionary(
        line.members.map {
          (line.path(of: $0, in: bytes), JSONLine.value(of: $0, in: bytes)?.text ?? "null")
        },
        uniquingKeysWith: { $1 })
    }
  }

  @Test(arguments: [
    (#"{"a":1,"b":"x","c":true,"d":null}"#, ["a": "1", "b": "x", "c": "true", "d": "null"]),
    (#" { } "#, [:]), (#"{"e":{"code":"X","n":{"m":-1.5e2}},"l":[1,{"k":[]},"s"],"z":0}"#, ["e.code": "X", "e.n.m": "-150", "z": "0"]),
    (#"{"s":"a\"\\\/\n\t\u0041\ud83d\ude00\ud800"}"#, ["s": "a\"\\/\n\tA😀\u{fffd}"]), (#"{"a":1,"a":2}"#, ["a": "2"]),
  ])
  func `reads JSON`(text: String, expected: [String: String]) throws {
    #expect(try json(text) == expected)
  }

  @Test(arguments: [
    "", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":-}", "{\"a\":nul}", "{\"a\":\"x}",
    "{\"a\":\"\\q\"}",
    "{\"a\":\"\\u12\"}", "{\"a\":1} x", "{a:1}", "{\"a\":[1,}", "{\"a\":[1 2]}", "{\"a\":\"\u{1}\"}", "{\"a\":NaN}", "{\"a\":[}]",
  ])
  func `refuses what is not JSON`(text: String) {
    #expect(throws: JSONError.self) { try json(text) }
  }

  @Test func `deep JSON is refused and not recursed`() {
    let deep = "{\"a\":" + String(repeating: "[", count: 500_000)
    #expect(throws: JSONError.self) { try json(deep) }
    #expect(throws: JSONError.self) { try json(String(repeating: "{\"a\":", count: 100_000)) }
  }

  @Test(arguments: [
    ("2026-11-22 13:06:01,147", 1_795_352_761.147, nil), ("2026-11-22T13:06:01.5Z", 1_795_352_761.5, 0),
    ("2024-02-29 00:00:00", 1_709_164_800.0, nil),
    ("2026-11-22T13:06:01+02:00", 1_795_352_761.0, 7200), ("1970-01-01 00:00:00,001", 0.001, nil),
  ])
  func `reads timestamps`(text: String, local: Double, offset: Int?) {
    var text = text
    let time = text.withUTF8 { LogTimestamp($0) }
    #expect(time?.localSeconds == local)
    #expect(time?.offsetSeconds == offset)
  }

  @Test(arguments: ["", "2026-11-22", "2026-13-22 13:06:01", "2026-11-22 25:06:01", "2026/11/22 13:06:01", "xxxx-11-22 13:06:01"])
  func `refuses other timestamps`(text: String) {
    var text = text
    #expect(text.withUTF8 { LogTimestamp($0) } == nil)
  }

  @Test func `zones follow daylight saving`() throws {
    var zone = try #require(LogTimeZone("Europe/Berlin", host: .fixed(secondsEast: 0)))
    let day = 86_400.0
    func local(_ year: Int, _ month: Int, _ date: Int, _ hour: Double) -> Double {
      Double(CivilTime.days(year: year, month: month, day: date)) * day + hour * 3600
    }
    #expect(zone.epochSeconds(local: local(2026, 7, 1, 12)) == local(2026, 7, 1, 10))
    #expect(zone.epochSeconds(local: local(2026, 12, 1, 12)) == local(2026, 12, 1, 11))
    // Clocks go back at 3:00 on 2026-10-25: 2:30 occurs twice.
    let first = zone.epochSeconds(local: local(2026, 10, 25, 2.5), after: local(2026, 10, 25, 0.4))
    #expect(first == local(2026, 10, 25, 0.5))
    let second = zone.epochSeconds(local: local(2026, 10, 25, 2.1), after: local(2026, 10, 25, 0.9))
    #expect(second == local(2026, 10, 25, 1.1))
    // 2:30 on 2026-03-29 does not occur; it must not trap and stays near.
    #expect(abs(zone.epochSeconds(local: local(2026, 3, 29, 2.5)) - local(2026, 3, 29, 1.5)) <= 3600)
  }

  @Test(arguments: [("+02:00", 7200), ("-0330", -12_600), ("+5", 18_000), ("UTC", 0), ("host", 3600)])
  func `zones by offset`(spelling: String, seconds: Double) throws {
    var zone = try #require(LogTimeZone(spelling, host: .fixed(secondsEast: 3600)))
    #expect(zone.epochSeconds(local: 100_000) == 100_000 - seconds)
  }

  @Test(arguments: ["", "Berlin/Europe", "+25:00", "+1:2:3", "../../etc/passwd", "local"])
  func `unknown zones are refused`(spelling: String) {
    #expect(LogTimeZone(spelling, host: .fixed(secondsEast: 0)) == nil)
  }

  @Test(arguments: [
    (
      "2026-11-22 13:06:01,147 - media_service.sts.client - WARNING - Socket.IO - gone", LogLevel.warning, "media_service.sts.client",
      "Socket.IO - gone"
    ),
    ("INFO:     127.0.0.1:58156 - \"GET /health HTTP/1.1\" 200 OK", .info, nil, "127.0.0.1:58156 - \"GET /health HTTP/1.1\" 200 OK"),
    ("ERROR:root:went wrong", .error, "root", "went wrong"), ("CRITICAL: down", .critical, nil, "down"),
    ("INFORMATION: x", .info, nil, "x"), ("[ERROR] x", .error, nil, "x"), ("[error ] x", .error, nil, "x"), ("ERROR x", .error, nil, "x"),
    ("WARN  - x", .warning, nil, "x"), ("[7] [INFO] x", .info, nil, "x"), ("a.b | WARNING | x", .warning, nil, "x"),
    ("12:06:01.147 | a.b | ERROR | x", .error, "a.b", "x"), ("12:06:01.147 [main] ERROR a.b - x", .error, nil, "a.b - x"),
    ("2026-11-22 13:06:01,147 ERROR x", .error, nil, "x"), ("2026-11-22T13:06:01Z [err] x", .error, nil, "x"),
    ("2026-11-22 13:06:01.147 | CRITICAL | a:b:1 - x", .critical, nil, "a:b:1 - x"),
    ("2026/11/22 13:06:01 INF [RTMP] listener", .info, nil, "[RTMP] listener"),
    ("[2026-11-22 13:06:01 +0000] [7] [CRITICAL] x", .critical, nil, "x"),
    ("E1126 12:06:01.147123       7 file.go:12] x", .error, nil, "x"), ("W1126 12:06:01.147123 7 file.go:12] x", .warning, nil, "x"),
    ("I1126 12:06:01.1 7 f.go:1] x", .info, nil, "x"), ("F1126 12:06:01.1 7 f.go:1] x", .critical, nil, "x"),
    ("level=error msg=\"x y\"", .error, nil, "level=error msg=\"x y\""),
    ("time=\"2026-11-22T13:06:01Z\" level=warning msg=x", .warning, nil, "time=\"2026-11-22T13:06:01Z\" level=warning msg=x"),
    ("2026-11-22 13:06:01,147 lvl=eror x=1", .error, nil, "lvl=eror x=1"),
    ("msg=\"level=error\" level=info", .info, nil, "msg=\"level=error\" level=info"),
    ("ts=1 severity=3 msg=x", .error, nil, "ts=1 severity=3 msg=x"),
    ("2026-11-22 13:06:01,147 something else", nil, nil, "something else"),
  ])
  func `reads prefixes`(line: String, level: LogLevel?, logger: String?, message: String) throws {
    var line = line
    try line.withUTF8 { bytes in
      let prefix = try #require(LogPrefix(bytes, at: 0))
      #expect(prefix.level == level)
      #expect(prefix.logger.map { String(decoding: bytes[$0], as: UTF8.self) } == logger)
      #expect(String(decoding: bytes[prefix.message...], as: UTF8.self) == message)
    }
  }

  @Test(arguments: [
    "Traceback (most recent call last):", "  File \"x.py\", line 1", "   Pipeline: appsrc → x", "", "Note: x", "Error while reading x",
    "[main] x", "name | x", "E1126x", "a = b", "an error: level=error", "12 apples",
  ])
  func `continuations have no prefix`(line: String) {
    var line = line
    #expect(line.withUTF8 { LogPrefix($0, at: 0) } == nil)
  }
}
