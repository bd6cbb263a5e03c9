import ArgumentParser
import Contracts
import EmbeddedPipeline
import Events
import HarnessConfig
import HarnessCore
import Judging
import ProcessGuard
import RunModel
import TerminalCanvas
import WireFormats

extension RunEnvironment: ExpressibleByArgument {
  /// Refuses a scenario whose faults cannot be injected there, before anything is started.
  func check(_ scenario: Scenario, publishes: Bool) throws(Problem) {
    for step in scenario.steps {
      guard case .inject(let request) = step.action, let obstacle = obstacle(to: request, publishes: publishes) else { continue }
      throw Problem(.conflict, "\(scenario.name) injects \(request.id), which --env \(rawValue) cannot do: \(obstacle)")
    }
  }
}

/// One scenario's environment, and what becomes of it.
struct RunPlace {
  var driver: any EnvironmentDriver
  var contract: ContractChoice
  /// How long the start may take, in real seconds.
  var startSeconds = 180.0
  var compose: ComposeDriver?
  /// Whether the environment goes with this run.
  var endsHere = true

  /// A run that failed may leave its environment to be looked at.
  func noteFailure() async { await compose?.noteFailure() }

  /// Says what is left of the environment, and what its start failed by.
  /// - Returns: whether something is left that should not be.
  func tellLeftovers() async -> Bool {
    if let failure = await (driver as? ScenarioDriver)?.failure, !failure.details.isEmpty {
      StandardError.write("last lines:\n")
      for line in failure.details { StandardError.write("  \(escapeUntrusted(line))\n") }
    }
    guard let compose, endsHere else { return false }
    return await RunPlaces.tellLeftovers(compose)
  }
}

/// Makes the environments of a command's scenarios: one each, or one for all.
struct RunPlaces {
  private let command: RunCommand
  private let file: WatchConfiguration?
  private let shared: Shared?

  /// The environment that all scenarios share.
  private struct Shared {
    var compose: ComposeDriver?
    var processGuard: ProcessGuard
  }

  /// Fails at once for what the command line asks and cannot be had.
  init(_ command: RunCommand, scenarios: [Scenario]) throws {
    self.command = command
    file = command.environment == .embedded ? nil : try loadConfiguration(command.sources.config)
    guard command.sharedEnv, let first = scenarios.first else {
      shared = nil
      return
    }
    let processGuard = ProcessGuard()
    var compose: ComposeDriver?
    if command.environment == .compose {
      if let other = scenarios.first(where: { $0.needs != first.needs }) {
        throw Problem(.conflict, "--shared-env: \(other.name) needs another environment than \(first.name): run them without it")
      }
      compose = try Self.composeDriver(
        command, file, first, ScaledClock(wallOrigin: Host.wallClock()), processGuard, isPlain: command.headless || !Host.isTerminal(1))
    }
    shared = Shared(compose: compose, processGuard: processGuard)
  }

  /// Whether counters are judged by what changes during a scenario: services that ran before it have counted already.
  var isShared: Bool { shared != nil || command.environment == .attach }

  /// The environment of a scenario.
  func place(_ scenario: Scenario, _ clock: ScaledClock, _ processGuard: ProcessGuard, isPlain: Bool) async throws -> RunPlace {
    let fixture = try locator(scenario)
    switch command.environment {
    case .embedded:
      var configuration = PipelineConfiguration(scenario)
      if let mutation = command.mutation { configuration.rules.breakOnPurpose(mutation) }
      let driver = EmbeddedDriver(
        configuration: configuration, clock: clock, processGuard: processGuard, pollSeconds: max(1, clock.speed / 8), fixture: fixture)
      let contract = BuiltInContracts.spec018.adjusted(to: scenario.needs)
      return RunPlace(driver: driver, contract: .fixed(contract, reason: "the embedded pipeline keeps it"))
    case .compose:
      let compose =
        try shared?.compose ?? Self.composeDriver(command, file, scenario, clock, processGuard, isPlain: isPlain)
      let driver = scenarioDriver(compose, nil, scenario, fixture, clock, processGuard)
      return RunPlace(
        driver: driver, contract: try contract(scenario), startSeconds: command.compose.limitSeconds + 60, compose: compose,
        endsHere: shared == nil)
    case .attach:
      let driver = scenarioDriver(
        try command.sources.driver(file, clock, processGuard), command.publish, scenario, fixture, clock, processGuard)
      return RunPlace(driver: driver, contract: try contract(scenario))
    }
  }

