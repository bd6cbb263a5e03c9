import Contracts
import Events
import Judging
import ProcessGuard
import RunModel

/// What a run is called and how it is read.
package struct HarnessOptions: Sendable {
  /// The scenario's name; nil for a watch.
  package var scenario: String?
  /// How the contract is found.
  package var contract: ContractChoice
  /// How long the run is expected to take, in seconds; nil for a watch.
  package var expectedSeconds: Double?
  /// Seconds east of UTC, for times on screen and for log times that carry no zone.
  package var localUTCOffsetSeconds: Int
  /// What the run is judged by; empty for one that is not.
  package var expectations: [Expectation] = []
  /// What is done by itself when the services run; nil for nothing.
  package var script: FaultScript?
  /// How often time is told when nothing else happens, in seconds of pipeline time.
  package var tickSeconds: Double
  /// How often our own cost is measured, in real seconds.
  package var costSeconds: Double

  /// Options of a run.
  package init(
    scenario: String? = nil, contract: ContractChoice, expectedSeconds: Double? = nil, localUTCOffsetSeconds: Int = 0,
    tickSeconds: Double = 1, costSeconds: Double = 2
  ) {
    self.scenario = scenario
    self.contract = contract
    self.expectedSeconds = expectedSeconds
    self.localUTCOffsetSeconds = localUTCOffsetSeconds
    self.tickSeconds = tickSeconds
    self.costSeconds = costSeconds
  }
}

