import Events
import Foundation
import MediaSync
import TestSupport
import Testing

@testable import HarnessCore

extension MediaTests {
  /// Files that are silent, black and frozen where it is known, after the worst re-encoding.
  @Suite(.serialized) struct QualityFileTests {
    private let tools = MediaTools()

    private func read(_ path: String) async throws -> (spans: [StreamSpan], quality: StreamQuality?) {
      let probe = StreamProbe(
        StreamTarget(name: "film", address: try StreamAddress(path)), options: StreamProbeOptions(mode: .once(mediaSeconds: nil)),
        clock: realClock(), processGuard: tools.processGuard)
      let collector = Collector()
      await probe.run(into: collector)
      let totals = await probe.totals
      #expect(totals.failure == nil && totals.complaints == 0)
      return (collector.streamed.compactMap { if case .span(let span) = $0 { span } else { nil } }, totals.quality)
    }

    @Test func `nothing is found in the committed stream, and its loudness is what ffmpeg measures`() async throws {
      let (spans, quality) = try await read(CommittedFixture.path)
      #expect(spans.isEmpty, "\(spans)")
      // ffmpeg -i dubwatch-60s.mp4 -af ebur128 -f null -: I: -12.6 LUFS.
      #expect(abs((quality?.integratedLUFS ?? 0) + 12.6) < 0.1, "\(String(describing: quality))")
      #expect(abs((quality?.pictureSeconds ?? 0) - 60) < 0.5 && abs((quality?.soundSeconds ?? 0) - 60) < 0.5)
    }

    @Test func `a black picture of ten bits is black`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = scratch.file("ten.mp4")
      try await tools.make([
        "-i", CommittedFixture.path, "-vf", "drawbox=c=black:t=fill:enable='between(t,4,7.99)',scale=320:180", "-pix_fmt", "yuv420p10le",
        "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "copy", "-t", "12", film,
      ])
      let (spans, _) = try await read(film)
      let over = spans.filter(\.isOver)
      #expect(spans.count == 2 && over.map(\.kind) == [.black], "\(spans)")
      #expect(over.first.map { abs($0.seconds - 4) < 0.1 && abs($0.fromPTS - 4) < 0.2 } == true, "\(spans)")
    }

    @Test(arguments: ["mpegts", "flv", "mp4"]) func `silence, black and a frozen picture are found where they were planted`(
      _ container: String
    ) async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let film = scratch.file("planted.\(container)")
      // Black from 8 to 12 s, the picture of 20 s held for 5 s, silent from 25 to 31 s: nothing sounds from 24.2 s on, as the rhythm has it.
      let mix =
        "[0:v]drawbox=c=black:t=fill:enable='between(t,8,11.99)',loop=150:1:600,setpts=N/30/TB,scale=320:180[picture];"
        + "[0:a]volume=0:enable='between(t,25,31)'[sound]"
      try await tools.make([
        "-i", CommittedFixture.path, "-filter_complex", mix, "-map", "[picture]", "-map", "[sound]", "-c:v",
        container == "flv" ? "flv1" : "libx264", "-b:v", "300k", "-g", "30", "-c:a", "aac", "-ac", "1", "-b:a", "64k", "-t", "40", "-f",
        container, film,
      ])
      let (spans, quality) = try await read(film)
      let over = spans.filter(\.isOver).sorted { $0.fromPTS < $1.fromPTS }
      #expect(spans.count == 6 && over.map(\.kind) == [.black, .freeze, .silence], "\(container): \(spans)")
      guard over.count == 3 else { return }
      let begin = over[0].fromPTS - 8
      #expect(abs(over[0].seconds - 4) < 0.1 && begin > -0.1 && begin < 1.6, "\(container): \(over[0])")
      // An encoder of so few bits draws what stands still ever finer at first.
      #expect(abs(over[1].seconds - 5) < 0.3 && abs(over[1].fromPTS - begin - 20) < 0.3, "\(container): \(over[1])")
      #expect(over[2].seconds > 6 && over[2].seconds < 8, "\(container): \(over[2])")
      #expect(over[2].fromPTS - begin > 23.9 && over[2].fromPTS - begin + over[2].seconds > 30.9, "\(container): \(over[2])")
      #expect(quality?.integratedLUFS != nil)
    }
  }
}
