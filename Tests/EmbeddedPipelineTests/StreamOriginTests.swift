import Events
import Foundation
import MediaSync
import SocketIO
import TestSupport
import Testing
import WireFormats

@testable import EmbeddedPipeline
@testable import TransportStream

/// A running origin for one test.
struct LiveOrigin {
  let origin: StreamOrigin
  let ports: StreamOrigin.Ports
  let directory: Scratch

  init(_ change: (inout StreamOriginConfiguration) -> Void = { _ in }) async throws {
    directory = try Scratch()
    var configuration = StreamOriginConfiguration()
    configuration.port = 0
    change(&configuration)
    let clock = ScaledClock(wallOrigin: WallTime(epochSeconds: Date().timeIntervalSince1970))
    origin = StreamOrigin(configuration: configuration, clock: clock, log: .file(directory.path + "/log"))
    ports = try await origin.start()
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(ports.main)\(path)" }
  func get(_ path: String) async throws -> (status: Int, body: String) { try await Fetch.text(#require(URL(string: url(path)))) }
  func paths() async throws -> [JSONValue] { try JSONValue.parse(try await get("/v3/paths/list").body)["items"]?.arrayValue ?? [] }

  var log: [JSONValue] { (directory.text("log") ?? "").split(separator: "\n").compactMap { try? JSONValue.parse(String($0)) } }
  func messages(_ text: String) -> [JSONValue] { log.filter { $0["msg"]?.stringValue == text } }

  /// A client that has asked to publish a path.
  func publisher(_ path: String) async throws -> RawClient {
    let client = try await RawClient(port: ports.main)
    try await client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    return client
  }

  /// A client that has asked to read a path.
  func reader(_ path: String, reads: Bool = true) async throws -> RawClient {
    let client = try await RawClient(port: ports.main, reads: reads)
    try await client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
    return client
  }
}

/// Makes media second by second: 30 frames, the first a key frame.
struct MediaMaker {
  private var muxer = TransportMuxer()
  private var frame: Int64 = 0

  mutating func second(frameBytes: Int = 500) -> [UInt8] {
    var out: [UInt8] = []
    for number in 0..<30 {
      let payload = [0, 0, 1, number == 0 ? 0x65 : 0x41] + [UInt8](repeating: 0x80, count: frameBytes)
      muxer.write(
        ElementaryUnit(track: .video, pid: 0x100, streamType: StreamType.h264, pts: frame * 3000, payload: payload), into: &out)
      muxer.write(
        ElementaryUnit(
          track: .audio, pid: 0x101, streamType: StreamType.adtsAAC, pts: frame * 3000, payload: AACSilence.frame(byteCount: 300)),
        into: &out)
      frame += 1
    }
    return out
  }
}

@Suite struct StreamOriginTests {
  @Test(.timeLimit(.minutes(2))) func `ffmpeg publishes and probes read`() async throws {
    let live = try await LiveOrigin()
    _ = try await Clip.make("clip.ts", in: live.directory, seconds: 3, bFrames: 2)
    let publish = [
      "-v", "error", "-re", "-stream_loop", "-1", "-i", live.directory.path + "/clip.ts", "-c", "copy", "-f", "mpegts",
      live.url("/live/test/in"),
    ]
    #expect(try await live.get("/live/test/in").status == 404)
    let first = try ChildProgram("ffmpeg", publish)
    defer { first.end() }
    #expect(await eventually(within: 20) { !live.messages("stream is available and online").isEmpty }, "\(first.errors)")
    let path = try #require(await live.paths().first)
    #expect(path["name"] == "live/test/in")
    #expect(path["ready"] == true)
    #expect(path["tracks"] == ["H264", "MPEG-4 Audio"])
    #expect(path["readyTime"]?.stringValue?.hasSuffix("Z") == true)
    let busy = try await live.publisher("/live/test/in")
    #expect(await eventually(within: 10) { busy.isClosed })
    #expect(busy.status == 409 && busy.text.contains("somebody publishes live/test/in already"))

    let watcher = try await live.reader("/live/test/in")
    for path in ["/live/test/in", "/live/test/in.ts"] {
      let probe = try await ChildProgram(
        "ffprobe", ["-v", "error", "-analyzeduration", "1000000", "-show_entries", "stream=codec_name", "-of", "csv=p=0", live.url(path)]
      ).result(within: 60)
      #expect(Set(probe.output.split { ",\n".contains($0) }) == ["h264", "aac"], "\(probe)")
      #expect(probe.errors.isEmpty)
    }
    let metrics = try await live.get("/metrics").body
    #expect(metrics.contains("paths{name=\"live/test/in\",state=\"ready\"} 1\n"))
    #expect(metrics.contains("paths_readers{name=\"live/test/in\",state=\"ready\"} 1\n"), "the probes have left: \(metrics)")

    first.send(SIGKILL)
    #expect(await eventually(within: 10) { watcher.isClosed })
    #expect(watcher.body.isWhole)
    #expect(try await live.get("/live/test/in").status == 404)
    let second = try ChildProgram("ffmpeg", publish)
    defer { second.end() }
    #expect(await eventually(within: 20) { live.messages("stream is available and online").count == 2 }, "\(second.errors)")
    await live.origin.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `a reader begins at the last key frame`() async throws {
    let live = try await LiveOrigin()
    let publisher = try await live.publisher("/a")
    var maker = MediaMaker()
    let early = try await live.reader("/a")
    #expect(await eventually(within: 10) { live.messages("reader connected").count == 1 })
    for _ in 0..<2 { try await publisher.sendChunk(maker.second()) }
    #expect(await eventually(within: 10) { early.body.bytes.count > 50_000 })
    let late = try await live.reader("/a")
    #expect(await eventually(within: 10) { late.body.bytes.count > 20_000 })
    try await publisher.sendChunk(maker.second())
    try await publisher.send("0\r\n\r\n")
    #expect(await eventually(within: 10) { early.isClosed && late.isClosed && publisher.isClosed })
    #expect(publisher.status == 200)
    for (reader, seconds) in [(early, 0...2), (late, 1...2)] as [(RawClient, ClosedRange<Int64>)] {
      #expect(reader.body.isWhole)
      var demuxer = TransportDemuxer()
      let units = demuxer.feed(reader.body.bytes) + demuxer.finish()
      #expect(units.filter { $0.track == .video }.map(\.pts) == (seconds.lowerBound * 30..<(seconds.upperBound + 1) * 30).map { $0 * 3000 })
      #expect(units.count { $0.track == .audio } == seconds.count * 30)
      #expect(demuxer.faults == TransportFaults())
    }
    await live.origin.stop()
  }

  @Test(.timeLimit(.minutes(1)), arguments: [true, false]) func `a reader that takes nothing is dropped`(byBytes: Bool) async throws {
    let live = try await LiveOrigin {
      $0.limits.readerStallSeconds = byBytes ? 1000 : 0.3
      $0.limits.readerBytes = byBytes ? 2 << 20 : 1 << 30
    }
    let publisher = try await live.publisher("/a")
    var maker = MediaMaker()
    var sent = maker.second()
    try await publisher.sendChunk(sent)
    #expect(await eventually(within: 10) { !live.messages("stream is available and online").isEmpty })
    let good = try await live.reader("/a")
    let stuck = try await live.reader("/a", reads: false)
    #expect(await eventually(within: 10) { live.messages("reader connected").count == 2 })
    // The good reader takes each piece before the next is sent, so that only the other can be too slow.
    for _ in 0..<100 where live.messages("reader dropped").isEmpty {
      let piece = maker.second(frameBytes: 20_000)
      sent += piece
      try await publisher.sendChunk(piece)
      let wanted = sent.count
      try #require(await eventually(within: 10) { good.receivedCount >= wanted })
    }
    let dropped = try #require(live.messages("reader dropped").first)
    #expect(dropped["reason"]?.stringValue == (byBytes ? "it is too slow" : "it takes nothing"))
    #expect(live.messages("reader dropped").count == 1)
    try await publisher.send("0\r\n\r\n")
    #expect(await eventually(within: 10) { good.isClosed })
    #expect(good.body.bytes == sent)
    stuck.close()
    await live.origin.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `a silent publisher and a slow request are closed`() async throws {
    let live = try await LiveOrigin {
      $0.limits.publisherSilenceSeconds = 0.3
      $0.limits.requestSeconds = 0.3
    }
    let publisher = try await live.publisher("/a")
    let slow = try await RawClient(port: live.ports.main)
    try await slow.send("GET /health HTTP/1.1\r\nHos")
    #expect(await eventually(within: 10) { publisher.isClosed && slow.isClosed })
    #expect(live.messages("publisher left").first?["reason"]?.stringValue == "nothing came for 0.3 s")
    #expect(try await live.get("/health").status == 200)
    await live.origin.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `bad requests are answered and survived`() async throws {
    let live = try await LiveOrigin { $0.limits.paths = 1 }
    let keeper = try await live.publisher("/keep")
    #expect(await eventually(within: 10) { !live.messages("publisher connected").isEmpty })
    let flood = (0..<200).map { "X\($0): \($0)\r\n" }.joined()
    for (request, status) in [
      ("POST /more HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 503),
      ("POST /a/../b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 400),
      ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 400),
      ("DELETE /keep HTTP/1.1\r\nHost: a\r\n\r\n", 405),
      ("GET /keep/%2e%2e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
      ("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 405),
      ("HEAD /keep HTTP/1.1\r\nHost: a\r\n\r\n", 200),
      ("GET /metrics HTTP/1.0\r\n\r\n", 200),
      ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
      ("GET /health HTTP/1.1\r\n\(flood)\r\n", 400),
      ("GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\n\r\n", 400),
      ("\u{16}\u{3}\u{1}\r\n\r\n", 400),
    ] {
      let client = try await RawClient(port: live.ports.main)
      try await client.send(request)
      #expect(await eventually(within: 10) { client.isClosed }, "\(request.prefix(40))")
      #expect(client.status == status, "\(request.prefix(40)): \(client.text)")
    }
    // What is no transport stream is refused after a while, and what is sent behind a bad chunk is not read.
    let garbage = [UInt8](repeating: 0x20, count: 300_000)
    for _ in 0..<4 { try? await keeper.sendChunk(garbage) }
    #expect(await eventually(within: 10) { keeper.isClosed })
    #expect(keeper.status == 415)
    let broken = try await live.publisher("/b")
    try await broken.send("zz\r\nabc")
    #expect(await eventually(within: 10) { broken.isClosed })
    #expect(try await live.paths().isEmpty)
    await live.origin.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `it fails on demand`() async throws {
    let live = try await LiveOrigin { $0.isControlEnabled = true }
    func control(_ body: String, _ fields: String = "Host: localhost\r\nContent-Type: application/json") async throws -> Int? {
      let client = try await RawClient(port: live.ports.main)
      try await client.send("POST /control HTTP/1.1\r\n\(fields)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      defer { client.close() }
      return await eventually(within: 10) { client.status != nil } ? client.status : nil
    }
    for body in ["", "[]", "{}", #"{"action":"x"}"#, #"{"action":"outage"}"#, #"{"action":"outage","seconds":-1}"#] {
      #expect(try await control(body) == 400, "\(body)")
    }
    #expect(try await control(#"{"action":"audio_skew"}"#) == 501)
    // A web page of elsewhere is not obeyed, be it under its own name, under one that leads here, or without saying what it sends.
    let json = "Content-Type: application/json"
    #expect(try await control(#"{"action":"crash"}"#, "Host: evil.example.com\r\n\(json)") == 403)
    #expect(try await control(#"{"action":"crash"}"#, "Host: localhost\r\nOrigin: http://evil.example.com\r\n\(json)") == 403)
    #expect(try await control(#"{"action":"crash"}"#, "Host: localhost\r\nContent-Type: text/plain") == 415)
    let publisher = try await live.publisher("/a")
    #expect(await eventually(within: 10) { !live.messages("publisher connected").isEmpty })
    #expect(try await control(#"{"action":"outage","seconds":0.5}"#) == 200)
    #expect(await eventually(within: 10) { publisher.isClosed })
    #expect(await eventually(within: 10) { !live.messages("outage ended").isEmpty })
    #expect(try await live.get("/health").status == 200)
    #expect(try await control(#"{"action":"crash"}"#) == 200)
    #expect(await live.origin.waitUntilExit()?.status == ServiceExit.crashed.status)
    let closed = try await LiveOrigin()
    #expect(try await closed.get("/control").status == 403)
    await closed.origin.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `further ports answer their part alone`() async throws {
    let live = try await LiveOrigin {
      $0.apiPort = 0
      $0.metricsPort = 0
    }
    for (port, path, status) in [
      (live.ports.api, "/v3/paths/list", 200), (live.ports.api, "/metrics", 404), (live.ports.metrics, "/metrics", 200),
      (live.ports.metrics, "/v3/paths/list", 404), (live.ports.api, "/health", 200), (live.ports.metrics, "/a", 404),
    ] as [(Int?, String, Int)] {
      let url = try #require(URL(string: "http://127.0.0.1:\(port ?? 0)\(path)"))
      #expect(try await Fetch.text(url).status == status, "\(path)")
    }
    // Stops while a publisher and a reader are there.
    let publisher = try await live.publisher("/a")
    var maker = MediaMaker()
    try await publisher.sendChunk(maker.second())
    let reader = try await live.reader("/a")
    #expect(await eventually(within: 10) { reader.body.bytes.count > 20_000 })
    await live.origin.stop()
    #expect(await eventually(within: 10) { reader.isClosed && publisher.isClosed })
    #expect(reader.body.isWhole)
    #expect(!live.messages("stream-origin stopped").isEmpty)
    await #expect(throws: (any Error).self) { try await live.get("/health") }
  }
}
