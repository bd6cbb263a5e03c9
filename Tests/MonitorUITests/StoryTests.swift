import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// What a demo says of itself while it goes on, and at its end.
@Suite struct StoryTests {
  private static let acts = [
    StoryAct(at: 0, "each segment goes to the speech service and comes back", watch: "metrics", "sent and processed rise together"),
    StoryAct(at: 14, "the speech service fails five fragments", watch: "breaker", "the fifth failure opens the breaker"),
    StoryAct(at: 50, "the sound drifts off", watch: "sync", "past 120 ms late", maxSpeed: 4),
  ]

  private static func run(
    until end: Double = 60, speed: Double = 1, ended: Bool = false, hasBegun: Bool = true
  ) -> RunState {
    var script = Script()
    if hasBegun { script = SampleRuns.everything(until: end) } else { script.own(0.2, .environment(.starting, reason: nil)) }
    var description =
      script.state().description
      ?? RunDescription(
        scenario: "everything", environment: "embedded", contract: SampleRuns.dataModelContract, contractReason: "asked for",
        expectedSeconds: 90, services: [], startedAt: WallTime(epochSeconds: Script.start))
    description.acts = acts
    description.speed = speed
    script.add(end, .harness, .description(description))
    if ended { script.own(end, .runEnded(reason: "the demo is over")) }
    return script.state()
  }

  private static func frame(_ run: RunState, _ size: Size = Size(width: 160, height: 48)) -> Frame {
    MonitorView.frame(run: run, ui: MonitorState(), size: size)
  }

  @Test(arguments: [
    (10.0, "Act 1 of 3, watch 3 Metrics: each segment goes to the speech service and comes back; sent and processed rise together"),
    (15.1, "Act 1 of 3, "), (15.3, "Act 2 of 3, watch 4 Breaker: the speech service fails five fragments; the fifth failure opens"),
    (60, "Act 3 of 3, watch 2 A/V sync: the sound drifts off; past 120 ms late"),
  ]) func `each act says what happens, where it is seen and what should follow`(_ end: Double, _ words: String) {
    // The environment is there 1.2 s after the start: a story's time begins then.
    #expect(Self.frame(Self.run(until: end)).canvas.rows()[1].hasPrefix(" \(words)"))
  }

  @Test func `what cannot be seen at a speed is not promised`() {
    let line = Self.frame(Self.run(speed: 10)).canvas.rows()[1]
    #expect(line.contains("not to be seen at this speed, only up to 4x") && !line.contains("past 120 ms late"))
  }

  @Test func `a click on it goes to the pane that it names`() {
    let frame = Self.frame(Self.run(until: 20))
    #expect(frame.action(for: MouseEvent(kind: .press, button: .left, point: Point(x: 5, y: 1))) == .command(.focus(.breaker)))
  }

  @Test(arguments: [(200, 60), (160, 48), (120, 40), (100, 30), (80, 24), (60, 15)])
  func `it takes as many lines in every act, and leaves the panes whole`(_ width: Int, _ height: Int) {
    let size = Size(width: width, height: height)
    let layouts = [5.0, 20, 58].map { Self.frame(Self.run(until: $0), size).layout }
    #expect(Set(layouts.map(\.storyBar.height)).count == 1)
    for layout in layouts {
      #expect(layout.storyBar.height == (height < 30 ? 1 : width >= 120 ? 1 : 2), "\(size)")
      #expect(layout.panes.map(\.rect.y).min() == 1 + layout.storyBar.height)
    }
    // What is to be watched shows, however small the screen is.
    for (layout, pane) in zip(layouts, [Pane.metrics, .breaker, .sync]) { #expect(layout.rect(of: pane) != nil, "\(pane) at \(size)") }
  }

  @Test func `a run without a story keeps its lines`() {
    let run = SampleRuns.everything().state()
    #expect(Self.frame(run).layout.storyBar.isEmpty && Self.frame(run).layout.panes.first?.rect.y == 1)
  }

  @Test func `waiting for the pipeline is no time of the run`() {
    let waiting = Self.frame(Self.run(until: 24, hasBegun: false)).canvas.rows()
    #expect(waiting[0].contains("STARTING 00:24") && !waiting[0].contains("/ 01:30"))
    #expect(waiting[1].contains("waiting for the pipeline: its time does not run yet"))
    #expect(Self.frame(Self.run(until: 60)).canvas.rows()[0].contains("RUNNING 00:58 / 01:30"))
  }

  @Test func `its end says the sum, and never LIVE`() {
    let rows = Self.frame(Self.run(ended: true)).canvas.rows()
    #expect(rows[0].contains("ENDED") && !rows[0].contains("LIVE"))
    #expect(rows[1].contains("The end: 1 fault, 1 fallback, breaker open 31 s, content offset not measured"), "\(rows[1])")
  }

  @Test func `a pane lights up for a second when its state changes`() {
    // The breaker opens at 29.5.
    func title(_ end: Double) -> Style? {
      let frame = Self.frame(Self.run(until: end))
      return frame.layout.rect(of: .breaker).map { frame.canvas[$0.x + 4, $0.y].style }
    }
    let still = title(28)
    #expect(still != nil && title(30) != still && title(30)?.attributes.contains(.reverse) == true)
    #expect(title(31) == still)
  }
}
