import ArgumentParser
import CommandText
import Events
import HarnessRun
import MonitorUI
import Recording
import RunModel
import TerminalCanvas
import TerminalNcurses
import WireFormats

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Shows a recording in the panes of a live run, with time travel.",
    discussion: CommandExamples.after(
      """
      space plays and rests; d and D step by event, b and B by segment, e and E by violation, } and { by transition, fault or mark; a and A \
      change the speed; the last line is all of the recording, click or drag on it. Nothing can be injected.
      """, of: "replay"))

  @Argument(help: "A recording: a file, its name, latest or failed.", completion: .recordings)
  var recording: String

  @Option(help: ArgumentHelp("Where to begin: a time such as 00:52, an event such as '#4711', violation, or end.", valueName: "PLACE"))
  var at: RecordedPlaceWord?

  @Option(help: "Seconds of the recording in one second, 0.1 to 100; without, 1. Lines are printed at once.")
  var speed: Double?

  @OptionGroup var screen: ScreenOptions

  mutating func validate() throws {
    if let speed, !(speed >= 0.1 && speed <= 100) { throw ValidationError("--speed is \(speed), but must be 0.1 to 100.") }
  }

  mutating func run() async throws {
    let shown = try screen.resolved(try Settings.load(nil, commands: Commands.all.map(\.name)))
    if shown.isPlain { return try await printLines(usesUTC: shown.usesUTC) }
    let opened = try await OpenedRecording(recording)
    if let missing = opened.missing { StandardError.write("dubwatch: \(escapeUntrusted("\(opened.path): \(missing)"))\n") }
    let begin = if let at { try await opened.history.instant(of: at.place) } else { await opened.history.beginning }
    let moments = await opened.history.moments
    let landmarks = Landmarks(
      violations: moments.violations, turns: moments.turns, events: moments.events,
      bands: moments.faults.map { Landmarks.Band(from: $0.from, to: $0.to) })
    let bindings = KeyBindings(shown.bindings, adding: Commands.replay)
    var state = MonitorState(
      theme: shown.theme ?? .dark, followsGround: shown.theme == nil, bindings: bindings, isReplay: true,
      transport: Transport(landmarks: landmarks, speed: speed ?? 1))
    shown.begin(&state)
    var options = MonitorOptions(initial: state)
    options.begin = begin
    let status: Int32
    do {
      status = try await withProcessGuard { [options] processGuard in
        let backend = try NcursesBackend(environment: Host.environment, witness: processGuard.terminalWitness)
        return try await MonitorProgram(backend: backend, options: options)
          .run(feed: RecordedFeed(opened.history), effects: ReplayEffects()).status
      }
    } catch {
      throw Problem(error, otherwise: .terminal)
    }
    if status != ExitStatus.good { throw ExitCode(status) }
  }

  /// Every row as a line, as a live run prints them, from the place to begin with on.
  private func printLines(usesUTC: Bool) async throws {
    guard speed == nil else {
      throw Problem(.conflict, "--speed is of the screen: without one lines are printed at once", hint: "leave it out")
    }
    var begin: RunInstant?
    if let at { begin = try await OpenedRecording(recording).history.instant(of: at.place) }
    var rows = try RecordedLines(recording, from: begin)
    var monitor = PlainMonitor(usesUTC: usesUTC)
    while let batch = try rows.next() {
      for line in monitor.lines(for: batch) where !StandardOutput.write(line + "\n") { return }
    }
    if let missing = rows.missing { StandardError.write("dubwatch: \(escapeUntrusted("\(rows.path): \(missing)"))\n") }
  }
}

/// A place as a command line has it.
struct RecordedPlaceWord: ExpressibleByArgument {
  let place: RecordedPlace

  init?(argument: String) {
    guard let place = RecordedPlace(argument) else { return nil }
    self.place = place
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
