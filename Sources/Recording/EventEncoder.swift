import Events
import MCAP
import RunModel
import WireFormats

/// A message of a recording, before its channel has a number.
struct RecordedMessage: Sendable {
  var topic: RecordingTopic
  /// The service of a channel that each service has.
  var service: ServiceName
  /// The time that the service says; nil where it says none.
  var reported: WallTime?
  var data: [UInt8]
}

/// Turns events into messages.
struct EventEncoder: Sendable {
  private let head: RecordingHead
  private let mask: TextMask
  private var scrapes: [SourceID: ScrapeEncoder] = [:]
  private var told: [SourceID: [SignalID: Double]] = [:]

  init(_ head: RecordingHead, mask: @escaping @Sendable (String) -> String) {
    self.head = head
    self.mask = TextMask(mask)
  }

  /// The messages of an event, one or, of log lines, one a line.
  /// - Throws: `EncodingError` for a number that JSON cannot say.
  mutating func messages(of envelope: EventEnvelope) throws -> [RecordedMessage] {
    let topic = RecordingTopic.of(envelope.event)
    switch envelope.event {
    case .logLines(let lines): return logs(lines, envelope)
    case .sample(.metrics(let sample)): return metrics(sample, envelope)
    case .tick: return [message(topic, envelope) { _ in }]
    case .happening(var happening):
      if head.lacksLogs { happening = happening.withoutLogTexts }
      if case .logReadAgain(let reading) = happening.kind {
        // A text that is not the one that was written is none: what it would have excused is not known then.
        happening.kind = .logReadAgain(reading.mapTexts { head.lacksLogs || mask.masked($0) != $0 ? "" : $0 })
      }
      return [try message(topic, envelope, happening, reported: happening.reportedAt)]
    case .sample(.health(let sample)): return [try message(topic, envelope, sample)]
    case .sample(.mediaPaths(let sample)): return [try message(topic, envelope, sample)]
    case .sample(.stream(let sample)): return [try message(topic, envelope, sample)]
    case .sample(.publisher(let sample)): return [try message(topic, envelope, sample)]
    case .sample(.ownCost(let sample)): return [try message(topic, envelope, sample)]
    case .sourceStatus(let status): return [try message(topic, envelope, status)]
    case .description(let description): return [try message(topic, envelope, description)]
    case .verdict(var change):
      // Evidence cites what logs say.
      if head.lacksLogs { for index in change.verdict.evidence.indices { change.verdict.evidence[index].text = "" } }
      return [try message(topic, envelope, change)]
    }
  }

  private func message(
    _ topic: RecordingTopic, _ envelope: EventEnvelope, _ value: some Encodable, reported: WallTime? = nil
  ) throws -> RecordedMessage {
    let json = mask.masked(try JSONValue(encoding: value), but: topic.unmasked)
    return message(topic, envelope, reported: reported) { $0.field("event", json) }
  }

  private func message(
    _ topic: RecordingTopic, _ envelope: EventEnvelope, reported: WallTime? = nil, _ body: (inout JSONWriter) -> Void
  ) -> RecordedMessage {
    var writer = JSONWriter()
    writer.object {
      Self.putEnvelope(envelope, &$0)
      body(&$0)
    }
    return RecordedMessage(topic: topic, service: envelope.source.service, reported: reported, data: writer.bytes)
  }

  /// What of an envelope the message's own fields do not say.
  private static func putEnvelope(_ envelope: EventEnvelope, _ writer: inout JSONWriter) {
    writer.field("wall", .number(envelope.wall.epochSeconds))
    if envelope.source != .harness {
      writer.field("source") {
        $0.array {
          $0.string(envelope.source.kind.rawValue)
          $0.string(envelope.source.service.text)
        }
      }
    }
    if envelope.number.part > 0 { writer.field("part", .int(Int(envelope.number.part))) }
    if envelope.sequence > UInt32.max { writer.field("n", .unsigned(envelope.sequence)) }
  }

  // MARK: - Logs

