import Events
import Foundation
import Recording
import TestSupport
import Testing
import Triage
import WireFormats

@testable import HarnessRun

/// Six runs of `circuit-breaker` that passed, and one that failed.
@Suite struct GoodRunsTests {
  private static func path(_ name: String) -> String { Checkout.fixture("recordings/triage/circuit-breaker-\(name).mcap") }
  private static let failed = path("opens-at-4")

  private static func good(_ words: [String], against: String? = nil, limit: Int = 20) throws -> [String] {
    try GoodRuns(words, against: against, for: try RunTrace(path: failed), limit: limit).paths
  }

  private static func refusal(_ words: [String], against: String? = nil) -> String {
    do {
      return "\(try good(words, against: against))"
    } catch { return (error as? Problem)?.sentence ?? "\(error)" }
  }

  @Test func `a recording counts once, however often and by whatever path it is named`() throws {
    let scratch = try Scratch()
    try FileManager.default.createSymbolicLink(atPath: scratch.file("link.mcap"), withDestinationPath: Self.path("good-2"))
    try FileManager.default.createSymbolicLink(atPath: scratch.file("own.mcap"), withDestinationPath: Self.failed)
    let (one, two) = (Self.path("good-1"), Self.path("good-2"))
    #expect(try Self.good([one, two, two, Checkout.fixture("recordings/../recordings/triage/circuit-breaker-good-2.mcap")]) == [one, two])
    #expect(try Self.good([two, scratch.path]) == [two])
    #expect(try Self.good([two, scratch.file("link.mcap"), scratch.file("own.mcap")]) == [two])
    // Named and in a folder too it is named, and comes first.
    let folder = Checkout.fixture("recordings/triage")
    let all = try Self.good([folder, Self.path("good-4")])
    #expect(all.count == 6 && Set(all).count == 6 && all[0].hasSuffix("good-4.mcap"))
    // As many as flaky counts.
    #expect(try RecordingWords.summaries(of: [one, one, folder]).count == 7)
  }

  @Test func `a recording that was named and did not pass is refused`() throws {
    let scratch = try Scratch()
    try scratch.write("none.mcap", "no recording")
    let whole = try #require(FileManager.default.contents(atPath: Self.path("good-1"))).map { $0 }
    try scratch.write("cut.mcap", Array(whole.prefix(60_000)))
    let bad = try RunTrace(path: Self.path("good-6"))
    #expect(throws: Problem.self) { try GoodRuns([Self.path("good-1"), Self.failed], against: nil, for: bad) }
    do {
      _ = try GoodRuns([Self.failed], against: nil, for: bad)
    } catch { #expect(error.sentence == "\(Self.failed) is no good run to compare with: its verdict is failed") }
    #expect(Self.refusal([scratch.file("cut.mcap")]).hasSuffix("is no good run to compare with: its verdict is cut short"))
    #expect(Self.refusal([scratch.file("none.mcap")]).hasPrefix(scratch.file("none.mcap") + ": "))
    #expect(Self.refusal([scratch.file("away.mcap")]).hasPrefix(scratch.file("away.mcap") + ": "))
    // In a folder it is passed over.
    #expect(try GoodRuns([Checkout.fixture("recordings/triage")], against: nil, for: bad).paths.count == 5)
    #expect(Self.refusal([Self.failed]) == "none of the recordings named is another run of this scenario that passed")
  }

  @Test(arguments: ["failed", "inconclusive", "watched"]) func `only runs that passed are good ones`(_ verdict: String) {
    let sentence = "--against: verdict=\(verdict) asks for runs that are not good: only those that passed are"
    #expect(Self.refusal([], against: "verdict=\(verdict)") == sentence)
  }

  @Test func `of several folders the newest are taken`() throws {
    let scratch = try Scratch()
    let names = (1...6).map { "good-\($0)" }
    let starts = try names.map { try #require(RecordingSummary(Self.path($0)).head?.start.epochSeconds) }
    #expect(Set(starts).count == 6)
    for folder in ["a", "b"] {
      try FileManager.default.createDirectory(atPath: scratch.file(folder), withIntermediateDirectories: true)
    }
    // The newest lie in the folder that is named last.
    let byAge = zip(names, starts).sorted { $0.1 < $1.1 }.map(\.0)
    for (index, name) in byAge.enumerated() {
      try FileManager.default.copyItem(atPath: Self.path(name), toPath: scratch.file("\(index < 3 ? "a" : "b")/\(index).mcap"))
    }
    let found = try Self.good([scratch.file("a"), scratch.file("b")], limit: 4)
    #expect(found == ["b/5", "b/4", "b/3", "a/2"].map { scratch.file($0 + ".mcap") })
  }
}
