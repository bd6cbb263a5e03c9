import Events
import Foundation
import MediaSync
import ProcessGuard
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

extension MediaTests {
  /// Servers that hang, die and come back, or mean harm.
  @Suite(.serialized) struct StreamProbeServerTests {
    private let tools = MediaTools()

    private func probe(_ url: String, _ options: StreamProbeOptions, searches: Bool = false) throws -> StreamProbe {
      StreamProbe(
        StreamTarget(name: "live/test/out", address: try StreamAddress(url), probesContent: searches, intervalSeconds: 0.1),
        options: options,
        clock: realClock(), processGuard: tools.processGuard, random: { 0.5 })
    }

    /// Some seconds of the test stream as MPEG-TS, as the answer of a server.
    private func stream(_ seconds: Int) async throws -> [UInt8] {
      let bytes = try await tools.read(["-t", "\(seconds)", "-i", CommittedFixture.path, "-c", "copy", "-f", "mpegts", "pipe:1"])
      return Array("HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n".utf8) + bytes
    }

    @Test func `starts a reader anew that never gets anything`() async throws {
      let server = try await ScriptedServer { _ in .raw("", .keep) }
      let collector = Collector()
      let source = try probe(server.url("/hung"), StreamProbeOptions(connectSeconds: 0.5, grace: 0.5, longestBackoff: 1), searches: true)
      await running(source, collector) {
        #expect(await eventually { server.connections >= 2 })
        #expect(collector.reasons.first == "no packet came within 0.5 s")
      }
      #expect(collector.streamed.isEmpty)
      #expect(await eventually { processes(holding: server.url("/hung")).isEmpty })
      await server.stop()
    }

    @Test func `tells a stall and opens a stream again that hangs`() async throws {
      let answer = try await stream(6)
      let server = try await ScriptedServer { _ in Reply(bytes: answer, afterwards: .keep) }
      let collector = Collector()
      let source = try probe(
        server.url("/live"), StreamProbeOptions(stallSeconds: 1, hangSeconds: 2.5, grace: 0.5, longestBackoff: 1))
      await running(source, collector) {
        #expect(await eventually(within: 30) { collector.streamed.count { if case .opened = $0 { true } else { false } } >= 2 })
      }
      let kinds = collector.streamed.compactMap { happening -> String? in
        switch happening {
        case .opened: "opened"
        case .stalled: "stalled"
        case .closed(let reason): "closed: \(reason)"
        default: nil
        }
      }
      #expect(Array(kinds.prefix(4)) == ["opened", "stalled", "closed: no packet came for 2.5 s", "opened"])
      #expect(collector.streamSamples.contains { $0.silentSeconds >= 1 })
      await server.stop()
    }

    @Test func `goes on counting when a server dies and returns`() async throws {
      let answer = try await stream(8)
      let first = try await ScriptedServer { _ in Reply(bytes: answer, afterwards: .close) }
      let collector = Collector()
      let source = try probe(first.url("/live"), StreamProbeOptions(longestBackoff: 1))
      try await running(source, collector) {
        #expect(await eventually(within: 30) { collector.streamed.contains { if case .closed = $0 { true } else { false } } })
        await first.stop()
        #expect(await eventually(within: 30) { collector.reasons.contains { $0.contains("refused") } })
        let second = try await ScriptedServer(port: first.port) { _ in Reply(bytes: answer, afterwards: .close) }
        let begun = collector.streamed.count
        #expect(
          await eventually(within: 30) {
            collector.streamed.dropFirst(begun).contains { if case .alignment = $0 { true } else { false } }
          })
        await second.stop()
      }
      let measured = collector.streamed.compactMap { happening -> SyncMeasurement? in
        if case .alignment(let measurement, isScored: true) = happening { measurement } else { nil }
      }
      #expect(measured.count >= 3)
      #expect(zip(measured, measured.dropFirst()).allSatisfy { $0.segmentIndex < $1.segmentIndex })
      #expect(SyncMeasurement.violations(in: measured).isEmpty)
    }

    @Test func `reads no local file for a playlist`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      try await tools.make(["-t", "4", "-i", CommittedFixture.path, "-c", "copy", "-f", "mpegts", scratch.file("secret.ts")])
      let playlist =
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://\(scratch.file("secret.ts"))\n#EXT-X-ENDLIST\n"
      let server = try await ScriptedServer { _ in .http(playlist, type: "application/vnd.apple.mpegurl") }
      let collector = Collector()
      let source = try probe(server.url("/a.m3u8"), StreamProbeOptions(mode: .once(mediaSeconds: nil), connectSeconds: 5, grace: 0.5))
      await source.run(into: collector)
      #expect(server.connections >= 1)
      #expect(await source.totals.facts == nil)
      #expect(collector.streamed.isEmpty)
      await server.stop()
    }

    @Test func `shows no secret and says what to install`() async throws {
      let collector = Collector()
      let source = try probe("rtmp://user:hunter2@127.0.0.1:1/live?token=hunter3", StreamProbeOptions(longestBackoff: 1))
      await running(source, collector) { #expect(await eventually { collector.reasons.count >= 1 }) }
      let said = collector.reasons + collector.targets
      #expect(said.allSatisfy { !$0.contains("hunter") }, "\(said)")
      let missing = Collector()
      await running(try probe("rtmp://127.0.0.1:1/", StreamProbeOptions(ffmpeg: "no-such-ffmpeg")), missing) {
        #expect(await eventually { missing.reasons.contains { $0.contains("install ffmpeg") } })
      }
    }

    @Test func `searches no marks above four times real time`() async throws {
      let target = StreamTarget(name: "x", address: try StreamAddress("http://127.0.0.1:1/"))
      for (speed, content) in [(1.0, ContentState.searching), (4, .searching), (5, .off)] {
        let source = StreamProbe(target, clock: realClock(speed: speed), processGuard: tools.processGuard)
        #expect(await source.totals.content == content)
      }
    }
  }
}

