import EmbeddedPipeline
import HarnessConfig
import HarnessCore
import HarnessModel
import MonitorUI
import ProcessGuard
import TerminalNcurses

/// One judged run on the screen or as lines, from its beginning until everything it started has ended.
struct JudgedSession {
  var scenario: Scenario
  var speed: Double
  var mutation: WorkerMutation?
  var fixture: FixtureLocator
  var screen: Screen
  var endsEarly: Bool
  var ringsBell: Bool
  /// Whether the screen stays after the verdict.
  var isLast: Bool
  /// Which of how many runs it is.
  var announces: (number: Int, count: Int)?

  /// Runs it.
  /// - Returns: the result, and the exit status of a signal that ended it.
  func run() async throws -> (ScenarioResult, Int32?) {
    let clock = ScaledClock(speed: speed, wallOrigin: Host.wallClock())
    let runner = ScenarioRunner(scenario, clock: clock, endsEarly: endsEarly)
    let setUp = setUp(clock, runner)
    let (harness, fetcher) = setUp.harness(taps: [runner])
    let running = Task { await harness.run() }
    let playing = Task {
      let result = await runner.play(on: harness)
      // The environment goes as soon as it is judged, whatever is looked at meanwhile.
      await harness.stop()
      return result
    }
    let trimming = Task { await Memory.keepTrimmed() }
    defer { trimming.cancel() }
    var signal: Int32?
    var trouble: (any Error)?
    do { signal = screen.isPlain ? await plain(harness) : try await onScreen(harness, setUp) } catch { trouble = error }
    playing.cancel()
    await harness.stop()
    let result = await playing.value
    await running.value
    await setUp.processGuard.shutdown()
    await fetcher.shutdown()
    if let trouble { throw Failure.unavailable("\(trouble)") }
    return (result, signal)
  }

  private func setUp(_ clock: ScaledClock, _ runner: ScenarioRunner) -> RunSetUp {
    let processGuard = ProcessGuard()
    var configuration = PipelineConfiguration(scenario)
    if let mutation { configuration.rules.breakOnPurpose(mutation) }
    let driver = EmbeddedDriver(
      configuration: configuration, clock: clock, processGuard: processGuard, pollSeconds: max(1, speed / 8), fixture: fixture)
    var contract = BuiltInContracts.spec018
    if let timeout = scenario.needs.fragmentTimeoutMilliseconds { contract.thresholds.fragmentTimeoutSeconds = Double(timeout) / 1000 }
    if let limit = scenario.needs.maxInflight { contract.thresholds.maxInflight = limit }
    var options = HarnessOptions(
      scenario: scenario.name, contract: .fixed(contract, reason: "the embedded pipeline keeps it"),
      expectedSeconds: scenario.expectedSeconds, localUTCOffsetSeconds: Host.utcOffsetSeconds())
    options.expectations = runner.expectations
    return RunSetUp(driver: driver, options: options, clock: clock, processGuard: processGuard)
  }

  private func onScreen(_ harness: Harness, _ setUp: RunSetUp) async throws -> Int32? {
    var state = MonitorState(theme: screen.theme, bindings: screen.bindings, ownsEnvironment: true)
    if screen.usesUTC { _ = state.reduce(.command(.utc), in: RunState()) }
    let backend = try NcursesBackend(environment: Host.environment)
    let program = MonitorProgram(backend: backend, options: MonitorOptions(initial: state, exitAtEnd: !isLast, ringsAtViolation: ringsBell))
    let exit = try await program.run(feed: harness.inbox, effects: RunEffects(harness: harness))
    return exit.status == ExitStatus.good ? nil : exit.status
  }

  private func plain(_ harness: Harness) async -> Int32? {
    let usesUTC = screen.usesUTC
    let rings = ringsBell && Host.isTerminal(1)
    if let announces {
      StandardOutput.write("== \(announces.number)/\(announces.count) \(scenario.name)\n")
    }
    return await Signals.run {
      var monitor = PlainMonitor(showsRoutine: false, usesUTC: usesUTC)
      var violated = 0
      // To the very end: the environment's stop is told too.
      while let batch = await harness.inbox.nextBatch() {
        for line in monitor.lines(for: batch) {
          guard StandardOutput.write(line + "\n") else { return }
        }
        let now = monitor.state.verdict.counts.violated
        if rings, now > violated { StandardOutput.write("\u{7}") }
        violated = now
      }
    }
  }
}
