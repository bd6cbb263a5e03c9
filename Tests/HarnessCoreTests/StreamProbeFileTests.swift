import Events
import Foundation
import MediaSync
import ProcessGuard
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

extension MediaTests {
  /// Files that ffmpeg makes of the test stream, with something wrong that is known exactly.
  @Suite(.serialized) struct StreamProbeFileTests {
    /// What a file must read as.
    struct Case: Sendable, CustomTestStringConvertible {
      var name: String
      /// ffmpeg's arguments after the first input, the film, with `SECOND` for another one.
      var arguments: [String]
      /// Beep minus flash at a time since the first video packet, in milliseconds; nil for no such figure.
      var offset: (@Sendable (Double) -> Double)?
      var content = ContentState.found
      var happens: (@Sendable (StreamHappening) -> Bool)?
      /// Whether ffprobe reads its times as they are meant.
      var isComparable = true
      var testDescription: String { name }
    }

    static func shift(_ milliseconds: Int, _ container: String) -> Case {
      Case(
        name: "audio \(milliseconds) ms, \(container)",
        arguments: [
          "-itsoffset", "\(Double(milliseconds) / 1000)", "-i", "SECOND", "-map", "0:v", "-map", "1:a", "-c", "copy", "-f", container,
        ],
        offset: { _ in Double(milliseconds) })
    }

