import Events
import HarnessCore
import Judging
import Recording
import WireFormats

/// One judged run, from its beginning until everything it started has ended.
struct JudgedRun: Sendable {
  var scenario: Scenario
  /// Seconds of the pipeline in one second.
  var speed: Double
  var places: RunPlaces
  var audience: RunAudience
  /// Whether the first violation ends it.
  var endsEarly: Bool
  /// Whether and where it is recorded.
  var recording: RecordingPlan

  /// What became of it.
  struct Outcome: Sendable {
    var result: ScenarioResult
    /// The exit status of a signal, or of a key, that ended it; nil for none.
    var signal: Int32?
    /// Whether something of the environment could not be taken down.
    var isLeft: Bool
  }

  /// Runs it.
  /// - Parameter show: shows the run until it is over, or until somebody ends it; gives the exit status of what ended it, nil for its end.
  func run(show: (LiveRun) async throws -> Int32?) async throws -> Outcome {
    let clock = ScaledClock(speed: speed, wallOrigin: Host.wallClock())
    return try await withProcessGuard { processGuard in
      let place = try places.place(scenario, clock, processGuard)
      let runner = ScenarioRunner(
        scenario, clock: clock, publishes: place.publishes, ownsServices: place.ownsServices, endsEarly: endsEarly,
        environmentSeconds: place.startSeconds)
      var trouble: (any Error)?
      let (played, signal, recorder) = try await withRun(of: setUp(place, clock, runner), for: audience, processGuard) { run in
        let playing = Task { await play(runner, on: run, place) }
        var signal: Int32?
        do { signal = try await show(run) } catch { trouble = error }
        playing.cancel()
        // First, so that an environment that is kept after a failure knows of it.
        return (await playing.value, signal, run.recorder)
      }
      let isLeft = Leftovers.tell(await place.driver.leftovers)
      var result = played
      result.recording = RecordingNote(recorder?.status)
      if let trouble { throw Problem(trouble, otherwise: .terminal) }
      return Outcome(result: result, signal: signal, isLeft: isLeft)
    }
  }

  private func play(_ runner: ScenarioRunner, on run: LiveRun, _ place: RunPlace) async -> ScenarioResult {
    let result = await runner.play(on: run.harness)
    if !result.hasPassed { await place.driver.noteFailure() }
    // The environment goes as soon as it is judged, whatever is looked at meanwhile.
    await run.harness.stop()
    return result
  }

  private func setUp(_ place: RunPlace, _ clock: ScaledClock, _ runner: ScenarioRunner) -> RunSetUp {
    var options = HarnessOptions(
      scenario: scenario.name, contract: place.contract, expectedSeconds: scenario.expectedSeconds,
      localUTCOffsetSeconds: Host.utcOffsetSeconds())
    options.expectations = runner.expectations
    var setUp = RunSetUp(driver: place.driver, options: options, clock: clock)
    setUp.recording = recording
    return setUp
  }
}
