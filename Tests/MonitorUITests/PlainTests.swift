import Events
import MonitorUI
import RunModel
import Testing

@Suite struct PlainTests {
  /// Everything that a run's merged stream holds, as a reader of lines gets it.
  private func batch(_ script: Script, skipped: Int = 0) -> RowBatch {
    let run = script.state()
    return RowBatch(rows: Array(run.rows), skipped: skipped, description: run.description)
  }

  @Test func `one line for each change`() throws {
    var plain = PlainMonitor()
    let script = SampleRuns.everything()
    let batch = batch(script)
    let lines = plain.lines(for: batch)
    #expect(lines.count == batch.rows.count)
    let opened = try #require(batch.rows.first { $0.text.contains("closed → open") }).number
    let failing = try #require(batch.rows.first { $0.text.contains("health 503") }).number
    #expect(lines.contains("12:00:29.500 #\(opened) bad     breaker media-service: closed → open (failure ×5)"))
    #expect(lines.contains("12:00:57.000 #\(failing) bad     service echo-sts: health 503 \"simulated outage\""))
    #expect(plain.lines(for: RowBatch(rows: [], description: nil)).isEmpty)
  }

  @Test func `the number is that of the event`() throws {
    let script = SampleRuns.everything()
    let row = try #require(script.state().rows.first { $0.text.contains("closed → open") })
    let event = script.events[Int(row.number.sequence)].event
    guard case .happening(let happening) = event, case .breaker(let transition) = happening.kind else {
      Issue.record("event \(row.number) is no transition of the breaker")
      return
    }
    #expect(transition.state == .open)
  }

  @Test func `what was left out is a line`() {
    var plain = PlainMonitor()
    let lines = plain.lines(for: RowBatch(rows: [], skipped: 3, description: nil))
    #expect(lines == ["warning run dubwatch: 3 lines are left out here: they were not read in time"])
    #expect(plain.lines(for: RowBatch(rows: [], description: nil)).isEmpty)
  }

  @Test func `routine can be left out`() {
    var plain = PlainMonitor(showsRoutine: false)
    let lines = plain.lines(for: batch(SampleRuns.everything()))
    #expect(!lines.contains { $0.contains("sent 3") })
    #expect(lines.contains { $0.contains("closed → open") })
  }

  @Test func `nothing raw comes out`() {
    var script = Script()
    script.own(1, .mark(RenderTests.hostile))
    var plain = PlainMonitor()
    let lines = plain.lines(for: batch(script))
    #expect(lines.count == 1)
    for line in lines { #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E || $0.value == 0x9B }) }
  }

  @Test func `colour only when asked`() {
    var plain = PlainMonitor(usesColor: true)
    let lines = plain.lines(for: batch(SampleRuns.everything()))
    #expect(lines.contains { $0.contains("\u{1B}[31mbad\u{1B}[0m") })
  }
}
