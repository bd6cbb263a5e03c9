import Events
import MonitorUI
import RunModel
import TerminalCanvas
import TestSupport
import Testing

/// What the first line keeps when there is little room.
@Suite struct TitleBarTests {
  private static func title(_ run: RunState, _ size: Size, _ commands: [Command.Action] = []) -> String {
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    for command in commands { _ = ui.reduce(.command(command), in: run) }
    return MonitorView.render(run: run, ui: ui, size: size).rows()[0]
  }

  @Test(arguments: Array(stride(from: 49, through: 200, by: Breadth.isWhole ? 1 : 10)))
  func `how much is wrong stands in it wherever the verdict does not show`(_ width: Int) {
    let run = SampleRuns.broken().state()
    let wrong = run.alarms.count { !$0.isExpectation }
    for height in [15, 24, 40] {
      let size = Size(width: width, height: height)
      for commands in [[], [.zoom], [.pause], [.focus8, .named("hide-pane")]] as [[Command.Action]] {
        var ui = MonitorState()
        for command in commands { _ = ui.reduce(.command(command), in: run) }
        let showsVerdict = MonitorView.frame(run: run, ui: ui, size: size).layout.rect(of: .verdict) != nil
        let title = Self.title(run, size, commands)
        #expect(showsVerdict || title.contains("\(wrong) wrong"), "\(size) \(commands): \(title)")
      }
    }
  }

  @Test func `names give way before what is wrong and what is judged`() {
    let everything = SampleRuns.everything().state()
    #expect(Self.title(everything, Size(width: 60, height: 15)).contains("2 wrong"))
    #expect(Self.title(everything, Size(width: 60, height: 15)).contains("LIVE"))
    let judged = VerdictPaneTests.manyJudged().state()
    let title = Self.title(judged, Size(width: 60, height: 15))
    #expect(title.contains("wrong") && title.contains("2✗"), "\(title)")
    // With room for both, both show.
    #expect(Self.title(everything, Size(width: 80, height: 24)).contains("everything · embedded"))
  }
}