  /// A message a line: any viewer reads them. The first carries the envelope, the last says that it is the last.
  private func logs(_ lines: [LogLine], _ envelope: EventEnvelope) -> [RecordedMessage] {
    lines.enumerated().map { index, line in
      let time = line.reportedAt ?? envelope.wall
      let text = head.lacksLogs ? "" : mask.masked(line.text)
      var writer = JSONWriter()
      writer.object {
        let seconds = time.epochSeconds.isFinite ? min(max(time.epochSeconds, 0), 1e10) : 0
        $0.field("timestamp") {
          $0.object {
            $0.field("sec", .integer(Int64(seconds)))
            $0.field("nsec", .integer(Int64((seconds - seconds.rounded(.down)) * 1e9)))
          }
        }
        $0.field("level", .int(line.level.map(Self.number(of:)) ?? 0))
        $0.field("message", text)
        $0.field("name", mask.masked(line.service.text))
        $0.field("file", "")
        $0.field("line", .int(0))
        $0.field("dubwatch") {
          $0.object {
            putLine(line, index, lines.count, envelope, &$0)
            // Who reads texts must know that this is not the one that was written.
            if text != line.text || line.lacksText { $0.field("masked", .bool(true)) }
          }
        }
      }
      return RecordedMessage(topic: .logs, service: envelope.source.service, reported: line.reportedAt, data: writer.bytes)
    }
  }

  private func putLine(_ line: LogLine, _ index: Int, _ count: Int, _ envelope: EventEnvelope, _ writer: inout JSONWriter) {
    if index == 0 { Self.putEnvelope(envelope, &writer) }
    if index == count - 1 { writer.field("last", .bool(true)) }
    if let time = line.reportedAt?.epochSeconds, time.isFinite { writer.field("time", .number(time)) }
    if line.isMatched { writer.field("matched", .bool(true)) }
    if line.isExpected { writer.field("expected", .bool(true)) }
    if line.isPast { writer.field("past", .bool(true)) }
    if line.isForeign { writer.field("foreign", .bool(true)) }
    if let form = line.form { writer.field("form", form.rawValue) }
  }

  /// The levels of `foxglove.Log`: 0 unknown, 1 debug, 2 info, 3 warning, 4 error, 5 fatal.
  static func number(of level: LogLevel) -> Int { (LogLevel.allCases.firstIndex(of: level) ?? -1) + 1 }

  // MARK: - Scrapes

  private mutating func metrics(_ sample: MetricsSample, _ envelope: EventEnvelope) -> [RecordedMessage] {
    let usual = SourceID(.metrics, envelope.source.service)
    let isUsual = envelope.source == usual && sample.service == envelope.source.service
    let difference = Int64(bitPattern: envelope.wall.epochSeconds.bitPattern &- head.predictedWall(envelope.instant).bitPattern)
    var encoder = scrapes.removeValue(forKey: envelope.source) ?? ScrapeEncoder()
    let frame = encoder.frame(of: sample, source: isUsual ? nil : envelope.source, wallDifference: difference)
    scrapes[envelope.source] = encoder
    var messages = [RecordedMessage(topic: .scrapes, service: envelope.source.service, data: frame)]
    var changed: [(SignalID, Double)] = []
    for (id, value) in sample.signals.sorted(by: { $0.key < $1.key }) {
      guard let number = value.number, number.isFinite, told[envelope.source]?[id] != number else { continue }
      told[envelope.source, default: [:]][id] = number
      changed.append((id, number))
    }
    if !changed.isEmpty {
      var writer = JSONWriter()
      writer.object { for (id, number) in changed { $0.field(id.text, .shortest(number)) } }
      messages.append(RecordedMessage(topic: .signals, service: envelope.source.service, data: writer.bytes))
    }
    return messages
  }
}

extension RecordingHead {
  /// What the wall clock reads at an instant, if it goes with the run's own.
  func predictedWall(_ instant: RunInstant) -> Double { start.epochSeconds + instant.seconds }
}
