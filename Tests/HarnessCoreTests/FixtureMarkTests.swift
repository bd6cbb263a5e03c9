import Events
import Foundation
import MediaSync
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

extension MediaTests {
  /// What only counting tells of a test stream.
  @Suite(.serialized) struct FixtureMarkTests {
    private let tools = MediaTools()

    private func measure(_ path: String) async throws -> TestFixture {
      try await FixtureProbe(processGuard: tools.processGuard).measureWithMarks(path, clock: realClock())
    }

    @Test func `the committed stream has every frame and every mark`() async throws {
      let fixture = try await measure(CommittedFixture.path)
      #expect(fixture.violations().isEmpty, "\(fixture.violations())")
      let counted = try #require(fixture.facts.counted)
      #expect(counted.frames == 1800 && counted.videoBegin == 0 && counted.audioBegin == 0)
      #expect(counted.marks?.joined == 48 && counted.marks?.flashes == 48 && counted.marks?.beeps == 48 && counted.marks?.complaints == 0)
    }

    /// What is done to the fixture, and the rules that it then breaks.
    static let broken: [(name: String, arguments: [String], fields: Set<String>)] = [
      // The header still says 30.
      (
        "25 frames a second", ["-i", CommittedFixture.path, "-c", "copy", "-bsf:v", "setts=ts=TS*6/5", "-frames:v", "1500"],
        ["frames", "marks"]
      ),
      (
        "late sound",
        ["-i", CommittedFixture.path, "-itsoffset", "0.3", "-i", CommittedFixture.path, "-map", "0:v", "-map", "1:a", "-c", "copy"],
        ["begins", "marks"]
      ),
      (
        "a mute middle", ["-i", CommittedFixture.path, "-c:v", "copy", "-af", "volume=0:enable='between(t,20,30)'", "-c:a", "aac"],
        ["marks"]
      ),
      (
        "a hole in the picture", ["-i", CommittedFixture.path, "-c", "copy", "-bsf:v", "noise=drop='between(n,600,689)'"],
        ["frames", "marks"]
      ),
      ("slow sound", ["-i", CommittedFixture.path, "-c", "copy", "-bsf:a", "setts=ts=TS*1.002"], ["marks"]),
    ]

    @Test(arguments: broken.indices) func `what a header does not tell is found`(index: Int) async throws {
      let one = Self.broken[index]
      let scratch = try Scratch()
      defer { scratch.remove() }
      let file = scratch.file("film.mp4")
      try await tools.make(one.arguments + [file])
      let fields = try await Set(measure(file).violations().map(\.field))
      #expect(one.fields.isSubset(of: fields), "\(one.name): \(fields)")
    }
  }
}
