import Contracts
import Events
import Foundation
import MCAP
import MonitorUI
import Recording
import RunModel
import TerminalCanvas
import TestSupport
import Testing

/// A recording in the panes of a live run.
@Suite struct ReplayTests {
  private func recording(_ events: [EventEnvelope]) throws -> MCAPBytes {
    var writer = RecordingWriter(RecordingHead())
    var flushedAt = 0.0
    for event in events {
      try writer.add(event)
      guard event.instant.seconds - flushedAt >= 1 else { continue }
      flushedAt = event.instant.seconds
      try writer.flush()
    }
    try writer.finish(isWhole: true)
    #expect(writer.unwritten == 0)
    return MCAPBytes(writer.take())
  }

  @Test func `a replayed frame is the live one, cell by cell`() async throws {
    var fold = StateFold()
    let events = SampleRuns.everything().events
    let history = try RecordedHistory(try recording(events))
    var random = SplitMix(seed: 200)
    let picked = Set((0..<200).map { _ in events[Int.random(in: 0..<events.count, using: &random)].number })
    #expect(picked.count > 50)
    let size = Size(width: 160, height: 48)
    for event in events {
      fold.apply(event)
      guard picked.contains(event.number) else { continue }
      let live = MonitorView.render(run: fold.state, ui: MonitorState(), size: size)
      let replayed = MonitorView.render(run: try await history.state(after: event.number), ui: MonitorState(), size: size)
      #expect(live == replayed, "#\(event.number)")
    }
  }

  private struct StateFold {
    private(set) var state = RunState()
    mutating func apply(_ event: EventEnvelope) { state.apply(event) }
  }

  private func replay() -> (run: RunState, ui: MonitorState) {
    let run = SampleRuns.everything().state()
    func at(_ seconds: Double...) -> [RunInstant] { seconds.map { RunInstant(seconds: $0) } }
    let landmarks = Landmarks(
      violations: at(20, 40), turns: at(10, 30), events: at(1, 2, 3, 20, 40),
      bands: [Landmarks.Band(from: RunInstant(seconds: 12), to: RunInstant(seconds: 18)), .init(from: RunInstant(seconds: 50), to: nil)])
    var ui = MonitorState(
      bindings: KeyBindings(.standard, adding: Commands.replay), isReplay: true, transport: Transport(landmarks: landmarks, speed: 2))
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    _ = ui.reduce(.goTo(.zero), in: run)
    return (run, ui)
  }

  @Test func `keys of a recording are in no other's way, and in the manual`() throws {
    let bindings = KeyBindings(.standard, adding: Commands.replay)
    let page = try String(contentsOfFile: Checkout.path("Sources/dubwatch/Manual.docc/Recordings.md"), encoding: .utf8)
    for command in Commands.replay {
      #expect(bindings.keys[command.action] == command.keys, "\(command.name)")
      for key in command.keys { if case .char(let character) = key { #expect(page.contains("`\(character)`"), "\(command.name)") } }
    }
  }

  @Test func `a transport goes to what lies on the way`() {
    let (run, start) = replay()
    let steps: [(keys: String, seconds: Double)] = [
      ("e", 20), ("ee", 40), ("eeE", 20), ("}", 10), ("}}", 30), ("}}{", 10), ("d", 1), ("dd", 2), ("ddD", 1), (")", 1), ("))(", 1),
      ("b", run.thresholds.segmentSeconds), ("bbB", run.thresholds.segmentSeconds), ("E", 0),
    ]
    for (keys, seconds) in steps {
      var ui = start
      for key in keys { if let action = ui.action(for: .char(key)) { _ = ui.reduce(action, in: run) } }
      #expect(ui.shownInstant.seconds == seconds, "\(keys)")
    }
    var ui = start
    if let action = ui.action(for: .char("E")) { _ = ui.reduce(action, in: run) }
    #expect(ui.notice == "no earlier violation")
  }

  @Test func `a recording plays at its speed, rests at its end and begins anew`() {
    let (run, start) = replay()
    var ui = start
    _ = ui.reduce(.played(seconds: 1), in: run)
    #expect(ui.shownInstant == .zero)
    _ = ui.reduce(.command(.pause), in: run)
    _ = ui.reduce(.played(seconds: 3), in: run)
    #expect(ui.shownInstant.seconds == 6)
    for _ in 0..<3 { _ = ui.reduce(.command(.transport(.speed(1))), in: run) }
    #expect(ui.transport?.speed == 20)
    _ = ui.reduce(.played(seconds: 1000), in: run)
    #expect(ui.shownInstant == run.now)
    #expect(ui.transport?.isPlaying == false)
    _ = ui.reduce(.command(.pause), in: run)
    #expect(ui.shownInstant == .zero)
    #expect(ui.transport?.isPlaying == true)
  }

  @Test func `nothing of a recording returns to live, and nothing is injected`() {
    let (run, start) = replay()
    var ui = start
    _ = ui.reduce(.command(.live), in: run)
    #expect(ui.shownInstant == run.now && ui.cursor != nil)
    _ = ui.reduce(.command(.back), in: run)
    #expect(ui.cursor != nil)
    _ = ui.reduce(.command(.toggle(.faults)), in: run)
    let effects = ui.reduce(.command(.enter), in: run)
    #expect(!effects.contains { if case .injectFault = $0 { true } else { false } })
  }

  @Test(arguments: [Size(width: 160, height: 48), Size(width: 80, height: 24), Size(width: 40, height: 11)])
  func `the last line is all of the recording, and a click goes there`(size: Size) throws {
    let (run, ui) = replay()
    let frame = MonitorView.frame(run: run, ui: ui, size: size)
    let line = frame.canvas.rows()[size.height - 1]
    #expect(line.contains("▒") && line.contains("✗") && line.contains("█") && line.contains("2x"))
    let middle = Point(x: size.width * 3 / 4, y: size.height - 1)
    guard case .goTo(let instant)? = frame.action(for: MouseEvent(kind: .press, button: .left, point: middle)) else {
      Issue.record("a click on the last line goes nowhere")
      return
    }
    #expect(instant.seconds > 10 && instant.seconds < run.now.seconds)
    guard case .goTo = frame.action(for: MouseEvent(kind: .drag, button: .left, point: middle)) else {
      Issue.record("a drag on the last line goes nowhere")
      return
    }
  }

  @Test func `the title bar says that the run is recorded, and when it is not any more`() {
    let run = SampleRuns.everything().state()
    var ui = MonitorState()
    func title(_ width: Int) -> String { MonitorView.render(run: run, ui: ui, size: Size(width: width, height: 40)).rows()[0] }
    #expect(!title(160).contains("rec"))
    _ = ui.reduce(.recorded(RecordingShown(bytes: 1_234_567)), in: run)
    #expect(title(160).contains("● rec  1.2 MB"))
    #expect(title(80).contains("● rec"))
    _ = ui.reduce(.recorded(RecordingShown(bytes: 1_234_567, hasFailed: true)), in: run)
    #expect(title(160).contains("✗ rec ended"))
  }
}
