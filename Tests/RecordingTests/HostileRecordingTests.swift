import Events
import Foundation
import MCAP
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Recording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct HostileRecordingTests {
  /// A recording whose messages say what they want.
  private static func file(_ messages: [(channel: UInt16, sequence: UInt32, json: String)], level: Int32? = 3, perChunk: Int = .max) throws
    -> [UInt8]
  {
    var writer = MCAPWriter(MCAPHeader(profile: "dubwatch", library: "dubwatch"), options: .init(chunkBytes: .max, zstdLevel: level))
    try writer.add(RecordingHead().metadata)
    writer.add(MCAPChannel(id: 1, schemaID: 0, topic: "/ticks", messageEncoding: "json"))
    writer.add(MCAPChannel(id: 2, schemaID: 0, topic: "/logs/a", messageEncoding: "json"))
    writer.add(MCAPChannel(id: 3, schemaID: 0, topic: "/logs/b", messageEncoding: "json"))
    for (index, message) in messages.enumerated() {
      try writer.add(
        MCAPMessage(
          channelID: message.channel, sequence: message.sequence, logTime: UInt64(index), publishTime: 0,
          data: Array(message.json.utf8)[...]))
      if (index + 1) % perChunk == 0 { try writer.closeChunk() }
    }
    try writer.finish()
    return writer.take()
  }

  private static func read(_ bytes: [UInt8]) throws -> (events: [EventEnvelope], losses: RecordedEvents.Losses) {
    var reader = try RecordedEvents(MCAPBytes(bytes))
    var events: [EventEnvelope] = []
    while let event = try reader.next() { events.append(event) }
    return (events, reader.losses)
  }

  @Test(
    arguments: [
      (7, "18446744073709551615", false), (UInt32.max, "18446744073709551615", false), (7, "4294967303", true), (7, "4294967304", false),
      (7, "7", true), (7, "-1", false), (7, "1e30", false), (7, "\"7\"", false),
    ] as [(UInt32, String, Bool)]) func `a number that is not the message's own is none`(sequence: UInt32, number: String, isGood: Bool)
    throws
  {
    let read = try Self.read(try Self.file([(1, sequence, #"{"wall":1,"n":\#(number)}"#)]))
    #expect(read.events.count == (isGood ? 1 : 0))
    #expect(isGood || read.losses.messages == 1)
  }

  private static func line(_ text: String, _ own: String) -> String { #"{"message":"\#(text)","name":"a","dubwatch":{\#(own)}}"# }

  @Test func `lines of one event are only those of its number and its channel`() throws {
    let bytes = try Self.file([
      (2, 0, Self.line("whole", #""wall":1"#)), (2, 0, Self.line("and last", #""last":true"#)),
      // The end of 1 and the beginning of 2 are lost.
      (2, 1, Self.line("begins", #""wall":1"#)), (2, 2, Self.line("ends another", #""last":true"#)),
      // The same of two services.
      (2, 3, Self.line("begins", #""wall":1"#)), (3, 3, Self.line("ends another", #""last":true"#)),
      (2, 4, Self.line("alone", #""wall":1,"last":true"#)),
    ])
    let read = try Self.read(bytes)
    let texts = read.events.map { event -> [String] in
      guard case .logLines(let lines) = event.event else { return [] }
      return lines.map(\.text)
    }
    #expect(texts == [["whole", "and last"], ["alone"]])
    #expect(read.losses.events == 3)
    #expect(read.losses.messages > 0)
  }

  @Test func `lines of one event between which a chunk is lost are no event`() throws {
    var bytes = try Self.file(
      [
        (2, 0, Self.line("begins", #""wall":1"#)), (2, 0, Self.line("is lost in the middle of it", "")),
        (2, 0, Self.line("ends", #""last":true"#)), (2, 1, Self.line("alone", #""wall":1,"last":true"#)),
      ], level: nil, perChunk: 1)
    #expect(try Self.read(bytes).events.count == 2)
    let place = try #require(bytes.firstRange(of: Array("is lost".utf8))?.lowerBound)
    bytes[place] ^= 1
    let read = try Self.read(bytes)
    #expect(read.events.map(\.sequence) == [1])
    #expect(read.losses.events == 1)
  }

  @Test func `a file whose first chunk is huge is listed without unpacking it`() throws {
    let scratch = try Scratch("hostile")
    var options = MCAPWriter.Options(chunkBytes: .max, zstdLevel: 19)
    options.hasMessageIndex = false
    var writer = MCAPWriter(MCAPHeader(profile: "dubwatch", library: "x"), options: options)
    writer.add(MCAPChannel(id: 1, schemaID: 0, topic: "/ticks", messageEncoding: "json"))
    for _ in 0..<40_000 { try writer.add(MCAPMessage(channelID: 1, sequence: 0, logTime: 0, publishTime: 0, data: [])) }
    try writer.add(RecordingHead().metadata)
    try writer.finish()
    let bytes = writer.take()
    // As small as it is, its head lies in the part that is read first: only the chunk is above what a listing takes.
    #expect(bytes.count < 4000)
    try scratch.write("a.mcap", bytes)
    var messages = try MCAPMessages(MCAPBytes(bytes), limits: .listing)
    while try messages.next() != nil {}
    #expect(messages.damages.map(\.error.kind) == [.tooLarge])
    #expect(RecordingSummary(scratch.file("a.mcap")).trouble == nil)
  }

  @Test(arguments: ["precious.txt", "foreign.mcap", "pipe.mcap"]) func `what is no recording is neither removed, pinned nor rewritten`(
    name: String
  ) throws {
    let scratch = try Scratch("foreign")
    try scratch.write("precious.txt", "mine")
    var writer = MCAPWriter(MCAPHeader(profile: "ros2", library: "somebody"), options: .init(chunkBytes: 40))
    writer.add(MCAPChannel(id: 1, schemaID: 0, topic: "/ticks", messageEncoding: "json"))
    for index in 0..<50 { try writer.add(MCAPMessage(channelID: 1, sequence: 0, logTime: UInt64(index), publishTime: 0, data: [1, 2])) }
    try writer.finish()
    try scratch.write("foreign.mcap", writer.take())
    #expect(mkfifo(scratch.file("pipe.mcap"), 0o600) == 0)
    let path = scratch.file(name)
    let before = name.hasPrefix("pipe") ? [] : scratch.bytes(name)
    #expect(throws: Problem.self) { try RunLibrary.remove(path) }
    #expect(throws: Problem.self) { try RunLibrary.pin(path, true) }
    #expect(throws: Problem.self) { try RecordingCompaction.rewrite(path) }
    #expect(!RecordingFile.isBeingWritten(path))
    #expect(scratch.names == ["foreign.mcap", "pipe.mcap", "precious.txt"])
    #expect(name.hasPrefix("pipe") || scratch.bytes(name) == before)
  }
}
