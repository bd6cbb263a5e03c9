import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// Losses of the connection, their attempts, and how they are reached.
@Suite struct ReconnectionPaneTests {
  /// So many losses with two attempts each, the second of which connects; every third loss is off its schedule.
  static func losses(_ count: Int) -> Script {
    var script = SampleRuns.everything(until: 10)
    for number in 1...count {
      let t = 20 * Double(number)
      script.told(t, .speechDisconnected(reason: "reason \(number)"))
      let late = number % 3 == 0 ? 3.0 : 0
      script.told(t + 2 + late, .reconnectionAttempt(ReconnectionAttempt(attempt: 1, plannedDelaySeconds: 2, success: false)))
      script.told(t + 6 + late, .reconnectionAttempt(ReconnectionAttempt(attempt: 2, plannedDelaySeconds: 4, success: true)))
    }
    script.tick(20 * Double(count) + 15)
    return script
  }

  private static func after(_ commands: [Command.Action], in run: RunState) -> MonitorState {
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    for command in commands { _ = ui.reduce(.command(command), in: run) }
    return ui
  }

  private static func frame(_ run: RunState, _ ui: MonitorState, _ size: Size = Size(width: 100, height: 16)) -> Frame {
    MonitorView.frame(run: run, ui: ui, size: size)
  }

  /// What the selected row is copied as, without its time of day.
  private static func copied(_ run: RunState, _ ui: MonitorState) -> String? {
    var ui = ui
    guard case .copy(let text)? = ui.reduce(.command(.named("copy")), in: run).first else { return nil }
    return String(text.drop { $0 != " " }.dropFirst())
  }

  /// The text of the row that is marked as selected; nil where none is.
  private static func marked(_ canvas: Canvas) -> String? {
    (1..<canvas.size.height - 1).first { canvas[5, $0].style.attributes.contains(.reverse) }.map { canvas.rows()[$0] }
  }

  @Test func `in the zoom every row of every loss is reached, shown and opened`() throws {
    let run = Self.losses(10).state()
    var ui = Self.after([.focus6, .zoom, .first], in: run)
    var copies: [String] = []
    for _ in 0..<30 {
      let selected = try #require(Self.marked(Self.frame(run, ui).canvas), "what is selected does not show")
      guard let text = Self.copied(run, ui) else { break }
      copies.append(text)
      let number = (copies.count - 1) / 3 + 1
      let place = (copies.count - 1) % 3
      var opened = ui
      _ = opened.reduce(.command(.enter), in: run)
      let detail = Self.frame(run, opened).canvas.rows().joined(separator: "\n")
      if place < 2 {
        #expect(text.hasPrefix("loss \(number), attempt \(place + 1) \(place == 0 ? "failed" : "connected")"))
        #expect(selected.contains("took"))
        #expect(detail.contains("attempt \(place + 1) of loss \(number)"))
      } else {
        #expect(text == "loss \(number): reason \(number)")
        #expect(selected.contains("lost ") && selected.contains("loss \(number)"))
        #expect(detail.contains("loss \(number) of the connection") && detail.contains("how it went"))
      }
      _ = ui.reduce(.command(.down), in: run)
    }
    #expect(Set(copies).count == 30)
    #expect(ui.selection == Self.after([.focus6, .zoom, .last], in: run).selection, "after the last row comes none")
  }

  @Test func `a click in the zoom selects the row that is clicked`() throws {
    let run = Self.losses(10).state()
    let ui = Self.after([.focus6, .zoom], in: run)
    let frame = Self.frame(run, ui)
    var clicked = 0
    for y in 1..<15 {
      guard case .select(let pane, let item, _)? = frame.action(for: MouseEvent(kind: .press, button: .left, point: Point(x: 4, y: y)))
      else { continue }
      var later = ui
      _ = later.reduce(.select(pane, item: item, at: nil), in: run)
      guard let text = Self.copied(run, later) else { continue }
      let row = frame.canvas.rows()[y]
      #expect(text.contains(", attempt ") == row.contains("took"), "\(text): \(row)")
      if !text.contains(", attempt ") { #expect(row.contains("loss \(text.prefix { $0 != ":" }.dropFirst(5))")) }
      clicked += 1
    }
    #expect(clicked == 12)
  }

  @Test func `what the zoom does not show is counted, with what of it is bad`() {
    let run = Self.losses(10).state()
    func first(_ commands: [Command.Action]) -> String {
      Self.frame(run, Self.after([.focus6, .zoom] + commands, in: run)).canvas.rows()[2]
    }
    // Twelve of thirty rows show; the first attempts after the losses 3, 6 and 9 came late.
    for row in [first([]), first([.first])] {
      #expect(row.contains("+18 not shown, 2 bad"), "\(row)")
      #expect(row.contains("planned   2 s  took  2.00 s   +0 % ✓  +18"), "the row makes room for it: \(row)")
    }
  }

  @Test func `one selection stands in both views`() throws {
    let run = Self.losses(2).state()
    var ui = Self.after([.focus6, .down, .down], in: run)
    let text = try #require(Self.copied(run, ui))
    #expect(text.hasPrefix("loss 2, attempt 2"))
    _ = ui.reduce(.command(.zoom), in: run)
    #expect(Self.copied(run, ui) == text)
    // How the loss went shows in the zoom alone: outside of it the last attempt stands in, and is marked.
    _ = ui.reduce(.command(.down), in: run)
    _ = ui.reduce(.command(.zoom), in: run)
    #expect(Self.copied(run, ui) == text)
    let canvas = Self.frame(run, ui, Size(width: 120, height: 40)).canvas
    let selected = (0..<40).first { y in canvas[3, y].style.attributes.contains(.reverse) }
    #expect(selected.map { canvas.rows()[$0].hasPrefix("┃ 2 ") } == true)
  }

  @Test func `the next attempt counts down in the zoom as well`() {
    var script = Self.losses(2)
    script.told(60, .speechDisconnected(reason: "again"))
    script.told(60.1, .reconnectionPlanned(attempt: 1, delaySeconds: 2))
    script.tick(61)
    let run = script.state()
    let rows = Self.frame(run, Self.after([.focus6, .zoom], in: run)).canvas.rows()
    #expect(rows.contains { $0.contains("announced, due in 1.1 s") })
    #expect(rows.contains { $0.contains("loss 3") && $0.contains("down for") })
  }

  @Test func `the numbers of attempts beyond nine are whole`() {
    var script = SampleRuns.everything(until: 10)
    script.told(20, .speechDisconnected(reason: nil))
    for number in 1...12 {
      script.told(
        20 + 2 * Double(number), .reconnectionAttempt(ReconnectionAttempt(attempt: number, plannedDelaySeconds: 2, success: false)))
    }
    let run = script.state()
    let rows = Self.frame(run, Self.after([.focus6, .zoom], in: run), Size(width: 100, height: 24)).canvas.rows()
    #expect((1...12).allSatisfy { number in rows.contains { $0.hasPrefix("┃ \(number)\(number < 10 ? " " : "")") } }, "\(rows)")
  }
}
