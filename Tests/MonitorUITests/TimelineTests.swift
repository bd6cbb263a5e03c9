import Events
import Judging
import MonitorUI
import RunModel
import Testing

@Suite struct TimelineTests {
  @Test(arguments: [0.0, 4.9, 5, 15.05, 22.3, 31, 47.7, 59.99, 60, 90]) func `any moment is as it was`(_ seconds: Double) {
    let script = SampleRuns.everything()
    let fold = script.fold(looksBack: true)
    var expected = RunFold()
    for event in script.events where event.instant <= RunInstant(seconds: seconds) { expected.take(event) }
    let state = fold.state(at: RunInstant(seconds: seconds))
    #expect(state.rows == expected.state.rows)
    #expect(state.breaker.state == expected.state.breaker.state)
    #expect(state.verdict.entries == expected.state.verdict.entries)
    #expect(state.metrics.number(.fragmentsSent) == expected.state.metrics.number(.fragmentsSent))
    #expect(state.now == RunInstant(seconds: min(60, seconds)))
  }

  @Test func `it is bounded`() throws {
    var script = Script()
    for second in 0..<7200 { script.healthy(Double(second), .mediaService) }
    let fold = script.fold(looksBack: true)
    let timeline = try #require(fold.timeline)
    #expect(timeline.snapshotCount < 100)
    #expect(timeline.eventCount < 960)
    #expect(timeline.oldest >= RunInstant(seconds: 7200 - 960))
    #expect(fold.state(at: .zero).now >= timeline.oldest)
    let middle = RunInstant(seconds: 6700.5)
    #expect(fold.state(at: middle).service(.mediaService)?.lastCheck?.at == RunInstant(seconds: 6700))
  }

  @Test func `who does not look back keeps nothing`() {
    let fold = SampleRuns.everything().fold()
    #expect(fold.timeline == nil)
    #expect(fold.state(at: .zero).now == fold.state.now)
  }
}
