import Events
import MCAP
import Recording
import RunModel
import TestSupport
import Testing

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
