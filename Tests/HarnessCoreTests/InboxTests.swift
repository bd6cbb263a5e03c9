import HarnessModel
import Synchronization
import Testing

@testable import HarnessCore

@Suite struct InboxTests {
  final class Tap: EventTap {
    let seen = Mutex<[EventEnvelope]>([])
    func record(_ envelope: EventEnvelope) { seen.withLock { $0.append(envelope) } }
  }

  private func mark(_ text: String) -> RunEvent { .happening(Happening(.mark(text), service: "x", provenance: .own)) }
  private func health(_ latency: Double) -> RunEvent {
    .sample(.health(HealthSample(service: "x", outcome: .unreachable(reason: ""), latencyMilliseconds: latency, url: "")))
  }
  private func lines(_ count: Int, length: Int = 4) -> RunEvent {
    .logLines((0..<count).map { _ in LogLine(service: "x", text: String(repeating: "a", count: length)) })
  }
  private let source = SourceID(.health, "x")

  @Test func `keeps order and coalesces samples`() async throws {
    let tap = Tap()
    let inbox = Inbox(clock: realClock(), taps: [tap])
    await inbox.emit(health(1), from: source)
    await inbox.emit(mark("a"), from: .harness)
    await inbox.emit(health(2), from: source)
    await inbox.emit(health(3), from: SourceID(.health, "y"))
    await inbox.emit(.tick, from: .harness)
    await inbox.emit(mark("b"), from: .harness)
    await inbox.emit(.tick, from: .harness)
    let batch = try #require(await inbox.nextBatch())
    let words = batch.events.map { envelope -> String in
      switch envelope.event {
      case .happening(let happening): if case .mark(let text) = happening.kind { text } else { "?" }
      case .sample(.health(let sample)): "\(sample.latencyMilliseconds)"
      case .tick: "tick"
      default: "?"
      }
    }
    #expect(words == ["a", "2.0", "3.0", "b", "tick"])
    #expect(batch.events.map(\.sequence) == [0, 1, 2, 3, 4])
    #expect(zip(batch.events, batch.events.dropFirst()).allSatisfy { $0.instant <= $1.instant })
    #expect(tap.seen.withLock { $0.map(\.sequence) } == Array(0..<7))
    await inbox.emit(mark("c"), from: .harness)
    #expect(await inbox.nextBatch()?.events.map(\.sequence) == [5])
  }

  @Test func `drops the oldest and counts`() async throws {
    let inbox = Inbox(clock: realClock(), limits: .init(happenings: 3, logLines: 10, logBytes: 10_000))
    let description = RunDescription(
      scenario: nil, environment: "attached", contract: Contract(name: "x", summary: ""), contractReason: "", services: [],
      startedAt: WallTime(epochSeconds: 0))
    await inbox.emit(.description(description), from: .harness)
    for index in 0..<5 { await inbox.emit(mark("\(index)"), from: .harness) }
    for _ in 0..<6 { await inbox.emit(lines(4), from: source) }
    let batch = try #require(await inbox.nextBatch())
    #expect(await inbox.droppedHappenings == 3)
    #expect(await inbox.droppedLines == 16)
    #expect(batch.dropped == 19)
    let marks = batch.events.compactMap { if case .happening(let happening) = $0.event { happening.kind } else { nil } }
    #expect(marks == [.mark("3"), .mark("4")])
    guard case .description? = batch.events.first?.event else {
      Issue.record("the description was dropped")
      return
    }
    // One batch over the limit is still delivered.
    await inbox.emit(lines(40), from: source)
    #expect(await inbox.nextBatch()?.events.count == 1)
    await inbox.emit(lines(2, length: 9000), from: source)
    await inbox.emit(lines(2, length: 4000), from: source)
    #expect(await inbox.droppedLines == 18)
  }

  @Test(.timeLimit(.minutes(1)))
  func `waits without polling and ends`() async throws {
    let inbox = Inbox(clock: realClock())
    let reader = Task { () -> [Int] in
      var counts: [Int] = []
      while let batch = await inbox.nextBatch() { counts.append(batch.events.count) }
      return counts
    }
    for index in 0..<20 {
      await inbox.emit(mark("\(index)"), from: .harness)
      await Task.yield()
    }
    await inbox.finish()
    await inbox.emit(mark("late"), from: .harness)
    #expect(await reader.value.reduce(0, +) == 20)
    #expect(await inbox.nextBatch() == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a cancelled reader gets nil`() async throws {
    let inbox = Inbox(clock: realClock())
    let reader = Task { await inbox.nextBatch() }
    await Task.yield()
    reader.cancel()
    #expect(await reader.value == nil)
    await inbox.emit(mark("a"), from: .harness)
    #expect(await inbox.nextBatch()?.events.count == 1)
  }
}
