import Events
import Foundation
import MediaSync
import NIOCore
import NIOPosix
import ProcessGuard
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct PublisherTextTests {
  @Test(arguments: [
    ("rtsp://h:8554/live/test/in", PublishTarget.Transport.rtsp), ("RTMP://h/live/test/in", .rtmp), ("http://h:80/a", .http),
    ("https://u:p@h/a", .http), ("rtmps://h/a/b", .rtmp), ("rtsp://[::1]:8554/a", .rtsp),
  ])
  func `targets are taken by their scheme`(text: String, transport: PublishTarget.Transport) throws {
    #expect(try PublishTarget(text).transport == transport)
  }

  @Test(arguments: [
    "", "live/test/in", "-i", "file:/etc/passwd", "udp://h:1", "http:///a", "rtsp://h:0/a", "rtsp://h:99999/a", "http://h/a b",
    "http://h/\u{1b}",
    "concat:a|b", "http://us er:secret@h/a",
  ])
  func `what is no target is refused in a sentence without secrets`(text: String) {
    let failure = #expect(throws: Problem.self) { try PublishTarget(text) }
    #expect(failure?.description.contains("secret") == false)
  }

  @Test func `a target shows no secret`() throws {
    let target = try PublishTarget("rtmp://user:secret@h/live/in?token=secret2")
    #expect("\(target)" == "rtmp://h/live/in?token=***")
    #expect(!"\(Mirror(reflecting: target).children.map { "\($0)" })".contains("secret"))
    #expect(target.arguments.last == "rtmp://user:secret@h/live/in?token=secret2")
  }

  @Test func `progress becomes samples`() throws {
    var reader = ProgressReader()
    func block(_ lines: [String]) -> PublisherSample? { lines.compactMap { reader.read($0) }.last }
    let first = try #require(
      block([
        "frame=1", "fps=0.00", "stream_0_0_q=-1.0", "bitrate=N/A", "total_size=0",
        "out_time_us=-9223372036854775807", "out_time=-2562047788:00:54.77", "speed=N/A", "progress=continue",
      ]))
    #expect(first == PublisherSample(frames: 1, mediaSeconds: 0))
    let second = try #require(
      block([
        "frame=60", "fps=29.50", "bitrate= 500.0kbits/s", "total_size=125000", "out_time_us=2000000",
        "speed=   1x", "progress=continue",
      ]))
    #expect(second == PublisherSample(frames: 60, framesPerSecond: 29.5, bitsPerSecond: 500_000, speed: 1, mediaSeconds: 2))
    let third = try #require(block(["frame=90", "total_size=250000", "out_time_us=3000000", "speed=1.01e+03x", "progress=end"]))
    #expect(third == PublisherSample(frames: 90, bitsPerSecond: 1_000_000, speed: 1010, mediaSeconds: 3))
    // rtsp keeps no count; a time that falls is not taken.
    let fourth = try #require(block(["frame=x", "total_size=N/A", "bitrate=N/A", "out_time_us=1", "noise", "=", "progress=continue"]))
    #expect(fourth == PublisherSample(frames: 90, mediaSeconds: 3))
  }

  @Test func `the last complaints are told, errors before warnings, without secrets`() {
    var log = FFmpegLog()
    #expect(log.complaint == nil)
    log.note("[mpegts @ 0x55f0] [warning] Non-monotonous DTS")
    #expect(log.complaint == "Non-monotonous DTS")
    log.note("[info] Press [q]")
    log.note("[tcp @ 0x55f0aa] [error] Connection to tcp://127.0.0.1:1 failed: Connection refused")
    log.note("[error] http://user:secret@127.0.0.1:1/live?token=secret: Connection refused")
    log.note("[error] ")
    #expect(
      log.complaint
        == "Connection to tcp://127.0.0.1:1 failed: Connection refused; http://127.0.0.1:1/live?token=*** Connection refused")
    for number in 1...9 { log.note("[fatal] line \(number)") }
    #expect(log.complaint == "line 7; line 8; line 9")
    log.note("[1] no level")
    #expect(log.complaint == "line 8; line 9; [1] no level")
  }

  @Test func `arguments carry speed and loop`() throws {
    let target = try PublishTarget("http://127.0.0.1:1/live/test/in")
    var configuration = PublisherConfiguration(file: "/a/-b:c.mp4", target: target)
    #expect(
      configuration.arguments(speed: 2.5).joined(separator: " ").contains(
        "-stats_period 0.4 -protocol_whitelist file -readrate 2.5 -stream_loop -1 -i file:/a/-b:c.mp4"))
    configuration.play = .once
    #expect(!configuration.arguments(speed: 1).contains("-stream_loop"))
    #expect(target.isLoopback)
    #expect(try !PublishTarget("http://10.0.0.1:1/a").isLoopback)
  }
}

