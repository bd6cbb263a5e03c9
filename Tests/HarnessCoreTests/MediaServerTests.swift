import Events
import Foundation
import Judging
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

/// MediaMTX's lists as its versions answer them, and what is told of them.
@Suite struct MediaServerTests {
  /// What was answered at which second, by the mode of the stand-in that the answers were taken from.
  private static func answers(_ mode: String) throws -> [(seconds: Double, body: [UInt8])] {
    let text = try String(contentsOfFile: Checkout.fixture("mediamtx/modes.json"), encoding: .utf8)
    let list = try #require(JSONValue(parsing: Array(text.utf8))?[mode]?.arrayValue)
    return try list.map { answer in
      (try #require(answer["t"]?.doubleValue), Array(try #require(answer["body"]).document.utf8))
    }
  }

  private static func state(_ samples: [(seconds: Double, paths: [MediaPath])]) -> RunState {
    var state = RunState()
    for (index, sample) in samples.enumerated() {
      state.apply(
        EventEnvelope(
          sequence: UInt64(index), instant: RunInstant(seconds: sample.seconds),
          wall: WallTime(epochSeconds: 1_767_139_200 + sample.seconds),
          source: SourceID(.mediaServer, .mediaServer),
          event: .sample(.mediaPaths(MediaPathsSample(service: .mediaServer, paths: sample.paths, latencyMilliseconds: 1)))))
    }
    return state
  }

  @Test(
    arguments: [
      (
        "new", ["ready", "ready"],
        ["path live/test/in is ready, published by rtmpConn", "path live/test/out is ready, published by rtmpConn"]
      ),
      ("nodep", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
      ("always-off", ["offline slate"], ["path live/test/in: nobody publishes (offline slate)"]),
      (
        "always-drop", ["offline slate"],
        ["path live/test/in is ready, published by rtmpConn", "path live/test/in has no publisher (offline slate)"]
      ),
      ("v12", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
      ("ondemand", ["not ready", "not ready"], []),
      (
        "reset", ["ready"],
        ["path live/test/in is ready, published by rtmpConn", "path live/test/in has another publisher: its bytes began again"]
      ),
      (
        "same-id-swap", ["ready"],
        [
          "path live/test/in is ready, published by rtmpConn", "path live/test/in has another publisher: rtmpConn p1 after rtmpConn p0",
        ]
      ),
      (
        "stalled", ["ready"],
        ["path live/test/in is ready, published by rtmpConn", "the publisher of live/test/in sends nothing"]
      ),
      ("readers", ["ready"], ["path live/test/out is ready, published by rtmpConn"]),
      ("big", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
      ("nulls", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
      ("moq", ["ready"], ["path live/test/in is ready, published by moqSession"]),
      ("auth", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
      (
        "flap", ["ready", "ready"],
        [
          "path live/test/in is ready, published by rtmpConn", "path live/test/out is ready, published by rtmpConn",
          "path live/test/out is gone", "path live/test/out is ready, published by rtmpConn",
        ]
      ),
      ("empty", [], []), ("nullitems", [], []), ("v017", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
      ("v10", ["ready"], ["path live/test/in is ready, published by rtmpConn"]),
    ] as [(String, [String], [String])])
  func `every version and every trouble is told`(mode: String, standings: [String], rows: [String]) throws {
    let samples = try Self.answers(mode).map { answer in
      (answer.seconds, try #require(MediaPathList.parse(answer.body, isOldest: mode == "v017")).paths)
    }
    let state = Self.state(samples)
    #expect(state.paths.map(\.path.standing) == standings)
    #expect(state.rows.map(\.text) == rows)
    if mode == "readers" { #expect(state.paths.first?.path.readerCount == 120) }
    if mode == "big" { #expect(state.paths.first?.path.bytesReceived ?? 0 > 9_007_199_254_740_993) }
    if mode == "always-off" { #expect(state.service(.mediaServer)?.dataMoved == nil, "a slate's bytes are nobody's") }
  }

  @Test func `of many paths the rest are counted and the bad ones are named`() throws {
    let many = Self.state([(0, try #require(MediaPathList.parse(try Self.answers("many")[0].body)).paths)])
    #expect(many.paths.count == 40)
    #expect(many.rows.count == 4)
    #expect(many.rows.last?.text == "37 paths more are ready")
    let bad = Self.state([(0, try #require(MediaPathList.parse(try Self.answers("many-bad")[0].body)).paths)])
    #expect(bad.rows.map(\.text).suffix(2) == ["36 paths more are ready", "1 of 40 paths is not ready: cam033"])
  }

  @Test func `other lists are refused`() throws {
    #expect(MediaPathList.parse(try Self.answers("rtmpconns")[0].body) == nil)
    let configurations = #"{"itemCount":1,"pageCount":1,"items":[{"name":"all_others","source":"publisher","record":false}]}"#
    #expect(MediaPathList.parse(Array(configurations.utf8)) == nil)
    #expect(MediaPathList.parse(Array(#"{"items":{}}"#.utf8), isOldest: true)?.paths == [])
  }

  private func reasons(_ path: String, _ answer: @escaping @Sendable (String) -> Reply) async throws -> (Collector, [String]) {
    let server = try await ScriptedServer(answer)
    let fetcher = HTTPFetcher()
    let collector = Collector()
    let target = try TargetURL("http://127.0.0.1:\(server.port)\(path)")
    let poller = MediaServerPoller(PollTarget(service: "mediamtx", target: target, interval: 0.05), fetcher: fetcher, clock: realClock())
    await running(poller, collector) { #expect(await eventually { !collector.reasons.isEmpty || collector.media.count >= 2 }) }
    let asked = server.requests.compactMap { $0.split(separator: " ").dropFirst().first?.split(separator: "?").first.map(String.init) }
    await server.stop()
    await fetcher.shutdown()
    return (collector, asked)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an older server is found by itself`() async throws {
    let body = String(decoding: try Self.answers("v10")[0].body, as: UTF8.self)
    let (collector, asked) = try await reasons("") {
      $0.contains("/v2/paths/list") ? .http(body) : .http("404 page not found", status: "404 Not Found")
    }
    #expect(collector.reasons.isEmpty)
    #expect(collector.media.first?.paths.map(\.name) == ["live/test/in"])
    // It is asked for the newest once, and never again.
    #expect(asked.count { $0 == "/v3/paths/list" } == 1)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("", "404 Not Found", "HTTP 404: none of /v3/paths/list, /v2/paths/list, /v1/paths/list is there"),
      ("/v3/paths/list", "404 Not Found", "HTTP 404: MediaMTX lists its paths at /v3/paths/list (1.2 and newer), /v2/paths/list"),
      ("", "401 Unauthorized", "HTTP 401: the API wants credentials"), ("", "500 Internal Server Error", "HTTP 500"),
      ("/v3/rtmpconns/list", "200 OK", "the answer is no list of paths"),
    ])
  func `what it answers instead is said, and that it answered`(path: String, status: String, reason: String) async throws {
    let (collector, _) = try await reasons(path) { _ in .http(#"{"items":[{"id":"a","path":"x"}]}"#, status: status) }
    #expect(collector.reasons.first?.hasPrefix(reason) == true, "\(collector.reasons)")
    let statuses = collector.events.compactMap { if case .sourceStatus(let status) = $0 { status } else { nil } }
    #expect(statuses.allSatisfy { $0.hasAnswered })
  }
}
