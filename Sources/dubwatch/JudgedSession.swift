import EmbeddedPipeline
import Events
import HarnessConfig
import HarnessCore
import Judging
import MonitorUI
import ProcessGuard
import RunModel
import TerminalNcurses
import WireFormats

/// One judged run on the screen or as lines, from its beginning until everything it started has ended.
struct JudgedSession {
  var scenario: Scenario
  var speed: Double
  var places: RunPlaces
  var screen: Screen
  var endsEarly: Bool
  var ringsBell: Bool
  /// Whether the screen stays after the verdict.
  var isLast: Bool
  /// Which of how many runs it is.
  var announces: (number: Int, count: Int)?

  /// Runs it.
  /// - Returns: the result, the exit status of a signal that ended it, and whether something of the environment could not be taken down.
  func run() async throws -> (ScenarioResult, Int32?, isLeft: Bool) {
    let clock = ScaledClock(speed: speed, wallOrigin: Host.wallClock())
    let processGuard = ProcessGuard()
    let place = try await places.place(scenario, clock, processGuard, isPlain: screen.isPlain)
    let runner = ScenarioRunner(scenario, clock: clock, endsEarly: endsEarly, environmentSeconds: place.startSeconds)
    let setUp = setUp(place, clock, processGuard, runner)
    let (harness, fetcher) = setUp.harness(looksBack: !screen.isPlain)
    // From the first event on.
    let rows = screen.isPlain ? await harness.history.rowReader() : nil
    let running = Task { await harness.run() }
    let playing = Task {
      let result = await runner.play(on: harness)
      if !result.hasPassed { await place.noteFailure() }
      // The environment goes as soon as it is judged, whatever is looked at meanwhile.
      await harness.stop()
      return result
    }
    let trimming = Task { await Memory.keepTrimmed() }
    defer { trimming.cancel() }
    var signal: Int32?
    var trouble: (any Error)?
    do {
      if let rows { signal = await plain(rows) } else { signal = try await onScreen(harness, setUp) }
    } catch { trouble = error }
    playing.cancel()
    // First, so that an environment that is kept after a failure knows of it.
    let result = await playing.value
    await harness.stop()
    await running.value
    let isLeft = await place.tellLeftovers()
    await setUp.processGuard.shutdown()
    await fetcher.shutdown()
    if let trouble { throw Problem(trouble, otherwise: .terminal) }
    return (result, signal, isLeft)
  }

  private func setUp(_ place: RunPlace, _ clock: ScaledClock, _ processGuard: ProcessGuard, _ runner: ScenarioRunner) -> RunSetUp {
    var options = HarnessOptions(
      scenario: scenario.name, contract: place.contract, expectedSeconds: scenario.expectedSeconds,
      localUTCOffsetSeconds: Host.utcOffsetSeconds())
    options.expectations = runner.expectations
    return RunSetUp(driver: place.driver, options: options, clock: clock, processGuard: processGuard)
  }

  private func onScreen(_ harness: Harness, _ setUp: RunSetUp) async throws -> Int32? {
    var state = MonitorState(theme: screen.theme, bindings: screen.bindings, ownsEnvironment: true)
    if screen.usesUTC { _ = state.reduce(.command(.utc), in: RunState()) }
    let backend = try NcursesBackend(environment: Host.environment)
    let program = MonitorProgram(backend: backend, options: MonitorOptions(initial: state, exitAtEnd: !isLast, ringsAtViolation: ringsBell))
    let exit = try await program.run(feed: harness.history, effects: RunEffects(harness: harness))
    return exit.status == ExitStatus.good ? nil : exit.status
  }

  private func plain(_ rows: RowReader) async -> Int32? {
    let usesUTC = screen.usesUTC
    let rings = ringsBell && Host.isTerminal(1)
    if let announces {
      StandardOutput.write("== \(announces.number)/\(announces.count) \(scenario.name)\n")
    }
    let signal = await Signals.run {
      var monitor = PlainMonitor(showsRoutine: false, usesUTC: usesUTC)
      var violated = 0
      // To the very end: the environment's stop is told too.
      while let batch = await rows.nextRows() {
        guard await StandardOutput.write(lines: monitor.lines(for: batch)) else { return }
        if rings, batch.violated > violated { StandardOutput.write("\u{7}") }
        violated = batch.violated
      }
    }
    await rows.close()
    return signal
  }
}