    static let cases: [Case] =
      ["mpegts", "mp4", "flv"].flatMap { container in [-2500, -800, -200, -40, 0, 40, 200, 800, 2500].map { shift($0, container) } }
      + ["mp4", "flv"].map { container in
        Case(
          name: "drift of 1 ms/s, \(container)", arguments: ["-c", "copy", "-bsf:a", "setts=ts=TS*1.001", "-f", container], offset: { $0 })
      } + [
        Case(
          name: "drift of 1 ms/s", arguments: ["-c", "copy", "-bsf:a", "setts=ts=TS*1.001", "-f", "mpegts"], offset: { $0 }),
        Case(
          name: "a wrap inside", arguments: ["-c", "copy", "-output_ts_offset", "95436", "-f", "mpegts"], offset: { _ in 0 },
          happens: { $0 == .wrap(.video) }),
        // ffmpeg writes 31 bits of milliseconds. Its own reader does not put them right: there is nothing to compare with.
        Case(
          name: "a wrap inside, flv", arguments: ["-c", "copy", "-output_ts_offset", "2147475", "-f", "flv"], offset: { _ in 0 },
          happens: { $0 == .wrap(.video) }, isComparable: false),
        // 8 to 10 s, in MPEG-TS's unit.
        Case(
          name: "a hole of 2 s",
          arguments: [
            "-c", "copy", "-bsf:v", "noise=drop='between(pts,720000,900000)'", "-bsf:a", "noise=drop='between(pts,720000,900000)'", "-f",
            "mpegts",
          ],
          offset: { _ in 0 },
          happens: { if case .gap(.audio, let seconds, _) = $0 { abs(seconds - 2) < 0.05 } else { false } }),
        Case(
          name: "B-frames", arguments: ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "30", "-c:a", "copy", "-f", "mpegts"],
          offset: { _ in 0 }),
        Case(
          name: "B-frames, flv",
          arguments: ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "30", "-c:a", "copy", "-f", "flv"],
          offset: { _ in 0 }),
        Case(name: "no audio, flv", arguments: ["-an", "-c", "copy", "-f", "flv"], content: .noMarks),
        Case(name: "no audio", arguments: ["-an", "-c", "copy", "-f", "mpegts"], content: .noMarks),
        Case(name: "no video", arguments: ["-vn", "-c", "copy", "-f", "mpegts"], content: .noMarks),
        Case(
          name: "out of range",
          arguments: ["-itsoffset", "5", "-i", "SECOND", "-map", "0:v", "-map", "1:a", "-c", "copy", "-f", "mpegts"], content: .outOfRange),
      ]

    @Test func `reads every file for what it is`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let tools = MediaTools()
      let film = scratch.file("film.mp4")
      try await tools.make([
        "-t", "22", "-i", CommittedFixture.path, "-vf", "scale=320:180", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "30",
        "-c:a", "copy", film,
      ])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, one) in Self.cases.enumerated() {
          // Two at a time: one ffmpeg and its reader take a core.
          if index >= 2 { try await group.next() }
          group.addTask { try await Self.check(one, film, scratch.file("\(index).media"), tools) }
        }
        try await group.waitForAll()
      }
    }

    private static func check(_ one: Case, _ film: String, _ file: String, _ tools: MediaTools) async throws {
      try await tools.make(["-i", film] + one.arguments.map { $0 == "SECOND" ? film : $0 } + [file])
      let collector = Collector()
      let probe = StreamProbe(
        StreamTarget(name: "film", address: try StreamAddress(file)), options: StreamProbeOptions(mode: .once(mediaSeconds: nil)),
        clock: realClock(), processGuard: tools.processGuard)
      await probe.run(into: collector)
      let happenings = collector.streamed
      let totals = await probe.totals
      #expect(totals.failure == nil, "\(one.name)")
      #expect(totals.content == one.content, "\(one.name): \(happenings)")
      let marks = happenings.compactMap { if case .mark(let mark) = $0 { mark } else { nil } }
      let packets = try await packets(of: file, tools)
      let begin = packets.video.map(\.pts).min() ?? 0
      if let offset = one.offset {
        #expect(marks.count >= 12, "\(one.name): \(marks.count) marks")
        for mark in marks {
          let truth = offset(mark.videoPTS - begin)
          #expect(abs(mark.offsetMilliseconds - truth) < 15, "\(one.name): \(mark) instead of \(truth)")
        }
        #expect(happenings.contains { if case .contentOffset = $0 { true } else { false } }, "\(one.name)")
      } else {
        #expect(marks.isEmpty, "\(one.name)")
      }
      if let happens = one.happens { #expect(happenings.contains(where: happens), "\(one.name): \(happenings)") }
      guard one.isComparable else { return }
      let measured = happenings.compactMap { happening -> SyncMeasurement? in
        if case .alignment(let measurement, isScored: true) = happening { measurement } else { nil }
      }
      let expected = alignment(packets)
      #expect(measured.count == expected.count, "\(one.name): \(measured) instead of \(expected)")
      for (left, right) in zip(measured, expected) {
        #expect(left.segmentIndex == right.segmentIndex, "\(one.name)")
        // ffprobe prints microseconds.
        #expect(abs(left.videoPTS - right.videoPTS) < 2e-6 && abs(left.audioPTS - right.audioPTS) < 2e-6, "\(one.name): \(left) \(right)")
      }
    }

    struct Packets {
      var video: [(pts: Double, isKey: Bool)] = []
      var audio: [Double] = []
    }

    /// Every packet, as ffprobe lists them.
    private static func packets(of file: String, _ tools: MediaTools) async throws -> Packets {
      let lines = Collected<String>()
      let request = ChildRequest(
        "ffprobe", ["-v", "error", "-show_entries", "packet=codec_type,pts_time,flags", "-of", "compact=p=0", "file:" + file])
      let outcome = try await ToolRun(processGuard: tools.processGuard).run(request, limit: 60) { lines.add($0) }
      try #require(outcome.exit == .exited(0))
      var packets = Packets()
      for line in lines.all {
        var fields: [Substring: Substring] = [:]
        for part in line.split(separator: "|") {
          let pair = part.split(separator: "=", maxSplits: 1)
          if pair.count == 2 { fields[pair[0]] = pair[1] }
        }
        guard let pts = fields["pts_time"].flatMap({ Double($0) }) else { continue }
        if fields["codec_type"] == "video" {
          packets.video.append((pts, fields["flags"]?.hasPrefix("K") == true))
        } else {
          packets.audio.append(pts)
        }
      }
      return packets
    }

    /// The data model's rule, without any hurry: all packets are there.
    private static func alignment(_ packets: Packets) -> [SyncMeasurement] {
      guard let audioBegin = packets.audio.min(), let last = packets.video.map(\.pts).max(),
        let origin = packets.video.first(where: { $0.isKey && $0.pts >= audioBegin - 0.05 })?.pts
      else { return [] }
      var all: [SyncMeasurement] = []
      while origin + Double(all.count) * 6 <= last + 1e-6 {
        let boundary = origin + Double(all.count) * 6
        // Of two that lie equally far, as far as microseconds tell, the earlier one.
        let nearest = { (times: [Double]) in
          let distance = times.map { abs($0 - boundary) }.min() ?? .nan
          return times.first { abs($0 - boundary) <= distance + 1.5e-6 } ?? .nan
        }
        all.append(
          SyncMeasurement(segmentIndex: all.count, videoPTS: nearest(packets.video.map(\.pts)), audioPTS: nearest(packets.audio)))
      }
      return all
    }

    @Test func `keeps up with a stream that plays`() async throws {
      let collector = Collector()
      let probe = StreamProbe(
        StreamTarget(name: "fixture", address: try StreamAddress(CommittedFixture.path), intervalSeconds: 0.5), clock: realClock(speed: 4),
        processGuard: MediaTools().processGuard)
      await running(probe, collector) {
        #expect(await eventually(within: 30) { collector.streamed.contains { if case .contentOffset = $0 { true } else { false } } })
      }
      // The first segment's figure needs its last beep, and some seconds to be sure of the first.
      let told = collector.streamSamples.compactMap(\.videoPTS).last ?? 0
      #expect(told < 20, "told at \(told) s of a stream that lasts 60 s")
      #expect(collector.streamSamples.contains { ($0.bitsPerSecond ?? 0) > 100_000 && abs(($0.framesPerSecond ?? 0) - 30) < 15 })
    }

    @Test func `reads the fixture itself`() async throws {
      let tools = MediaTools()
      let collector = Collector()
      let probe = StreamProbe(
        StreamTarget(name: "fixture", address: try StreamAddress(CommittedFixture.path), probesContent: false),
        options: StreamProbeOptions(mode: .once(mediaSeconds: nil)), clock: realClock(), processGuard: tools.processGuard)
      await probe.run(into: collector)
      let totals = await probe.totals
      #expect(totals.facts?.videoCodec == "h264" && totals.facts?.width == 1280 && totals.facts?.framesPerSecond == 30)
      #expect(totals.facts?.audioCodec == "aac" && totals.facts?.sampleRate == 48000 && totals.facts?.channels == 2)
      #expect(totals.videoPackets == 1800 && totals.content == .off)
      #expect(abs(totals.mediaSeconds - 60) < 0.1)
      #expect(collector.streamed.count { if case .alignment(_, isScored: true) = $0 { true } else { false } } == 10)
    }
  }
}

extension Collector {
  var streamed: [StreamHappening] {
    happenings.compactMap { if case .stream(let what) = $0.kind { what } else { nil } }
  }
  var streamSamples: [StreamSample] {
    events.compactMap { if case .sample(.stream(let sample)) = $0 { sample } else { nil } }
  }
}
