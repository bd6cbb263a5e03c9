import Events
import HarnessRun
import MonitorUI
import Recording
import RunModel
import TerminalCanvas
import TerminalNcurses
import WireFormats

/// A recording in the panes of a live run, or as its lines.
package struct ReplayScreen: Sendable {
  /// The recording: a file, its name, latest or failed.
  let recording: String
  /// Where to begin; nil for the beginning.
  let place: RecordedPlace?
  /// Seconds of the recording in one second; nil for 1.
  let speed: Double?

  package init(_ recording: String, at place: RecordedPlace?, speed: Double?) {
    self.recording = recording
    self.place = place
    self.speed = speed
  }

  /// Shows it until somebody ends it.
  /// - Returns: the exit status.
  package func show(on screen: Screen) async throws -> Int32 {
    if screen.isPlain { return try await printLines(usesUTC: screen.usesUTC) }
    let opened = try await OpenedRecording(recording)
    opened.warn()
    let begin = if let place { try await opened.history.instant(of: place) } else { await opened.history.beginning }
    let moments = await opened.history.moments
    let landmarks = Landmarks(
      violations: moments.violations, turns: moments.turns, events: moments.events,
      bands: moments.faults.map { Landmarks.Band(from: $0.from, to: $0.to) })
    var state = MonitorState(
      theme: screen.theme ?? .dark, followsGround: screen.theme == nil,
      bindings: KeyBindings(screen.bindings, adding: Commands.replay), isReplay: true,
      transport: Transport(landmarks: landmarks, speed: speed ?? 1))
    screen.begin(&state)
    var options = MonitorOptions(initial: state)
    options.begin = begin
    do {
      return try await withProcessGuard { [options] processGuard in
        let backend = try NcursesBackend(environment: Host.environment, witness: processGuard.terminalWitness)
        return try await MonitorProgram(backend: backend, options: options)
          .run(feed: RecordedFeed(opened.history), effects: ReplayEffects()).status
      }
    } catch {
      throw Problem(error, otherwise: .terminal)
    }
  }

  /// Every row as a line, as a live run prints them, from the place to begin with on.
  private func printLines(usesUTC: Bool) async throws -> Int32 {
    guard speed == nil else {
      throw Problem(.conflict, "--speed is of the screen: without one lines are printed at once", hint: "leave it out")
    }
    var begin: RunInstant?
    if let place { begin = try await OpenedRecording(recording).history.instant(of: place) }
    var rows = try RecordedLines(recording, from: begin)
    var monitor = PlainMonitor(usesUTC: usesUTC)
    while let batch = try rows.next() {
      for line in monitor.lines(for: batch) where !StandardOutput.write(line + "\n") { return ExitStatus.good }
    }
    if let missing = rows.missing { StandardError.write("dubwatch: \(escapeUntrusted("\(rows.path): \(missing)"))\n") }
    return ExitStatus.good
  }
}

extension OpenedRecording {
  /// Says what of it could not be read.
  func warn() {
    if let missing { StandardError.write("dubwatch: \(escapeUntrusted("\(path): \(missing)"))\n") }
  }
}

/// A recording is looked at: nothing is done to it.
private struct ReplayEffects: EffectHandler {
  func injectFault(id: String) async -> String? { "a recording cannot be changed: nothing is injected" }
  func saveFrame(_ canvas: Canvas, palette: FramePalette) async -> String { SavedFrame.save(canvas, palette: palette) }
  func mark(_ text: String) async -> String? { "a recording cannot be changed: the note is not kept" }
  func remember(_ choice: LayoutChoice) async -> String? { RememberedLayout(Host.environment).write(choice) }
  func quitRequested() async {}
}
