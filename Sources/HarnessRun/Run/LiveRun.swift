import Events
import HarnessCore
import ProcessGuard
import Recording
import WireFormats

/// Everything a run needs before it begins.
package struct RunSetUp: Sendable {
  /// The environment.
  package var driver: any EnvironmentDriver
  /// What the run is called, and how it is read.
  package var options: HarnessOptions
  /// The run's time.
  package var clock: any RunClock
  /// Whether and where it is recorded.
  package var recording = RecordingPlan.none
  /// Where dubwatch's own metrics of the run are served; nil for nowhere.
  package var metricsAddress: MetricsAddress?

  /// What a run is made of.
  package init(driver: any EnvironmentDriver, options: HarnessOptions, clock: any RunClock) {
    self.driver = driver
    self.options = options
    self.clock = clock
  }
}

/// Who looks at a run.
package enum RunAudience: Sendable {
  /// A screen, which may ask for earlier moments.
  case screen
  /// Somebody who reads every row, from the first event on.
  case lines
  /// Nobody but who takes its state.
  case nobody
}

/// A run that goes on.
package struct LiveRun: Sendable {
  /// The run.
  package let harness: Harness
  /// Its time.
  package let clock: any RunClock
  /// Every row of it from the first event on; nil unless it is for those who read lines.
  package let rows: RowReader?
  /// Who does what this program cannot do any more once it was killed.
  package let processGuard: ProcessGuard
  /// What records it; nil where nothing does.
  package let recorder: Recorder?
  /// Whether its services are started and stopped with it.
  package let ownsServices: Bool

  /// Its history.
  package var history: RunHistory { harness.history }
}

/// Has a run go on while something is done with it: looked at, played on, judged. Afterwards the run was stopped, and everything that it
/// started has ended, in this order: sources, faults, environment, connections, children.
/// - Parameters:
///   - audience: who looks at it.
///   - setUp: what the run is made of. It may refuse: then nothing has begun.
///   - work: what is done with it. The run may end earlier by itself.
/// - Returns: what the work came to.
package func withRun<Value>(
  for audience: RunAudience, _ setUp: (ProcessGuard) async throws -> RunSetUp, _ work: (LiveRun) async throws -> Value
) async throws -> Value {
  try await withProcessGuard { processGuard in
    try await withRun(of: try await setUp(processGuard), for: audience, processGuard, work)
  }
}

/// The same under a guard that is there already.
func withRun<Value>(
  of setUp: RunSetUp, for audience: RunAudience, _ processGuard: ProcessGuard, _ work: (LiveRun) async throws -> Value
) async throws -> Value {
  try await withFetcher { fetcher in
    let edits = setUp.recording.place == .nowhere ? .notKnown : await TreeEdits.read(processGuard)
    let (recorder, notice) = try setUp.recording.begin(setUp.options.scenario, at: setUp.clock.wallNow(), edits: edits)
    if let notice { StandardError.write("dubwatch: \(escapeUntrusted(notice))\n") }
    let history = RunHistory(clock: setUp.clock, looksBack: audience == .screen, taps: recorder.map { [$0] } ?? [])
    let harness = Harness(
      driver: setUp.driver, options: setUp.options, clock: setUp.clock, history: history, fetcher: fetcher, processGuard: processGuard)
    // From the first event on.
    let rows = audience == .lines ? await history.rowReader() : nil
    let server = setUp.metricsAddress.map { _ in OwnMetricsServer { await history.state } }
    if let server, let address = setUp.metricsAddress {
      do throws(Problem) { try await server.start(address) } catch {
        await server.stop()
        RecordingEnd.tell(await RecordingEnd.finish(recorder))
        throw error
      }
    }
    let running = Task { await harness.run() }
    let trimming = Task { await ProcessMemory.keepTrimmed() }
    defer { trimming.cancel() }
    let value: Value
    do {
      value = try await work(
        LiveRun(
          harness: harness, clock: setUp.clock, rows: rows, processGuard: processGuard, recorder: recorder,
          ownsServices: setUp.driver.ownsServices))
    } catch {
      await harness.stop()
      await running.value
      await server?.stop()
      RecordingEnd.tell(await RecordingEnd.finish(recorder))
      throw error
    }
    await harness.stop()
    await running.value
    await server?.stop()
    RecordingEnd.tell(await RecordingEnd.finish(recorder))
    return value
  }
}
