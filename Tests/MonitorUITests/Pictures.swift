import Events
import Judging
import MonitorUI
import RunModel
import TerminalCanvas

/// A run, what the user looks at, and the screen that shows it: what a golden is a picture of.
struct Picture {
  var name: String
  let run: RunState
  var ui = MonitorState()
  let size: Size
  var glyphs = GlyphSet.unicode
  var ahead: RunState?

  /// What names it in a golden.
  var title: String { "\(name) \(size)" }

  var canvas: Canvas { MonitorView.render(run: run, ui: ui, size: size, glyphs: glyphs, ahead: ahead) }
  var layout: ScreenLayout { MonitorView.frame(run: run, ui: ui, size: size, glyphs: glyphs, ahead: ahead).layout }

  /// Its text, without the blanks at the ends of rows.
  var text: String {
    canvas.rows().map { row in
      var row = row
      while row.last == " " { row.removeLast() }
      return row
    }.joined(separator: "\n") + "\n"
  }

  /// A pane alone, cut out of the screen; nil where it does not show.
  func pane(_ pane: Pane) -> Canvas? { layout.rect(of: pane).map { canvas.cropped(to: $0) } }

  /// The screen after these keys.
  func after(_ commands: Command.Action...) -> Picture {
    var later = self
    for command in commands { _ = later.ui.reduce(.command(command), in: run) }
    return later
  }
}

/// What the goldens of the panes show.
enum Pictures {
  static let everything = SampleRuns.everything().state()

  /// What overlays lie over.
  static let medium = Picture(name: "everything", run: everything, size: Size(width: 100, height: 30))

  /// Every pane in each of these, where it shows.
  static let all: [Picture] =
    [Size(width: 160, height: 48), Size(width: 120, height: 40), Size(width: 100, height: 30), Size(width: 80, height: 24)].map {
      Picture(name: "everything", run: everything, size: $0)
    }
    + [Size(width: 160, height: 48), Size(width: 80, height: 24)].map {
      Picture(name: "everything in ASCII", run: everything, ui: MonitorState(theme: .none), size: $0, glyphs: .ascii)
    }
    + [
      Picture(name: "a healthy media-service", run: SampleRuns.healthyMediaService().state(), size: Size(width: 120, height: 40)),
      Picture(name: "a worker that hangs", run: hung(), size: Size(width: 120, height: 40)),
      Picture(name: "reconnecting, then hung", run: hung(SampleRuns.everything(until: 47)), size: Size(width: 120, height: 40)),
      Picture(name: "series are gone", run: gone(), size: Size(width: 120, height: 40)),
      Picture(name: "nothing known", run: RunState(), size: Size(width: 120, height: 40)),
      Picture(name: "reconnecting", run: SampleRuns.everything(until: 47).state(), size: Size(width: 120, height: 40)),
      paused,
    ]

  /// A moment of the past, with what came after it behind the cursor.
  static let paused: Picture = {
    let fold = SampleStreams.good.script.fold(looksBack: true)
    let moment = RunInstant(seconds: 32)
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: fold.state.now, oldest: .zero), in: fold.state)
    _ = ui.reduce(.goTo(moment), in: fold.state)
    return Picture(name: "paused", run: fold.state(at: moment), ui: ui, size: Size(width: 120, height: 40), ahead: fold.state)
  }()

  /// Nothing is heard of the worker for 20 s.
  private static func hung(_ script: Script = SampleRuns.healthyMediaService()) -> RunState {
    var script = script
    script.tick(script.state().now.seconds + 20)
    return script.state()
  }

  /// A good scrape that shows nothing of the contract any more.
  private static func gone() -> RunState {
    var script = SampleRuns.healthyMediaService()
    let now = script.state().now.seconds
    script.metrics(now + 1, [:], text: "up 1\n")
    script.metrics(now + 4, [:], text: "up 1\n")
    return script.state()
  }

  /// A pane over the whole screen.
  static func zoomed(_ pane: Pane) -> Picture {
    var ui = MonitorState()
    _ = ui.reduce(.focus(pane), in: everything)
    return Picture(name: "zoomed", run: everything, ui: ui, size: Size(width: 100, height: 24)).after(.zoom)
  }

  /// What only one pane has.
  static func own(of pane: Pane) -> [Picture] {
    switch pane {
    case .sync: streams
    case .events:
      [
        Picture(name: "raw logs", run: SampleRuns.healthyMediaService().state(), size: Size(width: 100, height: 16)).after(.rawLogs, .zoom)
      ]
    case .verdict: wrong
    case .metrics: unread
    case .reconnection:
      [
        Picture(name: "four losses", run: ReconnectionPaneTests.losses(4).state(), size: Size(width: 100, height: 12))
          .after(.focus6, .zoom, .down, .down, .down)
      ]
    default: []
    }
  }

  /// Runs in which no figure was read, for one reason and another.
  private static var unread: [Picture] {
    let size = Size(width: 120, height: 40)
    let failing = MetricsPaneTests.run([SourceID(.metrics, .mediaService)]) { MetricsPaneTests.failing(&$0, .mediaService) }
    return [
      Picture(name: "an endpoint that fails", run: failing, size: size),
      Picture(name: "no endpoint", run: MetricsPaneTests.run([SourceID(.health, "dead")]), size: size),
    ]
  }

  /// A run in which much is violated and wrong, with the focus on it as `dubwatch run` has it; and a view of one that is not judged.
  private static var wrong: [Picture] {
    let sizes = [Size(width: 160, height: 48), Size(width: 120, height: 40), Size(width: 80, height: 24)]
    let judged = VerdictPaneTests.manyJudged().state()
    var ui = MonitorState()
    _ = ui.reduce(.focus(.verdict), in: judged)
    let broken = SampleRuns.broken().state()
    return sizes.map { Picture(name: "violated", run: judged, ui: ui, size: $0) }
      + sizes.map { Picture(name: "broken", run: broken, ui: ui, size: $0) }
      + [Picture(name: "broken, zoomed", run: broken, ui: ui, size: Size(width: 100, height: 24)).after(.zoom)]
  }

  /// A stream in every state, two of them with all of their segments, one in ASCII.
  private static var streams: [Picture] {
    let sizes = [Size(width: 120, height: 40), Size(width: 80, height: 24)]
    let states = SampleStreams.allCases.flatMap { state in
      sizes.map { Picture(name: state.rawValue, run: state.state(), size: $0) }
    }
    let zoomed = [SampleStreams.drift, .breaks].map {
      Picture(name: "\($0.rawValue), zoomed", run: $0.state(), size: Size(width: 100, height: 30)).after(.focus2, .zoom)
    }
    let ascii = Picture(
      name: "breaks in ASCII", run: SampleStreams.breaks.state(), ui: MonitorState(theme: .none), size: sizes[0], glyphs: .ascii)
    return states + zoomed + [ascii]
  }
}
