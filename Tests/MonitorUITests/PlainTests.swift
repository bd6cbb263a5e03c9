import HarnessModel
import MonitorUI
import Testing

@Suite struct PlainTests {
  @Test func `one line for each change`() {
    var plain = PlainMonitor()
    let events = SampleRuns.everything().events
    let lines = plain.lines(for: EventBatch(events: events, dropped: 0))
    #expect(lines.count == plain.state.rows.total)
    #expect(lines.contains("12:00:29.500 bad     breaker media-service: closed → open (failure ×5)"))
    #expect(lines.contains("12:00:57.000 bad     service echo-sts: health 503 \"simulated outage\""))
    #expect(plain.lines(for: EventBatch(events: [], dropped: 0)).isEmpty)
  }

  @Test func `dropped events are a line`() {
    var plain = PlainMonitor()
    let lines = plain.lines(for: EventBatch(events: [], dropped: 3))
    #expect(lines == ["+0.000 bad     run: 3 events were dropped, 3 since the beginning"])
    #expect(plain.lines(for: EventBatch(events: [], dropped: 3)).isEmpty)
  }

  @Test func `routine can be left out`() {
    var plain = PlainMonitor(showsRoutine: false)
    let lines = plain.lines(for: EventBatch(events: SampleRuns.everything().events, dropped: 0))
    #expect(!lines.contains { $0.contains("sent 3") })
    #expect(lines.contains { $0.contains("closed → open") })
  }

  @Test func `nothing raw comes out`() {
    var script = Script()
    script.own(1, .mark(RenderTests.hostile))
    var plain = PlainMonitor()
    let lines = plain.lines(for: EventBatch(events: script.events, dropped: 0))
    #expect(lines.count == 1)
    for line in lines { #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E || $0.value == 0x9B }) }
  }

  @Test func `colour only when asked`() {
    let events = SampleRuns.everything().events
    var plain = PlainMonitor(usesColor: true)
    let lines = plain.lines(for: EventBatch(events: events, dropped: 0))
    #expect(lines.contains { $0.contains("\u{1B}[31mbad\u{1B}[0m") })
  }

  @Test func `no row is lost in a bounded stream`() {
    var plain = PlainMonitor(limits: StateLimits(rows: 3))
    var script = Script()
    for index in 0..<50 { script.own(Double(index), .mark("note \(index)")) }
    #expect(plain.lines(for: EventBatch(events: script.events, dropped: 0)).count == 50)
  }
}