/// A run: owns the environment's driver and the sources, and ends them, however it ends.
package actor Harness {
  /// How long sources have to end, in real seconds.
  static let sourceEndLimit = 1.5

  /// The run's history.
  package nonisolated let history: RunHistory
  /// Does every fault of the run, and takes it back.
  nonisolated let desk: FaultDesk
  let driver: any EnvironmentDriver
  let options: HarnessOptions
  let clock: any RunClock
  let fetcher: HTTPFetcher
  let processGuard: ProcessGuard
  let random: RandomUnit

  private var running: [SourceID: RunningSource] = [:]
  private var description: RunDescription
  private var contract: Contract?
  /// Whether it stays as it is.
  private var isContractSettled: Bool
  private var stopSignal: AsyncStream<Void>.Continuation?
  /// Whether the run was asked to end; from then on nothing new is begun.
  private(set) var isStopped = false
  private var playing: Task<Void, Never>?
  private var lifecycle = EnvironmentLifecycle()
  private(set) var sink: any EventSink

  private struct RunningSource {
    var source: any EventSource
    var task: Task<Void, Never>
  }

  /// A run that has not begun. The fetcher and the process guard belong to the caller, who shuts them down.
  package init(
    driver: any EnvironmentDriver, options: HarnessOptions, clock: any RunClock, history: RunHistory, fetcher: HTTPFetcher,
    processGuard: ProcessGuard, random: @escaping RandomUnit = systemRandomUnit
  ) {
    self.driver = driver
    self.options = options
    self.clock = clock
    self.history = history
    self.fetcher = fetcher
    self.processGuard = processGuard
    self.random = random
    desk = FaultDesk(clock: clock, sink: history)
    sink = history
    var reason = "nothing that tells of a contract was read yet"
    if case .fixed(_, let given) = options.contract { reason = given }
    contract = options.contract.initial
    isContractSettled = options.contract.initial != nil
    description = RunDescription(
      scenario: options.scenario, environment: driver.name, contract: options.contract.initial ?? .undecided, contractReason: reason,
      expectedSeconds: options.expectedSeconds, services: [], speed: clock.speed, startedAt: clock.wallNow(),
      localUTCOffsetSeconds: options.localUTCOffsetSeconds, expectations: options.expectations)
    description.acts = options.script.flatMap { $0.acts.isEmpty ? nil : $0.acts }
  }

  /// Runs until ``stop()`` or cancellation; then everything it started has ended, within bounds, and the history is finished.
  package func run() async {
    let (stops, stop) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))
    stopSignal = stop
    if isStopped { stop.finish() }
    sink = ContractScout(next: history, choice: options.contract) { [weak self] outcome in await self?.adopt(outcome) ?? [] }
    await history.emit(.description(description), from: .harness)
    if driver.tellsState { await environment(.starting) }

    let driver = driver
    let sink = sink
    let starting = Task { () -> Result<EnvironmentEndpoints, EnvironmentFailure> in
      do throws(EnvironmentFailure) { return .success(try await driver.start(into: sink)) } catch { return .failure(error) }
    }
    let background = [Task { await self.tick() }, Task { await self.measureCost() }]
    let begin = Task { await self.begin(await starting.value) }
    await withTaskCancellationHandler {
      for await _ in stops {}
    } onCancel: {
      stop.finish()
    }
    starting.cancel()
    begin.cancel()
    for task in background { task.cancel() }
    await end()
  }

  /// Ends the run; ``run()`` returns soon after.
  package func stop() {
    isStopped = true
    stopSignal?.finish()
  }

  /// Injects a fault of the menu, with its usual numbers.
  package func inject(_ faultID: String) async throws(EnvironmentFailure) { try await inject(FaultRequest(faultID)) }

  /// Injects a fault. One that cannot be done as things stand is a failed fault of the history, with its reason.
  package func inject(_ fault: FaultRequest) async throws(EnvironmentFailure) {
    try await desk.inject(fault)
  }

  /// Publishes what a scenario says.
  package func publish(_ plan: PublishPlan) async throws(EnvironmentFailure) { try await driver.publish(plan, into: sink) }

  /// Puts something that the harness itself did into the history.
  package func tell(_ kind: Happening.Kind) async { await say(kind) }

  /// Puts a note of the user into the history.
  package func mark(_ text: String) async { await say(.mark(text)) }

  /// Starts a source; one of the same identity is ended first.
  package func add(_ source: any EventSource) async {
    await remove(source.id)
    guard !isStopped else { return }
    if let user = source as? any ContractUser {
      // Another contract may turn out to hold while the source takes this one.
      var used: Contract?
      while let contract, contract.name != used?.name {
        await user.use(contract)
        used = contract
      }
      if isContractSettled { await user.settle() }
    }
    // The end may have come meanwhile: it would not know of this one.
    guard !isStopped else { return }
    let sink = sink
    running[source.id] = RunningSource(source: source, task: Task { await source.run(into: sink) })
  }

  /// Ends a source and waits for it, within bounds.
  package func remove(_ id: SourceID) async {
    guard let old = running.removeValue(forKey: id) else { return }
    old.task.cancel()
    await TimeLimit.wait(seconds: Self.sourceEndLimit) { await old.task.value }
  }

  private func begin(_ start: Result<EnvironmentEndpoints, EnvironmentFailure>) async {
    guard !isStopped, !Task.isCancelled else { return }
    switch start {
    case .failure(let failure):
      if driver.tellsState { await environment(.failed, failure.description) }
      await say(.runEnded(reason: failure.description))
    case .success(let endpoints):
      description.services = endpoints.services
      await desk.open(await driver.faultMeans)
      description.faults = await desk.menu
      let sources = sources(of: endpoints)
      description.sources = sources.map(\.id)
      await history.emit(.description(description), from: .harness)
      for source in sources { await add(source) }
      if let script = options.script, !isStopped { playing = Task { [desk] in await desk.play(script) } }
      guard driver.tellsState else { return }
      await environment(.ready)
      await environment(.running)
    }
  }

  private func sources(of endpoints: EnvironmentEndpoints) -> [any EventSource] {
    let means = SourceMeans(
      contract: contract, fetcher: fetcher, clock: clock, processGuard: processGuard, random: random,
      hostUTCOffsetSeconds: options.localUTCOffsetSeconds)
    return endpoints.ordered.map { $0.make(means) } + endpoints.sources
  }

  /// Takes what is known about the contract.
  /// - Returns: the logs that another contract told until now, and that say when they are read again.
  private func adopt(_ news: ContractScout.News) async -> Set<SourceID> {
    guard !isStopped else { return [] }
    switch news {
    case .settled:
      isContractSettled = true
      for entry in running.values { await (entry.source as? any ContractUser)?.settle() }
    case .found(.decided(let found, let reason)):
      let before = contract
      var readAgain: Set<SourceID> = []
      contract = found
      description.contract = found
      description.contractReason = reason + (before.map { "; before, it looked like \($0.name)" } ?? "")
      // Said first, so that what sources tell from now on is read with it.
      await history.emit(.description(description), from: .harness)
      for entry in running.values { readAgain.formUnion(await (entry.source as? any ContractUser)?.use(found) ?? []) }
      return readAgain
    case .found(.undecided(_, let missing)):
      description.contractReason = missing
      await history.emit(.description(description), from: .harness)
    }
    return []
  }

  private func tick() async {
    let interval = max(options.tickSeconds, 0.2 * clock.speed)
    while (try? await clock.sleep(seconds: interval)) != nil {
      await history.emit(.tick, from: .harness)
      await refreshMenu()
    }
  }

  /// What can be done changes while a run goes on: a container comes late, or goes.
  private func refreshMenu() async {
    let menu = await desk.menu
    guard !isStopped, menu != description.faults else { return }
    description.faults = menu
    await history.emit(.description(description), from: .harness)
  }

  private func measureCost() async {
    var meter = OwnCostMeter()
    while (try? await clock.sleep(seconds: max(0.1, options.costSeconds) * clock.speed)) != nil {
      if let cost = meter.measure() { await history.emit(.sample(.ownCost(cost)), from: .harness) }
    }
  }

  private func end() async {
    isStopped = true
    await desk.close()
    playing?.cancel()
    let tasks = running.values.map(\.task)
    running.removeAll()
    for task in tasks { task.cancel() }
    await TimeLimit.wait(seconds: Self.sourceEndLimit) { for task in tasks { await task.value } }
    await desk.stop(servicesLiveOn: await driver.servicesLiveOn)
    let driver = driver
    let hasStopped = await TimeLimit.wait(seconds: driver.stopLimitSeconds) { await driver.stop() }
    if driver.tellsState {
      let limit = Int(driver.stopLimitSeconds)
      if hasStopped {
        await environment(.stopped, await driver.runsOnBecause.map { "the services run on: \($0)" })
      } else {
        await environment(.failed, "the services did not stop within \(limit) s")
      }
    }
    await history.finish()
  }

  /// Tells a step of the environment; one that the data model does not have is none.
  private func environment(_ state: EnvironmentState, _ reason: String? = nil) async {
    guard (try? lifecycle.become(state, reason: reason)) != nil else { return }
    await say(.environment(state, reason: reason))
  }

  private func say(_ kind: Happening.Kind) async {
    await history.emit(.happening(Happening(kind, service: "dubwatch", provenance: .own)), from: .harness)
  }
}
