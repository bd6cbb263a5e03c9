import Contracts
import Events
import Judging
import RunModel

/// How a judged run ended.
package struct ScenarioResult: Sendable {
  /// What ended it.
  package enum End: Sendable, Hashable {
    /// It was judged to its end.
    case judged
    /// The environment could not be had, or was lost before anything was judged; why.
    case environmentFailed(reason: String)
    /// It was ended from outside before its verdict.
    case interrupted
  }

  /// The scenario.
  package var scenario: Scenario
  /// What ended it.
  package var end: End
  /// The run at its end, with its verdict; made of the whole history.
  package var run: RunState
  /// How long the judged part took, in seconds of pipeline time.
  package var seconds: Double
  /// Where the run is recorded; nil where it is not.
  package var recording: RecordingNote?
  /// What of the run is lost, so that nothing is known of it; nil for nothing. Nothing passes by the rest alone.
  package var missing: String?

  /// How a judged run ended.
  package init(scenario: Scenario, end: End, run: RunState, seconds: Double, recording: RecordingNote? = nil) {
    self.scenario = scenario
    self.end = end
    self.run = run
    self.seconds = seconds
    self.recording = recording
  }

  /// Whether everything that had to hold did.
  package var hasPassed: Bool { end == .judged && outcome == .passed }

  /// How it came out: the verdict, but for what is missing.
  package var outcome: VerdictTrack.Outcome {
    missing != nil && run.verdict.outcome == .passed ? .inconclusive : run.verdict.outcome
  }
}

