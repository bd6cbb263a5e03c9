import HarnessModel
import MonitorUI
import Testing

@Suite struct TimelineTests {
  @Test(arguments: [0.0, 4.9, 5, 15.05, 22.3, 31, 47.7, 59.99, 60, 90]) func `any moment is as it was`(_ seconds: Double) {
    let script = SampleRuns.everything()
    var timeline = StateTimeline()
    var expected = RunState()
    for event in script.events {
      timeline.apply(event)
      if event.instant <= RunInstant(seconds: seconds) { expected.apply(event) }
    }
    let state = timeline.state(at: RunInstant(seconds: seconds))
    #expect(state.rows == expected.rows)
    #expect(state.breaker.state == expected.breaker.state)
    #expect(state.metrics.number(.fragmentsSent) == expected.metrics.number(.fragmentsSent))
    #expect(state.now == RunInstant(seconds: min(60, seconds)))
  }

  @Test func `it is bounded`() {
    var timeline = StateTimeline()
    var script = Script()
    for second in 0..<7200 { script.healthy(Double(second), .mediaService) }
    for event in script.events { timeline.apply(event) }
    #expect(timeline.snapshotCount < 100)
    #expect(timeline.eventCount < 960)
    #expect(timeline.oldest >= RunInstant(seconds: 7200 - 960))
    #expect(timeline.state(at: .zero).now >= timeline.oldest)
    let middle = RunInstant(seconds: 6700.5)
    #expect(timeline.state(at: middle).service(.mediaService)?.lastCheck?.at == RunInstant(seconds: 6700))
  }
}
