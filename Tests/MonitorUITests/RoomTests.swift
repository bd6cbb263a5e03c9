import CanvasSupport
import Events
import MonitorUI
import RunModel
import TerminalCanvas
import TestSupport
import Testing

/// How the screen is shared out, as properties over sizes, demands and choices.
@Suite struct RoomTests {
  private static func demands(_ random: inout SplitMix) -> [Pane: PaneDemand] {
    var demands: [Pane: PaneDemand] = [:]
    for pane in Pane.allCases where random.next() % 8 != 0 {
      let need = PaneDemand.Need.allCases[Int(random.next() % UInt64(PaneDemand.Need.allCases.count))]
      demands[pane] = PaneDemand(rows: need == .quiet ? 1 : Int(random.next() % 40), need)
    }
    return demands
  }

  private static func choice(_ random: inout SplitMix, _ run: RunState) -> LayoutChoice {
    var ui = MonitorState()
    for _ in 0..<Int(random.next() % 6) {
      _ = ui.reduce(.focus(Pane.allCases[Int(random.next() % UInt64(Pane.allCases.count))]), in: run)
      let name = ["preset", "hide-pane", "pin-pane", "show-panes"][Int(random.next() % 4)]
      _ = ui.reduce(.command(.named(name)), in: run)
    }
    return ui.layout
  }