extension MediaTests {
  @Suite struct PublisherTests {
    private let tools = MediaTools()

    private func publisher(
      _ url: String, _ file: String, speed: Double = 20, _ change: (inout PublisherConfiguration) -> Void = { _ in }
    ) throws -> StreamPublisher {
      var configuration = PublisherConfiguration(file: file, target: try PublishTarget(url))
      change(&configuration)
      return StreamPublisher("in", configuration: configuration, clock: realClock(speed: speed), processGuard: tools.processGuard)
    }

    @Test(arguments: ["http", "rtmp", "rtsp"])
    func `a stream played once arrives whole, and the publisher has finished`(scheme: String) async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      try await tools.shortFilm(8, at: scratch.file("film.mp4"))
      let port = try Loopback.freePort()
      let url = "\(scheme)://127.0.0.1:\(port)/live/test/in"
      let listen = scheme == "rtsp" ? ["-rtsp_flags", "listen"] : ["-listen", "1"]
      let receiver = try await tools.receiver(listen + ["-i", url], into: scratch.file("out.mkv"))
      let collector = Collector()
      // The receiver may still be on its way.
      let publisher = try publisher(url, scratch.file("film.mp4"), speed: 10) {
        $0.play = .once
        $0.restart = .after(seconds: 2, attempts: 50)
      }
      await publisher.run(into: collector)
      #expect(await receiver.waitForExit() == .exited(0))
      guard case .finished(let seconds)? = collector.published.last else {
        Issue.record("\(collector.published)")
        return
      }
      #expect(abs(seconds - 8) < 0.1)
      #expect(collector.published.contains(.started(target: url)))
      let last = try #require(collector.publisherSamples.last)
      #expect(last.frames == 240)
      #expect(abs(try #require(last.speed) - 10) < 2)
      let arrived = try await FixtureProbe(processGuard: tools.processGuard).measure(scratch.file("out.mkv"))
      #expect(Set(arrived.violations().map(\.field)).isSubset(of: ["duration", "track lengths", "frames"]))
      // ffmpeg's rtsp muxer keeps the last AAC frames, which wait for a full packet, to itself.
      let (video, audio) = (try #require(arrived.facts.videoSeconds), try #require(arrived.facts.audioSeconds))
      #expect(abs(video - audio) < 0.15)
      #expect(abs(arrived.facts.durationSeconds - 8) < 0.1)
    }

    @Test func `loops are counted, time does not drift, and stop ends it`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = scratch.file("film.mp4")
      try await tools.make(["-i", CommittedFixture.path, "-t", "2", "-c", "copy", film])
      let port = try Loopback.freePort()
      let url = "http://127.0.0.1:\(port)/live/test/in"
      let receiver = try await tools.receiver(["-listen", "1", "-i", url], into: scratch.file("out.ts"))
      let collector = Collector()
      let publisher = try publisher(url, film) {
        $0.periodSeconds = 2
        $0.restart = .after(seconds: 4, attempts: 50)
      }
      let run = Task { await publisher.run(into: collector) }
      let looped = await eventually { collector.published.contains { if case .looped(let count) = $0 { count >= 6 } else { false } } }
      #expect(looped)
      let pids = MediaTools.running(film)
      #expect(pids.count == 1)
      await publisher.stop()
      await run.value
      #expect(collector.published.last == .stopped)
      #expect(MediaTools.running(film).isEmpty)
      _ = await receiver.waitForExit()

      let counts = collector.published.compactMap { if case .looped(let count) = $0 { count } else { nil } }
      #expect(counts == Array(counts.sorted()) && Set(counts).count == counts.count)
      #expect(collector.publisherSamples.contains { $0.bitsPerSecond ?? 0 > 50_000 })
      for (before, after) in zip(collector.publisherSamples, collector.publisherSamples.dropFirst()) where after.frames > 0 {
        #expect(after.frames >= before.frames && after.mediaSeconds >= before.mediaSeconds)
      }
      // Loop after loop frames stay a frame apart.
      let arrived = try await FixtureProbe(processGuard: tools.processGuard).measure(scratch.file("out.ts"))
      let frames = try #require(arrived.facts.videoSeconds) * 30
      #expect(frames > 300)
      #expect(abs(try #require(arrived.facts.audioSeconds) * 30 - frames) < 8)
    }

