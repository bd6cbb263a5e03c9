import Events
import Foundation
import MediaSync
import ProcessGuard
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

extension MediaTests {
  /// Tracks that come late, never, elsewhere or twice; packets without presentation times; rates and speeds of every kind.
  @Suite(.serialized) struct StreamProbeTrackTests {
    private let tools = MediaTools()

    private struct Reading {
      var totals: StreamProbe.Totals
      var happenings: [StreamHappening]
      var marks: [ContentMark] { happenings.compactMap { if case .mark(let mark) = $0 { mark } else { nil } } }
      var defects: [StreamDefect] { happenings.compactMap { if case .defect(let defect) = $0 { defect } else { nil } } }
    }

    private func read(_ address: String) async throws -> Reading {
      let collector = Collector()
      let probe = StreamProbe(
        StreamTarget(name: "film", address: try StreamAddress(address)),
        options: StreamProbeOptions(mode: .once(mediaSeconds: nil), grace: 0.5), clock: realClock(), processGuard: tools.processGuard)
      await probe.run(into: collector)
      return Reading(totals: await probe.totals, happenings: collector.streamed)
    }

    /// A film of 22 s, small: quickly made and read.
    private func film(_ scratch: Scratch) async throws -> String {
      let film = scratch.file("film.mp4")
      try await tools.make([
        "-t", "22", "-i", CommittedFixture.path, "-vf", "scale=320:180", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "30",
        "-c:a", "copy", film,
      ])
      return film
    }

    /// Two files one behind the other, as MPEG-TS may be.
    private func join(_ first: String, _ second: String, _ scratch: Scratch, as name: String) throws -> String {
      let url = URL(fileURLWithPath: scratch.file(name))
      try (Data(contentsOf: URL(fileURLWithPath: first)) + Data(contentsOf: URL(fileURLWithPath: second))).write(to: url)
      return url.path
    }

    /// Seconds of a film as MPEG-TS, in their own place.
    private func piece(_ film: String, from: Int, to: Int, _ scratch: Scratch, _ arguments: [String] = []) async throws -> String {
      let file = scratch.file("piece-\(from).ts")
      try await tools.make(
        ["-ss", "\(from)", "-t", "\(to - from)", "-i", film] + arguments
          + ["-c", "copy", "-output_ts_offset", "\(from)", "-f", "mpegts", file])
      return file
    }

    @Test func `a track that is announced late is read, from a file and from a server`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      let file = try join(
        try await piece(film, from: 0, to: 8, scratch, ["-an"]), try await piece(film, from: 8, to: 22, scratch), scratch, as: "late.ts")
      let answer =
        Array("HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n".utf8)
        + (try Data(contentsOf: URL(fileURLWithPath: file)))
      let server = try await ScriptedServer { _ in Reply(bytes: answer, afterwards: .close) }
      for address in [file, server.url("/late.ts")] {
        let reading = try await read(address)
        // Of an answer without a length nobody can say whether its end is the stream's.
        #expect((reading.totals.failure == nil) == (address == file), "\(address)")
        #expect(reading.totals.videoPackets > 600 && reading.totals.audioPackets > 600, "\(address): \(reading.totals)")
        let late = try #require(reading.defects.last { $0.kind == .late }, "\(address): \(reading.defects)")
        #expect(late.track == .audio && abs((late.seconds ?? 0) - 8) < 0.1)
        #expect(reading.marks.count >= 5 && reading.marks.allSatisfy { abs($0.offsetMilliseconds) < 15 }, "\(address): \(reading.marks)")
      }
      await server.stop()
    }