  /// Ends what the scenarios shared.
  /// - Returns: whether something is left that should not be.
  func end() async -> Bool {
    guard let shared else { return false }
    await shared.compose?.stop()
    var isLeft = false
    if let compose = shared.compose { isLeft = await Self.tellLeftovers(compose) }
    await shared.processGuard.shutdown()
    return isLeft
  }

  /// Says how to look at a project that was kept, or that one could not be taken down.
  /// - Returns: whether the latter.
  static func tellLeftovers(_ compose: ComposeDriver) async -> Bool {
    for line in await compose.keptAdvice ?? [] { StandardError.write("dubwatch: \(line)\n") }
    guard let left = await compose.downFailure else { return false }
    StandardError.write("dubwatch: \(escapeUntrusted(left.description))\n")
    return true
  }

  private func scenarioDriver(
    _ base: any EnvironmentDriver, _ publishTo: String?, _ scenario: Scenario, _ fixture: FixtureLocator, _ clock: ScaledClock,
    _ processGuard: ProcessGuard
  ) -> ScenarioDriver {
    ScenarioDriver(
      base, publishTo: publishTo, isPublishedOnce: scenario.publish.length == .once, isShared: shared != nil, fixture: fixture,
      clock: clock,
      processGuard: processGuard)
  }

  private static func composeDriver(
    _ command: RunCommand, _ file: WatchConfiguration?, _ scenario: Scenario, _ clock: any RunClock, _ processGuard: ProcessGuard,
    isPlain: Bool
  ) throws -> ComposeDriver {
    let polling = ComposePolling(hostUTCOffsetSeconds: Host.utcOffsetSeconds())
    return try command.compose.driver(
      services: file?.services ?? [:], variables: scenario.needs.variables, keep: command.keep, clock: clock, processGuard: processGuard,
      polling: polling
    ) { line in
      // The screen belongs to ncurses.
      if isPlain { StandardError.write("  \(escapeUntrusted(line))\n") }
    }
  }

  private func contract(_ scenario: Scenario) throws(Problem) -> ContractChoice {
    switch try command.sources.contractChoice(file) {
    case .fixed(let contract, let reason): .fixed(contract.adjusted(to: scenario.needs), reason: reason)
    case .auto(let candidates): .auto(candidates.map { $0.adjusted(to: scenario.needs) })
    }
  }

  /// What the command line names goes before what the scenario does.
  private func locator(_ scenario: Scenario) throws -> FixtureLocator {
    var options = command.fixture
    options.fixture = options.fixture ?? scenario.publish.fixture
    return try options.locator()
  }
}

extension Contract {
  /// With the limits that a scenario gives its environment.
  func adjusted(to needs: EnvironmentNeeds) -> Contract {
    var contract = self
    if let timeout = needs.fragmentTimeoutMilliseconds { contract.thresholds.fragmentTimeoutSeconds = Double(timeout) / 1000 }
    if let limit = needs.maxInflight { contract.thresholds.maxInflight = limit }
    return contract
  }
}

extension EnvironmentNeeds {
  /// The same as the variables that the compose files pass on.
  var variables: [String: String] {
    var variables: [String: String] = [:]
    variables["ECHO_PROCESSING_DELAY_MS"] = processingDelayMilliseconds.map { "\($0)" }
    variables["BACKPRESSURE_ENABLED"] = sendsBackpressure.map { "\($0)" }
    variables["MAX_INFLIGHT"] = maxInflight.map { "\($0)" }
    variables["FRAGMENT_TIMEOUT_MS"] = fragmentTimeoutMilliseconds.map { "\($0)" }
    variables["LOG_LEVEL"] = logLevel?.rawValue
    return variables
  }
}

extension Scenario {
  /// With every counter judged by what it rises by from the scenario's start.
  var judgedByChange: Scenario {
    var scenario = self
    for index in scenario.expectations.indices {
      scenario.expectations[index].rule = scenario.expectations[index].rule.judgedByChange
    }
    return scenario
  }
}
