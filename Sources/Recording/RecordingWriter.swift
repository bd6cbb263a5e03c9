import Events
import MCAP
import RunModel

/// Makes a recording of events. It does no I/O: what is ready is taken with ``take()`` and written by its owner.
package struct RecordingWriter: Sendable {
  /// After so many bytes the verdict is said again, so that it is near the end of any part of the file.
  static let verdictBytes: UInt64 = 256 << 10
  /// A chunk is closed at the end of the event with which it becomes so large, unpacked.
  static let chunkBytes = 1 << 20

  private var head: RecordingHead
  private let mask: @Sendable (String) -> String
  private var writer: MCAPWriter
  private var encoder: EventEncoder?
  private var channels: [String: UInt16] = [:]
  private var schemas: [String: UInt16] = [:]
  private var track = VerdictTrack()
  private var saidOutcome: VerdictTrack.Outcome?
  private var saidAt: UInt64 = 0
  /// How the run stands by now.
  package private(set) var verdict = VerdictMark()
  /// How many events could not be written, as they hold a number that JSON has no word for.
  package private(set) var unwritten = 0
  /// The newest event that ``take()`` hands out with what was closed.
  package private(set) var closedTo: EventNumber?

  /// A recording with nothing in it.
  /// - Parameters:
  ///   - head: what is known of the run beforehand; the rest comes with its first event.
  ///   - mask: takes secrets out of texts from outside.
  package init(_ head: RecordingHead, mask: @escaping @Sendable (String) -> String = { $0 }) {
    self.head = head
    self.mask = mask
    var options = MCAPWriter.Options(chunkBytes: .max, zstdLevel: 3)
    // Chunks are small while the run goes on; rewriting them makes the index.
    options.hasMessageIndex = false
    writer = MCAPWriter(MCAPHeader(profile: "dubwatch", library: "dubwatch"), options: options)
  }

  /// Where the file has come to, in bytes.
  package var position: UInt64 { writer.position }
  /// How many bytes wait in the open chunk, unpacked.
  package var openBytes: Int { writer.openBytes }
  /// What is ready to be written.
  package mutating func take() -> [UInt8] { writer.take() }

  /// Adds an event.
  package mutating func add(_ envelope: EventEnvelope) throws(MCAPError) {
    if encoder == nil { try begin(envelope) }
    verdict.note(envelope, &track)
    let messages: [RecordedMessage]
    do { messages = try encoder?.messages(of: envelope) ?? [] } catch {
      unwritten += 1
      return
    }
    let time = head.startNanoseconds &+ UInt64(bitPattern: envelope.instant.nanoseconds)
    for message in messages {
      try writer.add(
        MCAPMessage(
          channelID: channel(message), sequence: UInt32(truncatingIfNeeded: envelope.sequence), logTime: time,
          publishTime: Self.nanoseconds(message.reported) ?? time, data: message.data[...]))
    }
    if writer.openBytes >= Self.chunkBytes { try flush() }
  }

  private mutating func begin(_ first: EventEnvelope) throws(MCAPError) {
    head.start = WallTime(epochSeconds: first.wall.epochSeconds - first.instant.seconds)
    if case .description(let description) = first.event { head.adopt(description) }
    head.environment = mask(head.environment)
    head.scenario = head.scenario.map(mask)
    encoder = EventEncoder(head, mask: mask)
    try writer.add(head.metadata)
  }

  private mutating func channel(_ message: RecordedMessage) -> UInt16 {
    let name = message.topic.channelName(message.service)
    if let known = channels[name] { return known }
    var schema = schemas[message.topic.schema]
    if schema == nil {
      let id = UInt16(schemas.count + 1)
      writer.add(
        MCAPSchema(
          id: id, name: message.topic.schema, encoding: message.topic.isBinary ? "" : "jsonschema",
          data: Array(message.topic.schemaText.utf8)))
      schemas[message.topic.schema] = id
      schema = id
    }
    // Services beyond what channels can be numbered share the last.
    let id = UInt16(min(channels.count + 1, Int(UInt16.max)))
    channels[name] = id
    writer.add(
      MCAPChannel(id: id, schemaID: schema ?? 0, topic: name, messageEncoding: message.topic.isBinary ? "dubwatch.scrape.1" : "json"))
    return id
  }

  private static func nanoseconds(_ time: WallTime?) -> UInt64? {
    guard let seconds = time?.epochSeconds, seconds.isFinite, seconds > 0, seconds < 1e10 else { return nil }
    return UInt64(seconds * 1e9)
  }

  /// The verdict as it is written.
  private var mark: MCAPMetadata {
    var masked = verdict
    masked.endReason = verdict.endReason.map(mask)
    return masked.metadata
  }

  /// Closes what is open: once the bytes are written, all events up to now can be read.
  package mutating func flush() throws(MCAPError) {
    guard encoder != nil else { return }
    try writer.closeChunk()
    closedTo = verdict.newest
    if saidOutcome != verdict.outcome || writer.position - saidAt >= Self.verdictBytes {
      saidOutcome = verdict.outcome
      saidAt = writer.position
      try writer.add(mark)
    }
  }

  /// Ends the recording.
  /// - Parameter isWhole: whether all of the run is in it.
  package mutating func finish(isWhole: Bool) throws(MCAPError) {
    try flush()
    verdict.isWhole = isWhole
    if encoder != nil { try writer.add(mark) }
    try writer.finish()
  }
}
