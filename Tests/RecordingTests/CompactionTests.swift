import Contracts
import Events
import Foundation
import MCAP
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Recording

@Suite struct CompactionTests {
  /// A recording of small chunks: lines of a log, a verdict every few events, a channel that no message needs.
  private static func record(_ path: String, lines: Int = 8) throws {
    let file = try RecordingFile(creating: path)
    var writer = RecordingWriter(RecordingHead())
    let expectations = [Expectation(id: "x", title: "x", rule: RuleDocument("steps-done"))]
    let description = RunDescription(
      scenario: "a", environment: "embedded", contract: .init(name: "none", summary: ""), contractReason: "", services: [],
      startedAt: WallTime(epochSeconds: 1_700_000_000), expectations: expectations)
    var random = SplitMix(seed: 9)
    for index in 0..<120 {
      var event = RunEvent.logLines(
        (0..<lines).map { _ in
          // Hard to pack, so that a chunk of the copy is filled by some of them.
          LogLine(service: "a", text: (0..<8).map { _ in String(UInt64.random(in: 0 ... .max, using: &random), radix: 36) }.joined())
        })
      if index == 0 { event = .description(description) }
      if index % 10 == 5 {
        var verdict = Verdict.open
        verdict.standing = index % 20 == 5 ? .met : .pending
        event = .verdict(VerdictChange(index: 0, expectation: "x", verdict: verdict))
      }
      try writer.add(
        EventEnvelope(
          sequence: UInt64(index), instant: RunInstant(seconds: Double(index)), wall: WallTime(epochSeconds: 1_700_000_000),
          source: SourceID(.log, "a"), event: event))
      try writer.flush()
    }
    try writer.finish(isWhole: true)
    try file.write(writer.take())
  }

  private static func read(_ bytes: [UInt8]) throws -> (events: [String: EventEnvelope], losses: RecordedEvents.Losses) {
    var reader = try RecordedEvents(MCAPBytes(bytes))
    var events: [String: EventEnvelope] = [:]
    while let event = try reader.next() { events[event.number.description] = event }
    return (events, reader.losses)
  }

  private static func text(_ event: EventEnvelope?) throws -> String? { try event.map { try JSONValue(encoding: $0.event).jsonText } }

  @Test func `flipped bits give no wrong event in a rewritten recording either, and what they cost is said`() throws {
    let scratch = try Scratch("compaction")
    try Self.record(scratch.file("a.mcap"))
    #expect(try RecordingCompaction.rewrite(scratch.file("a.mcap"), chunkBytes: 64 << 10))
    let bytes = scratch.bytes("a.mcap")
    let index = try #require(try MCAPIndex(of: MCAPBytes(bytes)))
    #expect(index.chunks.count > 2)
    let whole = try Self.read(bytes)
    #expect(whole.losses.isNone)
    #expect(whole.events.count == 120)
    var texts: [String: String] = [:]
    for (number, event) in whole.events { texts[number] = try Self.text(event) }
    var random = SplitMix(seed: 31)
    for _ in 0..<60 {
      var broken = bytes
      let place = Int.random(in: 1200..<broken.count, using: &random)
      broken[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let read = try Self.read(broken)
      for (number, event) in read.events { #expect(try Self.text(event) == texts[number], "byte \(place), #\(number)") }
      #expect(read.events.count == 120 || !read.losses.isNone, "byte \(place)")
    }
  }

  @Test func `each chunk of a rewritten recording holds whole events, and the newest verdict follows it`() throws {
    let scratch = try Scratch("compaction")
    try Self.record(scratch.file("a.mcap"))
    #expect(try RecordingCompaction.rewrite(scratch.file("a.mcap"), chunkBytes: 64 << 10))
    let source = MCAPBytes(scratch.bytes("a.mcap"))
    let index = try #require(try MCAPIndex(of: source))
    var seen: Set<UInt32> = []
    for entry in index.chunks {
      var here: Set<UInt32> = []
      for case .message(let message) in try source.chunk(entry).contents() { here.insert(message.sequence) }
      #expect(seen.isDisjoint(with: here))
      seen.formUnion(here)
    }
    #expect(seen.count == 120)
    #expect(index.metadata.filter { $0.name == VerdictMark.name }.count > 1)
    let last = try #require(index.metadata.last { $0.name == VerdictMark.name })
    #expect(RecordingSummary(scratch.file("a.mcap")).seconds == 119)
    // Of a damaged last verdict the one before is known, and how long the run took is not.
    var broken = scratch.bytes("a.mcap")
    broken[Int(last.offset + last.length) - 3] ^= 1
    try scratch.write("b.mcap", broken)
    let summary = RecordingSummary(scratch.file("b.mcap"))
    #expect(summary.verdict != nil)
    #expect(summary.seconds == nil)
  }

  @Test func `header, unused channels, mode and time of a rewritten recording stay`() throws {
    let scratch = try Scratch("compaction")
    let path = scratch.file("a.mcap")
    var writer = MCAPWriter(MCAPHeader(profile: "dubwatch", library: "another 2.0"), options: .init(chunkBytes: 60))
    try writer.add(RecordingHead().metadata)
    for id in 1...3 as ClosedRange<UInt16> {
      writer.add(MCAPSchema(id: id, name: "s\(id)", encoding: "", data: []))
      writer.add(MCAPChannel(id: id, schemaID: id, topic: "/x\(id)", messageEncoding: "json"))
    }
    for index in 0..<40 { try writer.add(MCAPMessage(channelID: 1, sequence: UInt32(index), logTime: 1, publishTime: 1, data: [1])) }
    try writer.finish()
    try scratch.write("a.mcap", writer.take())
    let date = Date(timeIntervalSince1970: 1_600_000_000)
    try FileManager.default.setAttributes([.posixPermissions: 0o640, .modificationDate: date], ofItemAtPath: path)
    #expect(try RecordingCompaction.rewrite(path))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(attributes[.modificationDate] as? Date == date)
    var messages = try MCAPMessages(MCAPBytes(scratch.bytes("a.mcap")))
    while try messages.next() != nil {}
    #expect(messages.header == MCAPHeader(profile: "dubwatch", library: "another 2.0"))
    #expect(messages.channels.count == 3)
    #expect(messages.schemas.count == 3)
    #expect(messages.chunkCount == 1)
  }

  @Test func `a rewriting that takes too long leaves the file as it is`() throws {
    let scratch = try Scratch("compaction")
    try Self.record(scratch.file("a.mcap"))
    let before = scratch.bytes("a.mcap")
    var asked = 0
    let isDone = try RecordingCompaction.rewrite(scratch.file("a.mcap"), chunkBytes: 64 << 10) {
      asked += 1
      return asked > 2
    }
    #expect(!isDone)
    #expect(asked == 3)
    #expect(scratch.bytes("a.mcap") == before)
    #expect(scratch.names == ["a.mcap"])
  }
}