/// Plays a scenario on a run: waits for the environment, publishes, does the steps, and ends when all is decided.
///
/// What it waits for is watched by the run's history itself, event by event.
package actor ScenarioRunner {
  /// Limits on waits, in real seconds, that no scenario names.
  enum Limits {
    /// After the steps, until the last scrape and the last log lines are in.
    static let lastReading = 3.0
    /// The same until the output of an input that came to its end has ended too; only a busy machine needs any of it.
    static let output = 15.0
    /// Before the steps, until metrics were read for the first time.
    static let firstReading = 1.5
    /// How long logs are given after the steps in any case.
    static let logs = 0.35
  }

  let scenario: Scenario
  private let clock: any RunClock
  private let endsEarly: Bool
  private let publishes: Bool
  private let ownsServices: Bool
  private let environmentSeconds: Double
  /// What the step after this one waits for.
  private var coming: WatchedCondition?
  private var stepsEnd: String?

  /// A runner of a scenario.
  /// - Parameters:
  ///   - publishes: whether dubwatch publishes the test stream in this environment, and reads what comes out.
  ///   - ownsServices: whether the services were set up as the scenario needs them.
  ///   - endsEarly: whether the first violation ends the run.
  ///   - environmentSeconds: how long the environment may take until it runs, in real seconds.
  package init(
    _ scenario: Scenario, clock: any RunClock, publishes: Bool = true, ownsServices: Bool = true, endsEarly: Bool = false,
    environmentSeconds: Double = 180
  ) {
    self.scenario = scenario
    self.clock = clock
    self.publishes = publishes
    self.ownsServices = ownsServices
    self.endsEarly = endsEarly
    self.environmentSeconds = environmentSeconds
  }

  /// What a run is judged by: the scenario's expectations, and that its steps could be done.
  package nonisolated var expectations: [Expectation] {
    var seconds: Double?
    if case .loop(let loop) = scenario.publish.length { seconds = loop }
    let implied: [Expectation] = [
      .stepsDone, .conditions(maxInflight: scenario.needs.maxInflight, unverified: ownsServices ? nil : scenario.needs.unverified),
      .published(own: publishes, seconds: seconds),
    ]
    return scenario.expectations + implied + (publishes ? [.outputSeen] : [])
  }

  /// Plays the scenario on a run that was started. Returns when it is judged, when the environment cannot be had, when the task is
  /// cancelled, or soon after the run was stopped; the run itself goes on until its owner stops it.
  package func play(on harness: Harness) async -> ScenarioResult {
    let origin = clock.now()
    let end = await judge(harness)
    // A recording has no more than what was told: judged again it must end so too.
    if case .environmentFailed(let reason) = end, await harness.history.state.environmentFailure == nil {
      await harness.tell(.environment(.failed, reason: reason))
    }
    let run = await harness.history.state
    return ScenarioResult(scenario: scenario, end: end, run: run, seconds: clock.now().seconds(since: run.verdict.beganAt ?? origin))
  }

  private func judge(_ harness: Harness) async -> ScenarioResult.End {
    let history = harness.history
    let isUp = await history.wait(seconds: environmentSeconds * clock.speed) {
      $0.environment?.value == .running || $0.environment?.value == .failed || $0.ended != nil
    }
    guard await !isEnded(harness) else { return .interrupted }
    let state = await history.state
    guard isUp, state.environment?.value == .running else {
      return .environmentFailed(
        reason: state.environmentReason ?? state.ended?.value ?? "the environment was not ready within \(Int(environmentSeconds)) s")
    }
    // Counters rise from what they read before: one reading of each endpoint, where there is one.
    await history.wait(seconds: Limits.firstReading * clock.speed) { run in run.sources.keys.contains { $0.kind == .metrics } }
    guard !Task.isCancelled else { return .interrupted }
    await harness.tell(.scenario(.began(name: scenario.name)))
    let began = clock.now()
    do throws(EnvironmentFailure) { try await harness.publish(scenario.publish) } catch {
      return .environmentFailed(reason: "the fixture could not be published: \(error.description)")
    }
    let steps = Task { await self.perform(began: began, on: harness) }
    let isOver = await isDecidedOrDone(steps, history)
    steps.cancel()
    let undone = await steps.value
    guard await !isEnded(harness) else { return .interrupted }
    await complete(harness, isInTime: isOver, undone: undone)
    return await isEnded(harness) ? .interrupted : .judged
  }

  /// Whether somebody else ended this, or the run: nothing is done any more, and nothing that is missing is held against it.
  private func isEnded(_ harness: Harness) async -> Bool {
    if Task.isCancelled { return true }
    return await harness.isStopped
  }

  /// Waits until everything is decided or the steps are over, within the scenario's time limit; whether that came to be.
  private func isDecidedOrDone(_ steps: Task<Int?, Never>, _ history: RunHistory) async -> Bool {
    let limit = scenario.timeLimitSeconds
    return await withTaskGroup(of: Bool.self) { [endsEarly] group in
      group.addTask {
        await history.wait(seconds: limit) { run in
          run.verdict.isSettled || (endsEarly && run.verdict.outcome == .failed) || run.environment?.value == .failed
        }
      }
      group.addTask {
        // Its end is waited for, not brought about: the steps are ended by their owner.
        await withTaskCancellationHandler {
          _ = await steps.value
        } onCancel: {
          steps.cancel()
        }
        return !Task.isCancelled
      }
      let isOver = await group.next() ?? false
      group.cancelAll()
      return isOver
    }
  }

  /// Says that the steps are over, reads what is judged at the end, and closes.
  private func complete(_ harness: Harness, isInTime: Bool, undone: Int?) async {
    let history = harness.history
    let state = await history.state
    var reason = stepsEnd ?? "everything is decided"
    if !isInTime, stepsEnd == nil {
      reason = "the time limit of \(Int(scenario.timeLimitSeconds)) s was reached"
      if let undone { await harness.tell(.scenario(.stepFailed(number: undone, reason: reason))) }
    } else if endsEarly, state.verdict.outcome == .failed {
      reason = "something is violated, and that ends the run"
    } else if state.environment?.value == .failed {
      reason = "the environment failed: \(state.environmentReason ?? "no reason is known")"
    }
    await harness.tell(.scenario(.completed(reason: reason)))
    try? await clock.sleep(seconds: Limits.logs * clock.speed)
    let worker = state.contract.workerService
    await history.wait(seconds: Limits.lastReading * clock.speed) { run in
      // A worker that has ended answers no more.
      run.verdict.snapshots[worker] != nil || run.service(worker)?.exit != nil || run.verdict.isSettled
    }
    // On a busy machine the readers of the output may lie behind: what they are still to tell is part of the run.
    await history.wait(seconds: Limits.output * clock.speed) { $0.hasOutputEnded }
    await harness.tell(.scenario(.closed))
    await harness.tell(.runEnded(reason: Self.summary(await history.state.verdict)))
  }

  /// "passed: 12 met", "failed: 3 of 12 expectations", "inconclusive: 2 of 12 expectations are not known".
  static func summary(_ verdict: VerdictTrack) -> String {
    let counts = verdict.counts
    switch verdict.outcome {
    case .passed: return "passed: \(counts.met) met" + (counts.unobservable > 0 ? ", \(counts.unobservable) optional not known" : "")
    case .inconclusive: return "inconclusive: \(counts.unobservable) of \(verdict.entries.count) expectations are not known"
    case .failed, .open: return "failed: \(verdict.failures.count) of \(verdict.entries.count) expectations"
    }
  }

  /// Does the steps one after the other.
  /// - Returns: the number of the first step that is not done; nil when all are.
  private func perform(began: RunInstant, on harness: Harness) async -> Int? {
    var previous = began
    for (index, step) in scenario.steps.enumerated() {
      let number = index + 1
      let since = previous
      previous = clock.now()
      switch step.moment {
      case .next: break
      case .at(let seconds): try? await clock.sleep(seconds: began.advanced(bySeconds: seconds).seconds(since: clock.now()))
      case .after(let seconds): try? await clock.sleep(seconds: seconds)
      case .when(let condition, let limit):
        let watch: WatchedCondition
        if let coming { watch = coming } else { watch = await harness.history.watch(condition, since: since) }
        coming = nil
        guard await harness.history.wait(for: watch, seconds: limit) else {
          guard await !isEnded(harness) else { return number }
          let reason = "\(condition.sentence): not within \(Int(limit.rounded())) s"
          await harness.tell(.scenario(.stepFailed(number: number, reason: reason)))
          stepsEnd = "step \(number) could not be done"
          return number
        }
      }
      guard await !isEnded(harness) else { return number }
      await harness.tell(.scenario(.step(number: number, text: step.sentence)))
      // What a fault causes may be seen before it is known that the fault is done.
      coming = await watch(of: index + 1, since: previous, harness.history)
      switch step.action {
      case .none: break
      case .mark(let text): await harness.mark(text)
      case .inject(let fault):
        do throws(EnvironmentFailure) { try await harness.inject(fault) } catch {
          // A fault that the end of the run broke off is no step that failed.
          guard await !isEnded(harness) else { return number }
          await harness.tell(.scenario(.stepFailed(number: number, reason: error.description)))
          stepsEnd = "step \(number) could not be done"
          return number
        }
      }
    }
    if case .loop(let seconds) = scenario.publish.length {
      try? await clock.sleep(seconds: began.advanced(bySeconds: seconds).seconds(since: clock.now()))
      guard await !isEnded(harness) else { return nil }
    }
    stepsEnd = "all is done"
    return nil
  }

  /// Watches for the happenings that a step waits for; nil for a step that waits for none.
  private func watch(of index: Int, since: RunInstant, _ history: RunHistory) async -> WatchedCondition? {
    guard scenario.steps.indices.contains(index), case .when(let condition, _) = scenario.steps[index].moment else { return nil }
    guard case .event = condition else { return nil }
    return await history.watch(condition, since: since)
  }
}