    @Test(arguments: [MediaTrack.video, .audio]) func `a track that never sends anything is named, and the other one read`(
      track: MediaTrack
    ) async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let file = scratch.file("silent.ts")
      let letter = track == .video ? "v" : "a"
      try await tools.make(["-i", try await film(scratch), "-c", "copy", "-bsf:\(letter)", "noise=drop=1", "-f", "mpegts", file])
      let reading = try await read(file)
      #expect(reading.totals.failure == nil)
      #expect(reading.defects.contains { $0.kind == .silent && $0.track == track }, "\(reading.defects)")
      let (read, silent) =
        track == .video
        ? (reading.totals.audioPackets, reading.totals.videoPackets) : (reading.totals.videoPackets, reading.totals.audioPackets)
      #expect(read > 600 && silent == 0)
    }

    @Test func `a track that is announced at once and comes late is waited for`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let file = scratch.file("later.ts")
      try await tools.make(["-i", try await film(scratch), "-c", "copy", "-bsf:a", "noise=drop='lt(pts,720000)'", "-f", "mpegts", file])
      let reading = try await read(file)
      #expect(reading.totals.failure == nil && reading.totals.audioPackets > 600, "\(reading.totals)")
      #expect(reading.defects.contains { $0.kind == .late && $0.track == .audio && abs(($0.seconds ?? 0) - 8) < 0.1 }, "\(reading.defects)")
    }

    @Test func `a program map that changes is named, and how much was read`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      let file = try join(
        try await piece(film, from: 0, to: 11, scratch),
        try await piece(film, from: 11, to: 22, scratch, ["-streamid", "0:512", "-streamid", "1:513"]), scratch, as: "map.ts")
      let reading = try await read(file)
      #expect(reading.defects.contains { $0.kind == .replaced }, "\(reading.defects)")
      #expect(abs(reading.totals.mediaSeconds - 11) < 0.2)
    }

    @Test func `the second language is listed, and read where it is asked for`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      let file = scratch.file("two.ts")
      try await tools.make([
        "-i", film, "-itsoffset", "0.4", "-i", film, "-map", "0:v", "-map", "0:a", "-map", "1:a", "-c", "copy", "-metadata:s:a:0",
        "language=eng", "-metadata:s:a:1", "language=deu", "-f", "mpegts", file,
      ])
      let first = try await read(file)
      let audio = first.totals.facts?.tracks?.filter { $0.kind == "audio" }
      #expect(audio?.map(\.language) == ["eng", "deu"] && audio?.map(\.codec) == ["aac", "aac"])
      #expect(first.marks.count >= 12 && first.marks.allSatisfy { abs($0.offsetMilliseconds) < 15 })
      let second = try await read(file + "#audio=1")
      #expect(second.marks.count >= 12 && second.marks.allSatisfy { abs($0.offsetMilliseconds - 400) < 15 }, "\(second.marks)")
      #expect(try await read(file + "#audio=2").totals.facts?.audioCodec == nil)
    }

    /// What ffmpeg makes of the film, and beep minus flash by the time since the first picture, in milliseconds.
    typealias Kind = (name: String, arguments: [String], offset: @Sendable (Double) -> Double)

    static let rates: [Kind] = [
      ("no presentation times", ["-c", "copy", "-f", "avi"], { _ in 0 }),
      ("8 kHz", ["-c:v", "copy", "-ar", "8000", "-c:a", "aac", "-f", "mp4"], { _ in 0 }),
      ("8 kHz, µ-law", ["-c:v", "copy", "-ar", "8000", "-ac", "1", "-c:a", "pcm_mulaw", "-f", "matroska"], { _ in 0 }),
      ("22.05 kHz", ["-c:v", "copy", "-ar", "22050", "-c:a", "aac", "-f", "mp4"], { _ in 0 }),
      ("96 kHz", ["-c:v", "copy", "-ar", "96000", "-c:a", "aac", "-f", "mp4"], { _ in 0 }),
    ]

    static let speeds: [Kind] = [0.91875, 0.96, 0.985, 1.03, 1.0884].map { (speed: Double) -> Kind in
      ("sound at \(speed)", ["-c", "copy", "-bsf:a", "setts=ts=TS*\(speed)", "-f", "mp4"], { time in time * (speed - 1) * 1000 })
    }

    @Test func `offset and speed are right at every rate and speed`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      for (index, kind) in (Self.rates + Self.speeds).enumerated() {
        let file = scratch.file("\(index).media")
        try await tools.make(["-i", film] + kind.arguments + [file])
        let reading = try await read(file)
        #expect(reading.totals.failure == nil, "\(kind.name)")
        #expect(reading.marks.count >= 12, "\(kind.name): \(reading.marks.count)")
        for mark in reading.marks {
          #expect(
            abs(mark.offsetMilliseconds - kind.offset(mark.videoPTS)) < 15, "\(kind.name): \(mark), not \(kind.offset(mark.videoPTS))")
        }
        let fit = try #require(reading.totals.fit, "\(kind.name)")
        #expect(abs(fit.speedPPM - kind.offset(1) * 1000) < 300 && fit.isSpeedOff == (kind.offset(1) != 0), "\(kind.name): \(fit)")
        #expect(reading.defects.contains { $0.kind == .unplaced } == (index == 0), "\(kind.name): \(reading.defects)")
        // What the packets' times say of the rate stands beside what the header does.
        let share = try #require(reading.totals.decodedShare, "\(kind.name)")
        #expect(abs(share * (1 + kind.offset(1) / 1000) - 1) < 0.008, "\(kind.name): \(share)")
        #expect(abs((reading.totals.countedFrameRate ?? 0) - 30) < 0.3, "\(kind.name)")
      }
    }
  }
}

@Suite struct TrackCoverageTests {
  @Test func `a silent track is looked for longer once, then left out`() throws {
    var coverage = TrackCoverage()
    var command = ProbeCommandLine(address: try StreamAddress("x.ts"), searchesMarks: true)
    func note(_ track: MediaTrack) -> [Bool] {
      [coverage.note(silent: track, isFile: false), coverage.takeReopening(), coverage.takeReopening()]
    }
    #expect(note(.video) == [true, true, false])
    coverage.prepare(&command)
    let early = coverage.takeSilent()
    #expect(command.analyzeSeconds == 10 && command.tracks == [.video, .audio] && early.isEmpty)
    #expect(note(.video) == [true, true, false])
    coverage.prepare(&command)
    #expect(command.tracks == [.audio])
    #expect(!command.arguments.contains("0:v:0?") && command.arguments.contains("0:a:0?"))
    let told = coverage.takeSilent()
    #expect(told.map(\.track) == [.video])
    // Where nothing is left it is over.
    #expect(note(.audio) == [true, true, false])
    #expect(note(.audio) == [false, false, false])
  }

