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
        #expect(reading.defects.contains { $0.kind == .appeared && $0.track == .audio && abs(($0.seconds ?? 0) - 8) < 0.1 })
      }
      #expect(server.connections == 1, "one connection, whatever comes")
      await server.stop()
    }

    @Test func `a film that plays is read on where its sound is announced late, and never stalls`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      let file = try join(
        try await piece(film, from: 0, to: 8, scratch, ["-an"]), try await piece(film, from: 8, to: 22, scratch), scratch, as: "late.ts")
      let collector = Collector()
      let probe = StreamProbe(
        StreamTarget(name: "film", address: try StreamAddress(file), intervalSeconds: 0.5), clock: realClock(speed: 4),
        processGuard: tools.processGuard)
      await probe.run(into: collector)
      let totals = await probe.totals
      #expect(totals.failure == nil && totals.audioPackets > 600 && abs(totals.mediaSeconds - 22) < 0.2, "\(totals)")
      let defects = collector.streamed.compactMap { if case .defect(let defect) = $0 { defect } else { nil } }
      // Where two files meet, their packets are not counted on.
      #expect(defects.map(\.kind).filter { $0 != .losses } == [.appeared, .late], "\(defects)")
      #expect(totals.content == .found)
      #expect(!collector.streamed.contains { if case .closed(let reason) = $0 { reason != "end of the stream" } else { false } })
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

    @Test func `a program map that changes is named, and what comes behind it is read on the same connection`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      let file = try join(
        try await piece(film, from: 0, to: 11, scratch),
        try await piece(film, from: 11, to: 22, scratch, ["-streamid", "0:512", "-streamid", "1:513"]), scratch, as: "map.ts")
      let answer =
        Array("HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n".utf8)
        + (try Data(contentsOf: URL(fileURLWithPath: file)))
      let server = try await ScriptedServer { _ in Reply(bytes: answer, afterwards: .close) }
      for address in [file, server.url("/map.ts")] {
        let reading = try await read(address)
        let replaced = try #require(reading.defects.first { $0.kind == .replaced }, "\(reading.defects)")
        #expect(abs((replaced.seconds ?? 0) - 11) < 0.1)
        #expect(abs(reading.totals.mediaSeconds - 22) < 0.2, "\(reading.totals)")
        #expect(reading.marks.count >= 12 && reading.marks.allSatisfy { abs($0.offsetMilliseconds) < 15 }, "\(reading.marks)")
      }
      #expect(server.connections == 1)
      await server.stop()
    }

    @Test func `sound that changes its codec on the way is read on with another decoder`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      let second = scratch.file("second.ts")
      try await tools.make([
        "-ss", "11", "-i", film, "-c:v", "copy", "-c:a", "mp2", "-b:a", "96k", "-output_ts_offset", "11", "-f", "mpegts", second,
      ])
      let reading = try await read(try join(try await piece(film, from: 0, to: 11, scratch), second, scratch, as: "codec.ts"))
      #expect(reading.totals.failure == nil && abs(reading.totals.mediaSeconds - 22) < 0.2, "\(reading.totals)")
      #expect(reading.totals.facts?.audioCodec == "mp2")
      #expect(reading.marks.count >= 11 && reading.marks.allSatisfy { abs($0.offsetMilliseconds) < 20 }, "\(reading.marks)")
    }

    @Test func `packets of 192 and 204 bytes, and garbage between them, are read from a file`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let plain = try Data(contentsOf: URL(fileURLWithPath: try await piece(try await film(scratch), from: 0, to: 22, scratch)))
      for (before, behind, garbage) in [(4, 0, false), (0, 16, false), (0, 0, true)] {
        var bytes = Data()
        for (number, at) in stride(from: 0, to: plain.count, by: 188).enumerated() {
          bytes += Data(repeating: 0x11, count: before) + plain[at..<(at + 188)] + Data(repeating: 0x22, count: behind)
          if garbage, number % 500 == 499 { bytes += Data(repeating: 0x47, count: 333) }
        }
        let file = URL(fileURLWithPath: scratch.file("spaced.ts"))
        try bytes.write(to: file)
        let reading = try await read(file.path)
        #expect(reading.totals.failure == nil && abs(reading.totals.mediaSeconds - 22) < 0.2, "\(reading.totals)")
        #expect(reading.marks.count >= 12 && reading.marks.allSatisfy { abs($0.offsetMilliseconds) < 15 }, "\(reading.marks)")
        #expect(reading.defects.contains { $0.kind == .garbage } == garbage, "\(reading.defects)")
      }
    }

    @Test func `half a picture a second is read, and scored where its pictures lie`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await film(scratch)
      for container in ["mpegts", "mp4"] {
        let file = scratch.file("half.\(container)")
        try await tools.make([
          "-i", film, "-vf", "fps=0.5", "-c:v", "libx264", "-preset", "ultrafast", "-g", "1", "-c:a", "copy", "-f", container, file,
        ])
        let reading = try await read(file)
        #expect(reading.totals.failure == nil && (10...11).contains(reading.totals.videoPackets), "\(container): \(reading.totals)")
        // Of the flashes nearly all fall between two pictures: nothing may be told of them.
        #expect(reading.marks.isEmpty && reading.totals.content != .found)
        for case .alignment(let measurement, isScored: true) in reading.happenings {
          #expect(abs(measurement.deltaMilliseconds) < 25, "\(container): \(measurement)")
        }
      }
    }

    @Test func `a damaged stream costs a sentence, never the program`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let plain = try Data(contentsOf: URL(fileURLWithPath: try await piece(try await film(scratch), from: 0, to: 8, scratch)))
      var random = SplitMix(seed: 1313)
      for round in 0..<6 {
        var bytes = plain
        for _ in 0..<(10 << round) {
          let at = Int.random(in: 0..<bytes.count, using: &random)
          if Bool.random(using: &random) {
            bytes[at] = UInt8.random(in: 0...255, using: &random)
          } else {
            bytes.replaceSubrange(at..<min(bytes.count, at + Int.random(in: 1...300, using: &random)), with: [])
          }
        }
        let file = URL(fileURLWithPath: scratch.file("damaged.ts"))
        try bytes.write(to: file)
        let reading = try await read(file.path)
        #expect(reading.defects.contains { [.losses, .garbage, .tables].contains($0.kind) } || reading.totals.failure != nil)
        #expect(reading.totals.mediaSeconds > 0 || reading.totals.failure != nil, "\(round): \(reading.totals)")
      }
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
