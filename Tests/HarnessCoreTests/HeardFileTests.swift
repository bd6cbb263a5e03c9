import Events
import Foundation
import MediaSync
import TestSupport
import Testing
import TransportStream

@testable import HarnessCore

extension MediaTests {
  /// Files whose sound was put together so that it is known what is to be heard of each segment.
  @Suite(.serialized) struct HeardFileTests {
    private let tools = MediaTools()

    private func heard(_ path: String) async throws -> [HeardSegment] {
      let probe = StreamProbe(
        StreamTarget(name: "film", address: try StreamAddress(path)), options: StreamProbeOptions(mode: .once(mediaSeconds: nil)),
        clock: realClock(), processGuard: tools.processGuard)
      let collector = Collector()
      await probe.run(into: collector)
      #expect(await probe.totals.failure == nil)
      return collector.streamed.compactMap { if case .heard(let segment) = $0 { segment } else { nil } }
    }

    /// The committed dub track's two voices as files of their own.
    private func voices(in scratch: Scratch) throws -> (original: String, dub: String) {
      var splitter = ADTSSplitter()
      let bytes = try #require(FileManager.default.contents(atPath: DubTrack.path(beside: CommittedFixture.path)))
      let frames = splitter.split([UInt8](bytes), pts: 0).map(\.bytes)
      let half = frames.count / 2
      for (name, part) in [("original.aac", frames[..<half]), ("dub.aac", frames[half...])] {
        try Data(part.flatMap(\.self)).write(to: URL(fileURLWithPath: scratch.file(name)))
      }
      return (scratch.file("original.aac"), scratch.file("dub.aac"))
    }

    @Test func `the committed stream is heard in the original voice, and its dub track is the dub of it`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = try await heard(CommittedFixture.path)
      #expect(film.map(\.segmentIndex) == Array(0..<10))
      #expect(film.allSatisfy { $0.voice == .original && $0.place == .own && $0.original == $0.marks && $0.marks >= 4 }, "\(film)")

      let track = try DubTrack(
        [UInt8](#require(FileManager.default.contents(atPath: DubTrack.path(beside: CommittedFixture.path)))))
      try await tools.make(["-i", CommittedFixture.path, "-vn", "-c", "copy", "-f", "adts", scratch.file("film.aac")])
      let sound = [UInt8](try #require(FileManager.default.contents(atPath: scratch.file("film.aac"))))
      let dub = try #require(track.dub(of: sound))
      #expect(dub.frames == 2812 && dub.unknown == 0)
      try Data(dub.sound).write(to: URL(fileURLWithPath: scratch.file("dub.aac")))
      let dubbed = scratch.file("dubbed.ts")
      try await tools.make(
        ["-i", CommittedFixture.path, "-i", scratch.file("dub.aac"), "-map", "0:v", "-map", "1:a", "-c", "copy", "-f", "mpegts", dubbed])
      let heard = try await heard(dubbed)
      #expect(heard.map(\.segmentIndex) == Array(0..<10))
      #expect(heard.allSatisfy { $0.isDubbed && $0.dubbed == $0.marks && abs($0.offsetMilliseconds ?? 99) < 15 }, "\(heard)")
    }

    @Test(arguments: ["mpegts", "flv", "mp4"]) func `what was planted is heard after the worst re-encoding`(container: String) async throws
    {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let voices = try voices(in: scratch)
      let film = scratch.file("planted.\(container)")
      // Segment 2 is the original, 4 is silent, and in the place of 6 segment 5 is heard once more.
      let mix =
        "[1:a]asplit[one][two];[one]volume=0:enable='between(t,12,18)+between(t,24,30)+between(t,36,42)'[dub];"
        + "[2:a]volume=0:enable='not(between(t,12,18))'[original];[two]adelay=6000:all=1,volume=0:enable='not(between(t,36,42))'[again];"
        + "[dub][original][again]amix=inputs=3:normalize=0:duration=first[sound]"
      try await tools.make([
        "-i", CommittedFixture.path, "-i", voices.dub, "-i", voices.original, "-filter_complex", mix, "-map", "0:v", "-map", "[sound]",
        "-vf",
        "scale=320:180", "-c:v", container == "flv" ? "flv1" : "libx264", "-b:v", "300k", "-g", "30", "-c:a", "aac", "-ac", "1", "-b:a",
        "64k", "-t", "60", "-f", container, film,
      ])
      let heard = try await heard(film)
      #expect(heard.map(\.segmentIndex) == Array(0..<10), "\(container)")
      for segment in heard {
        let words =
          switch segment.segmentIndex {
          case 2: "the original"
          case 4: "silent, its sound is lost"
          case 6: "segment 5 once more, its own sound is lost"
          default: "dubbed"
          }
        #expect(segment.words == words, "\(container): \(segment)")
      }
    }
  }
}