  @Test func `what was left out is looked for again, once`() {
    var coverage = TrackCoverage()
    var due = [coverage.isRelookDue(now: RunInstant(seconds: 900), isPaced: true)]
    for _ in 0..<2 {
      _ = coverage.note(silent: .audio, isFile: false)
      _ = coverage.takeReopening()
    }
    for second in [1.0, 20, 32, 33, 100] { due.append(coverage.isRelookDue(now: RunInstant(seconds: second), isPaced: true)) }
    #expect(due == [false, false, false, true, false, false])
  }

  @Test func `a stream is opened anew for a later track twice at most, a file that plays never`() {
    var coverage = TrackCoverage()
    var may = [coverage.canReopen(for: .audio, after: 8, isFile: true, isPaced: true)]
    for _ in 0..<3 { may.append(coverage.canReopen(for: .audio, after: 8, isFile: false, isPaced: true)) }
    #expect(may == [false, true, true, false])
  }

  @Test(arguments: [
    ("[mpegts @ 0x55d5] [warning] New audio stream 0:1 at pos:86104 and DTS:8s", MediaTrack.audio),
    ("[mpegts @ 0x55d5] [warning] New video stream 0:2 at pos:1 and DTS:8.02s", .video),
    ("[mpegts @ 0x55d5] [warning] New data stream 0:2 at pos:1 and DTS:8.02s", nil), ("[info] New audio stream", nil),
  ]) func `a track that comes later is heard of`(line: String, track: MediaTrack?) { #expect(FFmpegWords.newTrack(line)?.track == track) }

  @Test(arguments: [
    ("Stream ends prematurely at 440108, should be 18446744073709551615", "nothing says whether the stream was over"),
    ("Connection to tcp://127.0.0.1:1 failed: Connection refused", "connection refused"),
    ("moov atom not found; x.mp4: Invalid data found when processing input", "no index (moov)"),
    ("something new", "ffmpeg says \"something new\""),
  ]) func `what ffmpeg complains of is said in plain words`(complaint: String, words: String) {
    #expect(FFmpegWords.plain(complaint).contains(words))
  }

  @Test func `the choice of an audio track is no part of the address`() throws {
    let address = try StreamAddress("http://h/live.ts?a=1#audio=2")
    #expect(address.audioIndex == 2 && address.arguments.last == "http://h/live.ts?a=1")
    #expect("\(address)" == "http://h/live.ts?a=1 (audio track 2)" && address.defaultName == "live.ts")
    for text in ["x.ts#audio=-1", "x.ts#audio=64", "x.ts#audio=b", "#audio=1"] {
      #expect(throws: (any Error).self, "\(text)") { try StreamAddress(text) }
    }
  }

  @Test func `every track of a container is listed`() {
    var description = InputDescription()
    description.audioIndex = 1
    for line in [
      "[info] Input #0, mpegts, from 'x.ts':", "[info]   Duration: 01:02:03.50, start: 1.400000, bitrate: 135 kb/s",
      "[info]   Stream #0:0[0x100]: Video: h264 ([27][0][0][0] / 0x001B), none, 90k tbr, 90k tbn",
      "[info]   Stream #0:1[0x101](eng): Audio: aac (LC) ([15][0][0][0] / 0x000F), 48000 Hz, stereo, fltp, 2 kb/s",
      "[info]   Stream #0:2[0x102](deu): Audio: ac3 (AC-3 / 0x332D4341), 44100 Hz, mono, fltp, 2 kb/s",
      "[info]   Stream #0:3[0x103](und): Data: timed_id3 (ID3  / 0x20334449)",
    ] { description.note(line) }
    #expect(description.claimedSeconds == 3723.5)
    #expect(description.facts.audioCodec == "ac3" && description.facts.sampleRate == 44100 && description.facts.channels == 1)
    #expect(
      description.tracks == [
        TrackFacts(kind: "video", codec: "h264", isSeen: false), TrackFacts(kind: "audio", language: "eng", codec: "aac"),
        TrackFacts(kind: "audio", language: "deu", codec: "ac3"), TrackFacts(kind: "data", codec: "timed_id3"),
      ])
  }

  @Test func `a packet without a presentation time keeps its decoding time`() {
    let line = "0, 100000000000007, 200000000126000, 2199023255552,     7771, 0x4668853c, F=0x0"
    #expect(ProbeLine(line) == .packet(stream: 0, pts: nil, dts: 126000, isKeyFrame: false, byteCount: 7771))
  }
}
