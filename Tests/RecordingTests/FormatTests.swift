import Events
import MCAP
import Recording
import RunModel
import TestSupport
import Testing
import WireFormats

/// Recordings of every version of the format that was ever released: they stay readable for all time.
@Suite struct FormatTests {
  @Test func `a recording of format 1 is read, whole, with its verdict`() async throws {
    let file = try MCAPFile(path: Checkout.fixture("recordings/format-1.mcap"))
    var events = try RecordedEvents(file)
    #expect(events.head.formatVersion == 1)
    #expect(events.head.scenario == "non-retryable-error")
    #expect(events.head.speed == 5)
    var kinds: [String: Int] = [:]
    var last: EventNumber?
    while let event = try events.next() {
      kinds[kind(event.event), default: 0] += 1
      last = event.number
    }
    #expect(events.losses.isNone)
    #expect(events.isComplete)
    #expect(last == EventNumber(716))
    #expect(
      Set(kinds.keys) == [
        "cost", "description", "happening", "health", "logs", "paths", "publisher", "scrape", "source", "stream", "tick", "verdict",
      ])
    #expect(events.verdict?.outcome == .passed)
    #expect(events.verdict?.counts.met == 14)
    let history = try RecordedHistory(file)
    try await history.readAll()
    #expect(await history.end.verdict.counts.met == 14)
    #expect(await history.end.verdict.outcome == .passed)
  }

  /// The recording as a version wrote it that did not know a field yet.
  private func fixture(without field: String, in topic: String) throws -> (bytes: [UInt8], changed: Int) {
    var messages = try MCAPMessages(MCAPFile(path: Checkout.fixture("recordings/format-1.mcap")))
    var writer = MCAPWriter(MCAPHeader(profile: "dubwatch", library: "dubwatch"), options: .init(chunkBytes: 1 << 16))
    var changed = 0
    func without(_ json: JSONValue) -> JSONValue {
      switch json {
      case .object(var members):
        if members.removeValue(forKey: field) != nil { changed += 1 }
        return .object(members.mapValues(without))
      case .array(let elements): return .array(elements.map(without))
      default: return json
      }
    }
    while let item = try messages.next() {
      switch item {
      case .message(var message, let channel):
        if channel.topic == topic { message.data = Array(without(try JSONValue.parse(Array(message.data))).jsonText.utf8)[...] }
        writer.add(channel)
        try writer.add(message)
      case .metadata(let metadata): try writer.add(metadata)
      case .attachment(let attachment): try writer.add(attachment)
      }
    }
    try writer.finish()
    return (writer.take(), changed)
  }

  private func numbers(_ source: any MCAPSource) throws -> (numbers: [EventNumber], losses: RecordedEvents.Losses) {
    var events = try RecordedEvents(source)
    var numbers: [EventNumber] = []
    while let event = try events.next() { numbers.append(event.number) }
    return (numbers, events.losses)
  }

  @Test(
    arguments: [
      ("isPast", "/happenings", true), ("isSequel", "/happenings", true), ("hasAnswered", "/sources", true), ("isSlate", "/paths", true),
      ("maxInflight", "/description", true), ("thresholds", "/description", true), ("sources", "/description", true),
      // What was always there has no meaning when it is not.
      ("kind", "/happenings", false), ("target", "/sources", false), ("environment", "/description", false),
    ]) func `no event is lost for a field that came after it was recorded`(field: String, topic: String, isLater: Bool) throws
  {
    let all = try numbers(MCAPFile(path: Checkout.fixture("recordings/format-1.mcap")))
    let older = try fixture(without: field, in: topic)
    #expect(older.changed > 0)
    let read = try numbers(MCAPBytes(older.bytes))
    #expect((read.numbers == all.numbers) == isLater)
    #expect(read.losses.isNone == isLater)
  }

  private func kind(_ event: RunEvent) -> String {
    switch event {
    case .sample(.health): "health"
    case .sample(.metrics): "scrape"
    case .sample(.mediaPaths): "paths"
    case .sample(.stream): "stream"
    case .sample(.publisher): "publisher"
    case .sample(.ownCost): "cost"
    case .happening: "happening"
    case .logLines: "logs"
    case .sourceStatus: "source"
    case .description: "description"
    case .tick: "tick"
    case .verdict: "verdict"
    }
  }
}
