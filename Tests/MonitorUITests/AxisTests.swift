import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// What stands under a chart, and what a sparkline may not do.
@Suite struct AxisTests {
  private static let size = Size(width: 160, height: 48)

  private static func rows(_ run: RunState, _ pane: Pane, _ commands: [Command.Action] = []) -> [String] {
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    for command in commands { _ = ui.reduce(.command(command), in: run) }
    return Picture(name: "", run: run, ui: ui, size: size).pane(pane)?.rows() ?? []
  }

  @Test(arguments: [
    (Pane.sync, 20.0, "start"), (.sync, 20, "now"), (.sync, 20, "2 min wide"), (.sync, 60, "start"), (.breaker, 60, "start"),
    (.breaker, 60, "now"), (.reconnection, 60, "lost"), (.reconnection, 60, "later"),
  ]) func `an axis says where it begins, how wide it is and where now is`(_ pane: Pane, _ end: Double, _ word: String) {
    let rows = Self.rows(SampleRuns.everything(until: end).state(), pane)
    #expect(rows.contains { $0.contains("┈┈") && $0.contains(word) }, "\(rows.joined(separator: "\n"))")
  }

  @Test func `sparklines say what they span`() {
    #expect(Self.rows(SampleRuns.everything().state(), .metrics).contains { $0.contains("bars: 60 s to now") })
  }

  @Test func `a full axis says how long ago it begins`() {
    let rows = Self.rows(SampleRuns.everything().state(), .breaker, [.zoomTimeIn, .zoomTimeIn])
    #expect(rows.contains { $0.contains("30 s ago") && $0.contains("now") })
  }

  @Test func `faults stand in the row of the axis and never in a lane`() {
    let rows = Self.rows(SampleRuns.everything().state(), .breaker)
    let marked = rows.filter { $0.contains("▾") }
    #expect(marked.count == 1 && marked[0].contains("┈"), "\(marked)")
    #expect(rows.contains { $0.contains("half ") && !$0.contains("▾") })
    // With its sentence where there is room for it.
    #expect(Self.rows(SampleRuns.everything().state(), .sync).contains { $0.contains("▾┈errors TIMEOUT ×5") })
  }

  @Test func `every rate of a column has one unit`() {
    for row in Self.rows(SampleRuns.everything().state(), .metrics) { #expect(!row.contains("/s "), "\(row)") }
  }

  @Test func `no sparkline fills its row`() {
    for pane in [Pane.metrics, .services] {
      for row in Self.rows(SampleRuns.everything().state(), pane) { #expect(!row.contains("█"), "\(row)") }
    }
  }

  /// Reversed, an empty cell is a full one.
  @Test func `the cursor leaves bars as high as they are`() {
    var found = 0
    let canvas = Pictures.paused.canvas
    for y in 0..<canvas.size.height {
      for x in 0..<canvas.size.width where "▁▂▃▄▅▆▇".unicodeScalars.contains(where: { UInt32($0.value) == canvas[x, y].base }) {
        found += 1
        #expect(!canvas[x, y].style.attributes.contains(.reverse), "\(x),\(y)")
      }
    }
    #expect(found > 0)
  }
}