@Suite struct ProbeLineTests {
  @Test(arguments: [
    (
      "0, 100000000000000, 200000000132000,     6001,    20490, 0x7a4d6e47, S=1,        1",
      ProbeLine.packet(stream: 0, pts: 132000, dts: 126000, isKeyFrame: true, byteCount: 20490)
    ),
    (
      "1, 100000000000001, 199999999998976,     1,    6, 0x7a4d6e47, F=0x5",
      .packet(stream: 1, pts: -1024, dts: -1024, isKeyFrame: true, byteCount: 6)
    ),
    ("0, 9, 200000000000007, 3001, 6, 0x7a4d6e47, F=0x0", .packet(stream: 0, pts: 7, dts: -2993, isKeyFrame: false, byteCount: 6)),
    ("0, -9, -9223372036854775808, 1, 6, 0x0", .packet(stream: 0, pts: nil, dts: nil, isKeyFrame: true, byteCount: 6)),
    ("frame:12   pts:126000  pts_time:1.4", .frame(ticks: 126000, seconds: 1.4)),
    ("lavfi.signalstats.YAVG=74.0391", .brightness(74.0391)), ("lavfi.signalstats.YMIN=235", .square(235)),
    ("lavfi.signalstats.YMAX=235", .peak(235)), ("lavfi.signalstats.YDIF=0.255208", .change(0.255208)),
    ("lavfi.r128.M=nan", .momentary(-.infinity)), ("lavfi.r128.M=-19.5", .momentary(-19.5)), ("lavfi.r128.I=-12.638", .integrated(-12.638)),
    ("lavfi.astats.1.Zero_crossings=10.000000", .crossings(10)), ("lavfi.astats.Overall.RMS_level=-inf", .level(-.infinity)),
    ("#tb 0: 1/90000", .header(name: "tb", stream: 0, value: "1/90000")),
  ])
  func `a line of the probe is read`(line: String, record: ProbeLine) { #expect(ProbeLine(line) == record) }

  @Test(arguments: [
    "", "0", "0,,,,,", "0, 1, x, 1, 1, 0", "0, 1, 99999999999999999999, 1, 1, 0x0", "frame:", "frame:1 pts:2",
    "frame:1 pts:NOPTS pts_time:N",
    "lavfi.signalstats.YAVG=", "lavfi.signalstats.YAVG=nan", "lavfi.signalstats.YDIF=nan", "lavfi.r128.I=",
    "lavfi.astats.Overall.RMS_level=nan", "#", "#tb", "#tb x: 1", "[info] Input",
    "lavfi", "0, 1, 2, 3, -4, 0x0",
  ])
  func `a line that is none is refused`(line: String) { #expect(ProbeLine(line) == nil) }

  @Test func `reads the logs description`() {
    var description = InputDescription()
    for line in [
      "[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'a, from 'b.mp4':", "[info]   Metadata:",
      "[info]     title : Stream #0:9: Video: evil",
      "[info]   Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, progressive), 1280x720 [SAR 1:1 DAR 16:9], 29.97 fps",
      "[info]   Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1(side), fltp, 96 kb/s (default)",
      "[info]   Stream #0:2: Video: mjpeg, 1x1", "[info] Stream mapping:", "[info]   Stream #0:3: Audio: mp3, 8000 Hz, mono",
    ] { description.note(line) }
    let facts = StreamFacts(
      container: "mov,mp4,m4a,3gp,3g2,mj2", videoCodec: "h264", width: 1280, height: 720, framesPerSecond: 29.97, audioCodec: "aac",
      sampleRate: 48000, channels: 6)
    #expect(description.isComplete && description.facts == facts)
  }

  @Test(arguments: ["", "ftp://a/b", "http://", "rtmp://h:99999/x", "http://a b/", "rtsp://user:secret @h/x", "file:///etc/passwd"])
  func `refuses addresses`(text: String) {
    do {
      let address = try StreamAddress(text)
      Issue.record("\(address)")
    } catch {
      #expect(!error.description.contains("secret"))
    }
  }

  @Test(arguments: [
    ("rtmp://u:p@h:1935/live/test/out?key=x", "live/test/out", "rtmp://h:1935/live/test/out?key=***"),
    ("RTSP://h/cam", "cam", "rtsp://h/cam"), ("http://h:8080", "h:8080", "http://h:8080"), ("a/b.ts", "b.ts", "a/b.ts"),
    ("-", "standard-input", "standard input"), ("-evil.ts", "-evil.ts", "-evil.ts"),
  ])
  func `names addresses`(text: String, name: String, shown: String) throws {
    let address = try StreamAddress(text)
    #expect(address.defaultName == name)
    #expect("\(address)" == shown && String(reflecting: address) == shown)
    // Whatever it is called, it is never an option of ffmpeg's.
    #expect(address.arguments.dropLast().last == "-i")
  }
}
