import HarnessModel

/// How a judged run ended.
public struct ScenarioResult: Sendable {
  /// What ended it.
  public enum End: Sendable, Hashable {
    /// It was judged to its end.
    case judged
    /// The environment could not be had, or was lost before anything was judged; why.
    case environmentFailed(reason: String)
    /// It was ended from outside before its verdict.
    case interrupted
  }

  /// The scenario.
  public var scenario: Scenario
  /// What ended it.
  public var end: End
  /// The run at its end, with its verdict; made of the whole history, before anything of it was coalesced.
  public var run: RunState
  /// How long the judged part took, in seconds of pipeline time.
  public var seconds: Double

  /// Whether everything that had to hold did.
  public var hasPassed: Bool { end == .judged && run.verdict.outcome == .passed }
}

/// Plays a scenario on a run: waits for the environment, publishes, does the steps, and ends when all is decided.
///
/// It is a tap of the run's inbox, so that it sees every event before a slow reader could make it lose one.
public actor ScenarioRunner: EventTap {
  /// Limits on waits, in real seconds, that no scenario names.
  enum Limits {
    /// After the steps, until the last scrape and the last log lines are in.
    static let lastReading = 3.0
    /// The same until the output of an input that came to its end has ended too; only a busy machine needs any of it.
    static let output = 15.0
    /// How long logs are given after the steps in any case.
    static let logs = 0.35
    /// Events that wait to be judged.
    static let backlog = 200_000
  }

  let scenario: Scenario
  private let clock: any RunClock
  private let endsEarly: Bool
  private let environmentSeconds: Double
  private nonisolated let arrivals: AsyncStream<EventEnvelope>
  private nonisolated let arrival: AsyncStream<EventEnvelope>.Continuation
  private nonisolated let losses = LossCount()
  private(set) var state = RunState()
  var waiters = WaiterList()
  /// What the step after this one waits for.
  private var coming: ConditionWatch?
  private var stepsEnd: String?

  /// A runner of a scenario.
  /// - Parameters:
  ///   - endsEarly: whether the first violation ends the run.
  ///   - environmentSeconds: how long the environment may take until it runs, in real seconds.
  public init(_ scenario: Scenario, clock: any RunClock, endsEarly: Bool = false, environmentSeconds: Double = 180) {
    self.scenario = scenario
    self.clock = clock
    self.endsEarly = endsEarly
    self.environmentSeconds = environmentSeconds
    (arrivals, arrival) = AsyncStream<EventEnvelope>.makeStream(bufferingPolicy: .bufferingOldest(Limits.backlog))
  }

  /// What a run is judged by: the scenario's expectations, and that its steps could be done.
  public nonisolated var expectations: [Expectation] { scenario.expectations + [.stepsDone] }

  /// Takes one event of the run.
  public nonisolated func record(_ envelope: EventEnvelope) {
    if case .dropped = arrival.yield(envelope) { losses.increase() }
  }

  /// Plays the scenario on a run that was started with this runner among its taps. Returns when it is judged, when the environment cannot
  /// be had, or when the task is cancelled; the run itself goes on until its owner stops it.
  public func play(on harness: Harness) async -> ScenarioResult {
    let consuming = Task { for await envelope in arrivals { take(envelope) } }
    defer { consuming.cancel() }
    let origin = clock.now()
    let end = await judge(harness)
    return ScenarioResult(
      scenario: scenario, end: end, run: state, seconds: clock.now().seconds(since: state.verdict.beganAt ?? origin))
  }

  private func judge(_ harness: Harness) async -> ScenarioResult.End {
    let isUp = await wait(realSeconds: environmentSeconds) {
      $0.environment?.value == .running || $0.environment?.value == .failed || $0.ended != nil
    }
    guard !Task.isCancelled else { return .interrupted }
    guard isUp, state.environment?.value == .running else {
      return .environmentFailed(
        reason: state.environmentReason ?? state.ended?.value ?? "the environment was not ready within \(Int(environmentSeconds)) s")
    }
    await harness.tell(.scenario(.began(name: scenario.name)))
    let began = clock.now()
    do throws(EnvironmentFailure) { try await harness.publish(scenario.publish) } catch {
      return .environmentFailed(reason: "the fixture could not be published: \(error.description)")
    }
    let steps = Task { await self.perform(began: began, on: harness) }
    let isOver = await wait(seconds: scenario.timeLimitSeconds) { [endsEarly] run in
      run.verdict.isSettled || (endsEarly && run.verdict.outcome == .failed) || run.environment?.value == .failed
    }
    steps.cancel()
    let undone = await steps.value
    guard !Task.isCancelled else { return .interrupted }
    await complete(harness, isInTime: isOver, undone: undone)
    return Task.isCancelled ? .interrupted : .judged
  }

  /// Says that the steps are over, reads what is judged at the end, and closes.
  private func complete(_ harness: Harness, isInTime: Bool, undone: Int?) async {
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
    await wait(realSeconds: Limits.lastReading) { run in
      // A worker that has ended answers no more.
      run.verdict.completedAt != nil && (run.verdict.snapshots[worker] != nil || run.service(worker)?.exit != nil || run.verdict.isSettled)
    }
    // On a busy machine the readers of the output may lie behind: what they are still to tell is part of the run.
    await wait(realSeconds: Limits.output) { $0.hasOutputEnded }
    await harness.tell(.scenario(.closed(lost: losses.value)))
    await wait(realSeconds: Limits.lastReading) { $0.verdict.isClosed }
    await harness.tell(.runEnded(reason: Self.summary(state.verdict)))
    await wait(realSeconds: Limits.lastReading) { $0.ended != nil }
  }

  /// "passed: 12 met", "failed: 3 of 12 expectations".
  static func summary(_ verdict: VerdictTrack) -> String {
    let counts = verdict.counts
    guard verdict.outcome != .passed else {
      return "passed: \(counts.met) met" + (counts.unobservable > 0 ? ", \(counts.unobservable) optional not observable" : "")
    }
    return "failed: \(verdict.failures.count) of \(verdict.entries.count) expectations"
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
        let watch = coming ?? ConditionWatch(condition, since: since, run: state)
        coming = nil
        guard await wait(for: watch, seconds: limit) else {
          guard !Task.isCancelled else { return number }
          let reason = "\(condition.sentence): not within \(Int(limit.rounded())) s"
          await harness.tell(.scenario(.stepFailed(number: number, reason: reason)))
          stepsOver("step \(number) could not be done")
          return number
        }
      }
      guard !Task.isCancelled else { return number }
      await harness.tell(.scenario(.step(number: number, text: step.sentence)))
      // What a fault causes may be seen before it is known that the fault is done.
      coming = watch(of: index + 1, since: previous)
      switch step.action {
      case .none: break
      case .mark(let text): await harness.mark(text)
      case .inject(let fault):
        do throws(EnvironmentFailure) { try await harness.inject(fault) } catch {
          await harness.tell(.scenario(.stepFailed(number: number, reason: error.description)))
          stepsOver("step \(number) could not be done")
          return number
        }
      }
    }
    if case .loop(let seconds) = scenario.publish.length {
      try? await clock.sleep(seconds: began.advanced(bySeconds: seconds).seconds(since: clock.now()))
      guard !Task.isCancelled else { return nil }
    }
    stepsOver("all is done")
    return nil
  }

  /// Watches for the happenings that a step waits for; nil for a step that waits for none.
  private func watch(of index: Int, since: RunInstant) -> ConditionWatch? {
    guard scenario.steps.indices.contains(index), case .when(let condition, _) = scenario.steps[index].moment else { return nil }
    guard case .event = condition else { return nil }
    return ConditionWatch(condition, since: since, run: state)
  }

  private func stepsOver(_ reason: String) {
    stepsEnd = reason
    waiters.releaseEnders()
  }

  private func take(_ envelope: EventEnvelope) {
    state.apply(envelope)
    coming?.note(envelope, run: state)
    waiters.note(envelope, state)
  }

  /// Waits until something holds of the run, at most so many seconds of pipeline time; whether it does. The end of the steps ends it too.
  private func wait(seconds: Double, until holds: @escaping @Sendable (RunState) -> Bool) async -> Bool {
    guard stepsEnd == nil, !holds(state) else { return true }
    return await wait(WaiterList.Kind.state(holds), seconds: seconds, endsWithSteps: true)
  }

  /// The same with a limit in real seconds, for what does not depend on the pipeline; the end of the steps means nothing to it.
  @discardableResult
  private func wait(realSeconds: Double, until holds: @escaping @Sendable (RunState) -> Bool) async -> Bool {
    if holds(state) { return true }
    return await wait(WaiterList.Kind.state(holds), seconds: realSeconds * clock.speed, endsWithSteps: false)
  }

  private func wait(for watch: ConditionWatch, seconds: Double) async -> Bool {
    if watch.holds { return true }
    return await wait(WaiterList.Kind.condition(watch), seconds: seconds, endsWithSteps: false)
  }

  private func wait(_ kind: WaiterList.Kind, seconds: Double, endsWithSteps: Bool) async -> Bool {
    let number = waiters.nextNumber()
    let timer = Task { [clock] in
      try await clock.sleep(seconds: seconds)
      release(number)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        waiters.add(number, kind, endsWithSteps: endsWithSteps, continuation)
        if Task.isCancelled { waiters.release(number) }
      }
    } onCancel: {
      Task { await self.release(number) }
    }
  }

  private func release(_ number: Int) { waiters.release(number) }
}
