import Events
import MCAP
import MediaSync
import RunModel
import WireFormats

/// Turns messages back into events.
struct EventDecoder: Sendable {
  private var head: RecordingHead
  private var scrapes: [String: ScrapeDecoder] = [:]
  private var lines: [LogLine] = []
  private var group: LineGroup?

  /// How many messages of channels that are ours could not be read.
  private(set) var unreadable = 0

  init(_ head: RecordingHead) { self.head = head }

  /// How many scrapes rest on one that is missing.
  var scrapesLost: Int { scrapes.values.reduce(0) { $0 + $1.unreadable } }

  /// What of an envelope a message's text says.
  private struct Envelope: Sendable {
    var wall: WallTime
    var source: SourceID
    var number: EventNumber
  }

  /// The lines of one event, of which the first carries the envelope.
  private struct LineGroup: Sendable {
    var envelope: Envelope
    /// What all of them have in common.
    var sequence: UInt32
    var channelID: UInt16
  }

  /// Something of the file is missing here: what is still to come belongs to nothing that came before.
  mutating func breakOff() {
    if group != nil { unreadable += 1 }
    group = nil
    lines = []
  }

  /// The event of a message; nil where it is none, a line of which more come, or nothing that can be read.
  mutating func read(_ message: MCAPMessage, _ channel: MCAPChannel) -> EventEnvelope? {
    guard let (topic, service) = RecordingTopic.named(channel.topic), !topic.isDerived else { return nil }
    if topic == .scrapes { return readScrape(message, channel.topic, service ?? "") }
    guard let json = JSONValue(parsing: Array(message.data))?.objectValue else { return failed() }
    if topic == .logs { return readLine(json, message) }
    guard let envelope = Self.envelope(json, message), let event = try? Self.event(topic, json["event"] ?? .null) else { return failed() }
    return made(event, envelope, message)
  }

  private mutating func failed() -> EventEnvelope? {
    unreadable += 1
    return nil
  }

  private func made(_ event: RunEvent, _ envelope: Envelope, _ message: MCAPMessage) -> EventEnvelope {
    EventEnvelope(number: envelope.number, instant: instant(message), wall: envelope.wall, source: envelope.source, event: event)
  }

  private func instant(_ message: MCAPMessage) -> RunInstant {
    RunInstant(nanoseconds: Int64(truncatingIfNeeded: message.logTime &- head.startNanoseconds))
  }

  private static func envelope(_ json: [String: JSONValue], _ message: MCAPMessage) -> Envelope? {
    guard let wall = json["wall"]?.doubleValue else { return nil }
    var source = SourceID.harness
    if let words = json["source"]?.arrayValue {
      guard words.count == 2, let kind = words[0].stringValue, let service = words[1].stringValue else { return nil }
      source = SourceID(SourceKind(rawValue: kind), ServiceName(service))
    }
    let part = json["part"]?.doubleValue.flatMap { UInt32(exactly: $0) } ?? 0
    var sequence = UInt64(message.sequence)
    if let whole = json["n"] {
      // Beyond the last number no event could follow, and the message says the lower half of it too.
      guard let number = try? whole.decoded(as: UInt64.self), number < .max, UInt32(truncatingIfNeeded: number) == message.sequence else {
        return nil
      }
      sequence = number
    }
    return Envelope(wall: WallTime(epochSeconds: wall), source: source, number: EventNumber(sequence, part: part))
  }

  private static func event(_ topic: RecordingTopic, _ json: JSONValue) throws -> RunEvent? {
    switch topic {
    case .happenings, .sync: .happening(try json.decoded(as: Happening.self))
    case .health: .sample(.health(try json.decoded(as: HealthSample.self)))
    case .paths: .sample(.mediaPaths(try json.decoded(as: MediaPathsSample.self)))
    case .stream: .sample(.stream(try json.decoded(as: StreamSample.self)))
    case .publisher: .sample(.publisher(try json.decoded(as: PublisherSample.self)))
    case .cost: .sample(.ownCost(try json.decoded(as: OwnCost.self)))
    case .sources: .sourceStatus(try json.decoded(as: SourceStatus.self))
    case .description: .description(try json.decoded(as: RunDescription.self))
    case .verdicts: .verdict(try json.decoded(as: VerdictChange.self))
    case .ticks: .tick
    default: nil
    }
  }

  private mutating func readScrape(_ message: MCAPMessage, _ topic: String, _ service: ServiceName) -> EventEnvelope? {
    var decoder = scrapes.removeValue(forKey: topic) ?? ScrapeDecoder()
    defer { scrapes[topic] = decoder }
    guard let frame = decoder.read(message.data, service: service) else { return nil }
    let instant = instant(message)
    let wall = Double(bitPattern: head.predictedWall(instant).bitPattern &+ UInt64(bitPattern: frame.wallDifference))
    return EventEnvelope(
      number: EventNumber(UInt64(message.sequence)), instant: instant, wall: WallTime(epochSeconds: wall),
      source: frame.source ?? SourceID(.metrics, service), event: .sample(.metrics(frame.sample)))
  }

  private mutating func readLine(_ json: [String: JSONValue], _ message: MCAPMessage) -> EventEnvelope? {
    guard let own = json["dubwatch"]?.objectValue, let name = json["name"]?.stringValue, let text = json["message"]?.stringValue else {
      return failed()
    }
    if own["wall"] != nil {
      breakOff()
      guard let envelope = Self.envelope(own, message) else { return failed() }
      group = LineGroup(envelope: envelope, sequence: message.sequence, channelID: message.channelID)
    } else if group.map({ $0.sequence != message.sequence || $0.channelID != message.channelID }) ?? false {
      breakOff()
    }
    // A line whose first one is missing is of no event that is known.
    guard let group else { return own["last"] == nil ? nil : failed() }
    let level = json["level"]?.doubleValue.flatMap { Int(exactly: $0) } ?? 0
    var line = LogLine(
      service: ServiceName(name), text: text, level: LogLevel.allCases.indices.contains(level - 1) ? LogLevel.allCases[level - 1] : nil,
      reportedAt: own["time"]?.doubleValue.map { WallTime(epochSeconds: $0) }, isMatched: own["matched"] != nil,
      isExpected: own["expected"] != nil)
    line.isPast = own["past"] != nil
    line.isForeign = own["foreign"] != nil
    line.lacksText = head.lacksLogs || own["masked"] != nil
    line.form = own["form"]?.stringValue.flatMap(LogLine.Form.init(rawValue:))
    lines.append(line)
    guard own["last"] != nil else { return nil }
    defer {
      self.group = nil
      lines = []
    }
    return made(.logLines(lines), group.envelope, message)
  }
}