    @Test func `a killed publisher is said, with the signal`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = scratch.file("film.mp4")
      try await tools.shortFilm(2, at: film)
      let server = try await ScriptedServer { _ in .raw("", .keep) }
      let collector = Collector()
      let publisher = try publisher(server.url("/live/test/in"), film)
      let run = Task { await publisher.run(into: collector) }
      #expect(await eventually { collector.publisherSamples.count > 2 })
      for pid in MediaTools.running(film) { kill(pid, SIGKILL) }
      await run.value
      await server.stop()
      #expect(collector.published.last == .failed(reason: "ffmpeg ended by signal 9"))
    }

    @Test func `a server that goes away is said with ffmpeg's last lines`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      try await tools.shortFilm(2, at: scratch.file("film.mp4"))
      let server = try await ScriptedServer { _ in .raw("", .keep) }
      let collector = Collector()
      let publisher = try publisher(server.url("/live/test/in"), scratch.file("film.mp4"))
      let run = Task { await publisher.run(into: collector) }
      #expect(await eventually { collector.publisherSamples.count > 2 })
      await server.stop()
      await run.value
      let reason = try #require(collector.publisherFailures.last)
      #expect(reason.contains("ended with status 1: "), "\(reason)")
      #expect(reason.contains("Broken pipe") || reason.contains("reset by peer"), "\(reason)")
    }

    @Test func `what cannot be reached is tried as often as was asked`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      try await tools.shortFilm(2, at: scratch.file("film.mp4"))
      let port = try Loopback.freePort()
      let collector = Collector()
      let publisher = try publisher("rtmp://user:secret@127.0.0.1:\(port)/live/in", scratch.file("film.mp4")) {
        $0.restart = .after(seconds: 2, attempts: 2)
      }
      await publisher.run(into: collector)
      #expect(collector.publisherFailures.count == 3)
      #expect(collector.published.last == collector.publisherFailures.last.map { .failed(reason: $0) })
      #expect(collector.publisherFailures.allSatisfy { $0.contains("Connection refused") && !$0.contains("secret") })
      #expect(!"\(collector.published)".contains("secret"))
    }

    @Test func `a server that never answers is given up, and stop does not wait for it`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = scratch.file("film.mp4")
      try await tools.shortFilm(2, at: film)
      let server = try await ScriptedServer { _ in .raw("", .keep) }
      let collector = Collector()
      let url = "rtmp://127.0.0.1:\(server.port)/live/in"
      await (try publisher(url, film) { $0.stallSeconds = 0.4 }).run(into: collector)
      #expect(collector.publisherFailures.last?.contains("sent nothing for") == true, "\(collector.published)")

      let patient = try publisher(url, film) { $0.grace = 1 }
      let run = Task { await patient.run(into: collector) }
      #expect(await eventually { !MediaTools.running(film).isEmpty })
      await patient.stop()
      await run.value
      await server.stop()
      #expect(collector.published.last == .stopped)
      #expect(MediaTools.running(film).isEmpty)
    }

    @Test func `a missing file and a missing ffmpeg are said`() async throws {
      let collector = Collector()
      await (try publisher("http://127.0.0.1:1/a", "/no/such/film.mp4")).run(into: collector)
      #expect(collector.publisherFailures.last?.contains("No such file") == true)
      await (try publisher("http://127.0.0.1:1/a", "/no/such/film.mp4") { $0.ffmpeg = "no-such-ffmpeg" }).run(into: collector)
      #expect(collector.publisherFailures.last?.contains("install ffmpeg") == true)
    }

    @Test func `cancelling ends it as stop does, also between two attempts`() async throws {
      let collector = Collector()
      let publisher = try publisher("http://127.0.0.1:1/a", "/no/such/film.mp4", speed: 1) {
        $0.restart = .after(seconds: 600, attempts: 9)
      }
      let run = Task { await publisher.run(into: collector) }
      #expect(await eventually { !collector.publisherFailures.isEmpty })
      run.cancel()
      await run.value
      #expect(collector.published.last == .stopped)
      // Nothing runs any more: this returns at once.
      await publisher.stop()
    }
  }
}