  @Test(arguments: 0..<60) func `every size holds whatever panes have to say`(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed) &* 6151 &+ 11)
    var broken: [String] = []
    for _ in 0..<300 {
      let size = Size(width: 40 + Int(random.next() % 220), height: 10 + Int(random.next() % 70))
      let focus = Pane.allCases[Int(random.next() % UInt64(Pane.allCases.count))]
      let lead = random.next() % 2 == 0 ? Pane.verdict : nil
      let demands = Self.demands(&random)
      let choice = Self.choice(&random, RunState())
      let layout = ScreenLayout(size, focus: focus, demands: demands, choice: choice, lead: lead)
      let again = ScreenLayout(size, focus: focus, demands: demands, choice: choice, lead: lead)
      if layout != again { broken.append("\(size): the same values, another layout") }
      if let fault = Self.fault(layout, focus) { broken.append("\(size) focus \(focus) \(choice) \(demands): \(fault)") }
      for pane in choice.hidden where pane != focus.name && layout.panes.contains(where: { $0.pane.name == pane }) {
        broken.append("\(size): \(pane) is hidden and shows")
      }
    }
    #expect(broken.isEmpty, "\(broken.prefix(3))")
  }

  private static func fault(_ layout: ScreenLayout, _ focus: Pane) -> String? {
    let body = Rect(layout.size).inset(top: 1, bottom: 1)
    for (index, one) in layout.panes.enumerated() {
      if !body.contains(one.rect) { return "\(one) is outside" }
      if one.rect.height < 3 || one.rect.width < 16 { return "\(one) is too small" }
      for other in layout.panes[(index + 1)...] where !one.rect.intersection(other.rect).isEmpty { return "\(one) and \(other) overlap" }
    }
    guard let rect = layout.rect(of: focus) else { return "the focused pane does not show" }
    if rect.height < 4 || rect.width < 30 { return "the focused pane has only \(rect.size)" }
    let covered = layout.panes.reduce(0) { $0 + $1.rect.width * $1.rect.height }
    return covered == body.width * body.height || layout.size.height < 24 || layout.size.width < 80 ? nil : "cells without a pane"
  }

  @Test(arguments: [(120, 40), (160, 48), (200, 60)]) func `what has nothing to say keeps one line, and its room goes to others`(
    _ width: Int, _ height: Int
  ) throws {
    let size = Size(width: width, height: height)
    let quiet: [Pane: PaneDemand] = [
      .breaker: PaneDemand(rows: 1, .quiet), .backpressure: PaneDemand(rows: 1, .quiet), .metrics: PaneDemand(rows: 1, .quiet),
      .reconnection: PaneDemand(rows: 1, .quiet),
    ]
    let before = ScreenLayout(size, focus: .events)
    let after = ScreenLayout(size, focus: .events, demands: quiet)
    for pane in [Pane.breaker, .backpressure, .metrics] { #expect(after.rect(of: pane)?.height == 3) }
    #expect(try #require(after.rect(of: .reconnection)).width <= 34)
    let grown = try #require(after.rect(of: .events))
    let was = try #require(before.rect(of: .events))
    #expect(grown.width > was.width && grown.height > was.height)
  }

  @Test func `what is wrong has what it wants before others have more than they need`() throws {
    let size = Size(width: 120, height: 40)
    let rows = 12
    for pane in [Pane.breaker, .reconnection, .services] {
      var demands = Dictionary(uniqueKeysWithValues: Pane.allCases.map { ($0, PaneDemand(rows: 20)) })
      demands[pane] = PaneDemand(rows: rows, .wrong)
      let layout = ScreenLayout(size, focus: .events, demands: demands)
      #expect(try #require(layout.rect(of: pane)).height >= rows + 2, "\(pane)")
    }
  }

  @Test func `of a few panes those show that are wrong now, before those that were`() {
    let size = Size(width: 60, height: 15)
    let demands: [Pane: PaneDemand] = [
      .breaker: PaneDemand(rows: 9, .recent), .services: PaneDemand(rows: 9), .reconnection: PaneDemand(rows: 9, .wrong),
    ]
    #expect(ScreenLayout(size, focus: .events, demands: demands).panes.map(\.pane) == [.reconnection, .events])
    // In a run: the breaker has closed, the connection is lost.
    var script = Script()
    script.told(1, .breaker(BreakerTransition(from: .closed, state: .open, trigger: .failure, failureCount: 5)))
    script.told(3, .breaker(BreakerTransition(from: .open, state: .closed, trigger: .success)))
    script.tick(4)
    func shown(_ script: Script) -> [Pane] {
      MonitorView.frame(run: script.state(), ui: MonitorState(), size: size).layout.panes.map(\.pane)
    }
    #expect(shown(script) == [.breaker, .events])
    script.told(5, .speechDisconnected(reason: "gone"))
    #expect(shown(script) == [.reconnection, .events])
    // Given up it is no less lost.
    script.told(7, .reconnectionGaveUp(attempts: 1))
    script.tick(100)
    #expect(shown(script) == [.reconnection, .events])
    script.told(101, .breaker(BreakerTransition(from: .closed, state: .open, trigger: .failure, failureCount: 5)))
    #expect(shown(script) == [.breaker, .events])
  }

  @Test func `a judged run begins with its verdict`() throws {
    for size in [Size(width: 160, height: 48), Size(width: 120, height: 40), Size(width: 80, height: 24)] {
      let run = VerdictPaneTests.manyJudged().state()
      let layout = MonitorView.frame(run: run, ui: MonitorState(), size: size).layout
      let verdict = try #require(layout.rect(of: .verdict))
      #expect(verdict.y == 1, "\(size)")
      #expect(verdict.height >= 6, "\(size): \(verdict)")
      #expect(layout.rect(of: .events) != nil, "\(size)")
    }
  }

  @Test func `presets go round, and are kept`() {
    var ui = MonitorState()
    var names: [String] = []
    for _ in 0..<4 {
      let effects = ui.reduce(.command(.named("preset")), in: RunState())
      #expect(effects == [.remember(ui.layout)])
      #expect(ui.notice?.contains(ui.layout.preset) == true)
      names.append(ui.layout.preset)
    }
    #expect(names == ["triage", "sync", "logs", "overview"])
    var later = MonitorState()
    _ = later.reduce(.layout(ui.layout), in: RunState())
    #expect(later.layout == ui.layout)
  }

  @Test(arguments: [("triage", Pane.verdict), ("sync", .sync), ("logs", .events)])
  func `a preset puts first what it is about`(_ name: String, _ first: Pane) throws {
    var ui = MonitorState()
    _ = ui.reduce(.focus(first), in: RunState())
    while ui.layout.preset != name { _ = ui.reduce(.command(.named("preset")), in: RunState()) }
    for size in [Size(width: 200, height: 60), Size(width: 120, height: 40), Size(width: 80, height: 24)] {
      let layout = ScreenLayout(size, focus: first, choice: ui.layout)
      #expect(layout.rect(of: first)?.y == 1, "\(name) \(size)")
      #expect(layout.panes.count < Pane.allCases.count)
      // Any other pane shows while it has the focus.
      for pane in Pane.allCases { #expect(ScreenLayout(size, focus: pane, choice: ui.layout).rect(of: pane) != nil) }
    }
  }

  @Test func `a pane is hidden, pinned and brought back`() {
    var ui = MonitorState()
    _ = ui.reduce(.focus(.metrics), in: RunState())
    _ = ui.reduce(.command(.named("hide-pane")), in: RunState())
    #expect(ui.layout.hidden == ["metrics"] && ui.focus == .breaker)
    for _ in Pane.allCases {
      _ = ui.reduce(.command(.focusNext), in: RunState())
      #expect(ui.focus != .metrics, "tab goes past what is hidden")
    }
    _ = ui.reduce(.focus(.reconnection), in: RunState())
    _ = ui.reduce(.command(.named("pin-pane")), in: RunState())
    let quiet = Dictionary(uniqueKeysWithValues: Pane.allCases.map { ($0, PaneDemand(rows: 1, .quiet)) })
    let layout = ScreenLayout(Size(width: 120, height: 40), focus: .events, demands: quiet, choice: ui.layout)
    #expect((layout.rect(of: .reconnection)?.width ?? 0) >= 60, "what is pinned keeps its room")
    #expect(layout.rect(of: .metrics) == nil)
    _ = ui.reduce(.command(.named("show-panes")), in: RunState())
    #expect(ui.layout == LayoutChoice())
  }

  /// The layout moves only where a state does: in a run that goes its way nothing jumps.
  @Test func `a healthy run keeps its layout`() {
    var layouts: Set<ScreenLayout> = []
    for second in 20..<40 {
      let run = SampleRuns.healthyMediaService(until: Double(second)).state()
      layouts.insert(MonitorView.frame(run: run, ui: MonitorState(), size: Size(width: 120, height: 40)).layout)
    }
    #expect(layouts.count == 1)
  }
}
