import HarnessCore
import HarnessRun
import MonitorUI
import ProcessGuard
import Recording
import RunModel
import TerminalNcurses
import WireFormats

/// How a run is shown, decided.
package struct Screen: Sendable {
  /// Whether it is shown as lines, one per change.
  package var isPlain: Bool
  /// Nil for dark or light, by what the terminal draws on.
  var theme: Theme?
  var usesUTC: Bool
  var bindings: KeyBindings
  /// How the screen begins; nil for what was chosen last.
  var preset: String?

  package init(isPlain: Bool, theme: Theme?, usesUTC: Bool, bindings: KeyBindings, preset: String?) {
    self.isPlain = isPlain
    self.theme = theme
    self.usesUTC = usesUTC
    self.bindings = bindings
    self.preset = preset
  }

  /// Shows a run that is not judged, until somebody or something ends it.
  /// - Returns: the exit status.
  package func watch(_ setUp: (ProcessGuard) async throws -> RunSetUp) async throws -> Int32 {
    try await withRun(for: isPlain ? .lines : .screen, setUp) { run in
      let status: Int32?
      do {
        status =
          if let rows = run.rows { await lines(rows, PlainMonitor(usesUTC: usesUTC), untilItEnds: true) } else { try await draw(run) }
      } catch {
        throw Problem(error, otherwise: .terminal)
      }
      // The screen is given back, and took with it what it showed.
      tell(of: await run.history.state)
      if let status { return status }
      return await run.history.state.environmentFailure == nil ? ExitStatus.good : ExitStatus.unavailable
    }
  }

  /// Says what a run with a story came to, as far as it went.
  private func tell(of run: RunState) {
    guard run.description?.acts != nil, run.begunAt != nil, let name = run.description?.scenario else { return }
    let whole = run.ended == nil ? " so far" : ""
    StandardOutput.write(words: "\(escapeUntrusted(name))\(whole): \(RunSum(run).sentence)\n")
  }

  /// Shows a judged run until it is over, or until somebody ends it.
  /// - Parameter rings: whether a violation rings the terminal's bell.
  /// - Returns: the exit status of what ended it; nil for its end.
  package func show(_ run: LiveRun, _ turn: JudgedSeries.Turn, rings: Bool) async throws -> Int32? {
    guard let rows = run.rows else { return try await draw(run, isJudged: true, exitAtEnd: !turn.isLast, rings: rings) }
    if turn.count > 1 { StandardOutput.write("== \(turn.number)/\(turn.count) \(turn.scenario)\n") }
    // To the very end: the environment's stop is told too.
    return await lines(rows, PlainMonitor(showsRoutine: false, usesUTC: usesUTC), rings: rings && Host.isTerminal(1))
  }

  private func draw(_ run: LiveRun, isJudged: Bool = false, exitAtEnd: Bool = false, rings: Bool = false) async throws -> Int32? {
    var state = MonitorState(
      theme: theme ?? .dark, followsGround: theme == nil, bindings: bindings, ownsEnvironment: run.ownsServices)
    begin(&state)
    // Who judges looks for what is violated.
    if isJudged { _ = state.reduce(.focus(.verdict), in: RunState()) }
    let backend = try NcursesBackend(environment: Host.environment, witness: run.processGuard.terminalWitness)
    var options = MonitorOptions(initial: state, exitAtEnd: exitAtEnd, ringsAtViolation: rings)
    if let recorder = run.recorder {
      options.recording = {
        let status = recorder.status
        return RecordingShown(bytes: status.bytes, hasFailed: status.trouble != nil)
      }
    }
    let status = try await MonitorProgram(backend: backend, options: options)
      .run(feed: run.history, effects: RunEffects(harness: run.harness)).status
    return status == ExitStatus.good ? nil : status
  }

  /// What was chosen before the screen began: times in UTC, the layout that is remembered, with the preset of the settings.
  func begin(_ state: inout MonitorState) {
    if usesUTC { _ = state.reduce(.command(.utc), in: RunState()) }
    var layout = RememberedLayout(Host.environment).read() ?? LayoutChoice()
    layout.preset = preset ?? layout.preset
    _ = state.reduce(.layout(layout), in: RunState())
  }

  /// Writes lines until the run is over, nobody reads any more, or a signal comes.
  private func lines(_ rows: RowReader, _ monitor: PlainMonitor, untilItEnds: Bool = false, rings: Bool = false) async -> Int32? {
    let status = await Signals.run {
      var monitor = monitor
      var violated = 0
      while let batch = await rows.nextRows() {
        guard await StandardOutput.write(lines: monitor.lines(for: batch)) else { return }
        if rings, batch.violated > violated { StandardOutput.write("\u{7}") }
        violated = batch.violated
        if untilItEnds, batch.hasEnded { return }
      }
    }.status
    await rows.close()
    return status
  }
}
