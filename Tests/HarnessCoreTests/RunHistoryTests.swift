import Contracts
import Events
import Judging
import RuleSupport
import RunModel
import Synchronization
import Testing

@testable import HarnessCore

@Suite(.timeLimit(.minutes(1))) struct RunHistoryTests {
  final class Tap: EventTap {
    let seen = Mutex<[EventEnvelope]>([])
    func record(_ envelope: EventEnvelope) { seen.withLock { $0.append(envelope) } }
    var numbers: [EventNumber] { seen.withLock { $0.map(\.number) } }
  }

  private func mark(_ text: String) -> RunEvent { .happening(Happening(.mark(text), service: "x", provenance: .own)) }
  private func health(_ latency: Double) -> RunEvent {
    .sample(.health(HealthSample(service: "x", outcome: .unreachable(reason: ""), latencyMilliseconds: latency, url: "")))
  }
  private func description(_ expectations: [RunModel.Expectation] = []) -> RunEvent {
    .description(
      RunDescription(
        scenario: "x", environment: "attached", contract: Contract(name: "x", summary: ""), contractReason: "", services: [],
        startedAt: WallTime(epochSeconds: 0), expectations: expectations))
  }
  private let source = SourceID(.health, "x")

  @Test func `every event is numbered folded and tapped in order`() async throws {
    let tap = Tap()
    let history = RunHistory(clock: realClock(), taps: [tap])
    await history.emit(health(1), from: source)
    await history.emit(mark("a"), from: .harness)
    await history.emit(health(2), from: source)
    await history.emit(.tick, from: .harness)
    await history.emit(.logLines([]), from: source)
    let state = await history.state
    #expect(tap.numbers == (0..<4).map { EventNumber($0) }, "nothing is coalesced, and nothing said is no event")
    #expect(state.eventCount == 4 && state.newest == EventNumber(3))
    #expect(state.marks.map(\.value) == ["a"])
    #expect(state.rows.first { $0.category == .mark }?.number == EventNumber(1))
    let instants = tap.seen.withLock { $0.map(\.instant) }
    #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func `a decision stands beside the number that decided it`() async throws {
    let tap = Tap()
    let history = RunHistory(clock: realClock(), taps: [tap])
    let wanted = [
      RunModel.Expectation(id: "steps", rule: .stepsDone),
      RunModel.Expectation(id: "never", rule: .events(EventPattern(.faultEnded), .atMost, 0)),
    ]
    await history.emit(description(wanted), from: .harness)
    for kind: Happening.Kind in [
      .scenario(.began(name: "x")), .scenario(.stepFailed(number: 1, reason: "no")),
      .fault(FaultHappening(id: 1, kind: "k", detail: "d", phase: .momentary)),
    ] {
      await history.emit(.happening(Happening(kind, service: "dubwatch", provenance: .own)), from: .harness)
    }
    let state = await history.state
    #expect(state.verdict.entries.map(\.verdict.standing) == [.violated, .violated])
    #expect(state.verdict.entries.map(\.verdict.decision) == [EventNumber(2, part: 1), EventNumber(3, part: 1)])
    #expect(
      tap.numbers == [EventNumber(0), EventNumber(1), EventNumber(2), EventNumber(2, part: 1), EventNumber(3), EventNumber(3, part: 1)])
    #expect(state.rows.filter { $0.text.hasPrefix("violated") }.map(\.number) == [EventNumber(2, part: 1), EventNumber(3, part: 1)])
    #expect(state.newest == EventNumber(3, part: 1))
  }

  @Test func `who looks waits without polling and is told the end`() async throws {
    let history = RunHistory(clock: realClock())
    let looker = Task { () -> [UInt64] in
      var seen: [UInt64] = []
      while let progress = await history.progress(after: seen.last ?? 0) { seen.append(progress.revision) }
      return seen
    }
    for index in 0..<20 {
      await history.emit(mark("\(index)"), from: .harness)
      await Task.yield()
    }
    await history.finish()
    await history.emit(mark("late"), from: .harness)
    let seen = await looker.value
    #expect(seen.last == 20 && seen == seen.sorted())
    #expect(await history.progress(after: 20) == nil)
    #expect(await history.state.marks.count == 20)
  }

  @Test func `a cancelled looker gets nil`() async throws {
    let history = RunHistory(clock: realClock())
    let looker = Task { await history.progress(after: 0) }
    await Task.yield()
    looker.cancel()
    #expect(await looker.value == nil)
    await history.emit(mark("a"), from: .harness)
    #expect(await history.progress(after: 0)?.revision == 1)
  }

  @Test func `every row comes once in order however many are kept`() async throws {
    let history = RunHistory(clock: realClock(), limits: StateLimits(rows: 3))
    let reader = await history.rowReader()
    await history.emit(description(), from: .harness)
    for index in 0..<50 { await history.emit(mark("note \(index)"), from: .harness) }
    let batch = try #require(await reader.nextRows())
    #expect(batch.rows.filter { $0.category == .mark }.map(\.text) == (0..<50).map { "note \($0)" })
    #expect(batch.description?.scenario == "x" && batch.skipped == 0 && !batch.hasEnded)
    await history.emit(mark("one more"), from: .harness)
    #expect(await reader.nextRows()?.rows.map(\.text) == ["one more"])
    let waiting = Task { await reader.nextRows() }
    await history.finish()
    #expect(await waiting.value == nil)
    await reader.close()
  }

  @Test func `a reader that stands still misses what matters last`() {
    var queue = RowQueue(limit: 100)
    func row(_ serial: Int, _ severity: EventRow.Severity, _ category: EventRow.Category) -> EventRow {
      EventRow(
        serial: serial, number: EventNumber(UInt64(serial)), at: .zero, category: category, severity: severity, service: "x", text: "")
    }
    queue.append(contentsOf: [row(0, .bad, .run)])
    for serial in 1..<1000 {
      queue.append(contentsOf: [row(serial, serial % 10 == 0 ? .info : .routine, serial % 10 == 0 ? .mark : .fragment)])
    }
    let (rows, skipped) = queue.takeAll()
    #expect(rows.count <= 100 && rows.count + skipped == 1000)
    #expect(rows.first?.serial == 0, "a decision is the last that goes")
    #expect(rows.map(\.serial) == rows.map(\.serial).sorted())
    #expect(rows.contains { $0.serial == 990 } && queue.takeAll().rows.isEmpty)
  }

  @Test func `a watched condition counts from the moment it was asked for`() async throws {
    let clock = realClock()
    let history = RunHistory(clock: clock)
    let fault: RunEvent = .happening(
      Happening(.fault(FaultHappening(id: 1, kind: "k", detail: "", phase: .momentary)), service: "dubwatch", provenance: .own))
    await history.emit(fault, from: .harness)
    let watch = await history.watch(.event(EventPattern(.faultEnded), count: 2), since: clock.now())
    await history.emit(fault, from: .harness)
    await history.emit(fault, from: .harness)
    #expect(await history.wait(for: watch, seconds: 0.01), "both came before it was waited for")
    let late = await history.watch(.event(EventPattern(.faultEnded), count: 1), since: clock.now())
    #expect(await !history.wait(for: late, seconds: 0.01))
    #expect(await !history.wait(seconds: 0.01) { $0.marks.count == 1 })
    let waiting = Task { await history.wait(seconds: 60) { $0.marks.count == 1 } }
    await history.emit(mark("a"), from: .harness)
    #expect(await waiting.value)
  }
}
