import EmbeddedPipeline
import Events
import HarnessConfig
import HarnessCore
import Judging
import ProcessGuard
import WireFormats

/// One scenario's environment.
struct RunPlace: Sendable {
  var driver: any EnvironmentDriver
  var contract: ContractChoice
  /// How long the start may take, in real seconds.
  var startSeconds = 180.0
  /// Whether the test stream is published there by dubwatch.
  var publishes = true
  /// Whether its services were set up as the scenario needs them.
  var ownsServices = true
}

/// Makes the environments of a command's scenarios: one each, or one for all.
struct RunPlaces: Sendable {
  private let plan: RunPlan
  private let isPlain: Bool
  /// The environment that all scenarios share; nil where each has its own, or nobody starts one.
  private let shared: (any EnvironmentDriver)?

  /// Fails at once for what the command line asks and cannot be had.
  /// - Parameters:
  ///   - processGuard: guards what all scenarios share.
  ///   - isPlain: whether progress may be told on standard error: a screen belongs to itself.
  init(_ plan: RunPlan, scenarios: [Scenario], _ processGuard: ProcessGuard, isPlain: Bool) throws {
    self.plan = plan
    self.isPlain = isPlain
    guard plan.isShared, plan.environment == .compose, let first = scenarios.first else {
      shared = nil
      return
    }
    if let other = scenarios.first(where: { $0.needs != first.needs }) {
      throw Problem(.conflict, "--shared-env: \(other.name) needs another environment than \(first.name): run them without it")
    }
    shared = try Self.compose(plan, first, ScaledClock(wallOrigin: Host.wallClock()), processGuard, isPlain: isPlain)
  }

  /// Whether counters are judged by what changes during a scenario: services that ran before it have counted already.
  var isShared: Bool { plan.isShared || plan.environment == .attach }

  /// The environment of a scenario.
  func place(_ scenario: Scenario, _ clock: ScaledClock, _ processGuard: ProcessGuard) throws -> RunPlace {
    // What the command line names goes before what the scenario does.
    let fixture = try FixtureLocator.usual(plan.fixture ?? scenario.publish.fixture)
    switch plan.environment {
    case .embedded:
      var configuration = PipelineConfiguration(scenario)
      configuration.temporaryDirectory = ComposeProject.temporaryFolder(Host.environment)
      if let mutation = plan.mutation { configuration.rules.breakOnPurpose(mutation) }
      let driver = EmbeddedDriver(
        configuration: configuration, clock: clock, processGuard: processGuard, pollSeconds: max(1, clock.speed / 8), fixture: fixture)
      let contract = BuiltInContracts.spec018.adjusted(to: scenario.needs)
      return RunPlace(driver: driver, contract: .fixed(contract, reason: "the embedded pipeline keeps it"))
    case .compose:
      let base = try shared ?? Self.compose(plan, scenario, clock, processGuard, isPlain: isPlain)
      let contract = try contract(scenario)
      return RunPlace(
        driver: driver(base, nil, scenario, fixture, contract, clock, processGuard), contract: contract,
        startSeconds: plan.compose.limitSeconds + 60)
    case .attach:
      let base = try plan.watch.driver(clock, processGuard)
      let contract = try contract(scenario)
      return RunPlace(
        driver: driver(base, plan.publish, scenario, fixture, contract, clock, processGuard), contract: contract,
        publishes: plan.publish != nil, ownsServices: false)
    }
  }

  /// Ends what the scenarios shared.
  /// - Returns: whether something is left that should not be.
  func end() async -> Bool {
    guard let shared else { return false }
    await shared.stop()
    return Leftovers.tell(await shared.leftovers)
  }

  private func driver(
    _ base: any EnvironmentDriver, _ publishTo: String?, _ scenario: Scenario, _ fixture: FixtureLocator,
    _ contract: ContractChoice, _ clock: ScaledClock, _ processGuard: ProcessGuard
  ) -> ScenarioDriver {
    ScenarioDriver(
      base, publishTo: publishTo, isPublishedOnce: scenario.publish.length == .once, isShared: plan.isShared, fixture: fixture,
      words: contract.words, clock: clock, processGuard: processGuard)
  }

  private static func compose(
    _ plan: RunPlan, _ scenario: Scenario, _ clock: any RunClock, _ processGuard: ProcessGuard, isPlain: Bool
  ) throws -> any EnvironmentDriver {
    let words = try plan.watch.contractChoice().words
    return try plan.compose.driver(
      variables: scenario.needs.variables, words: words, clock: clock, processGuard: processGuard
    ) { line in
      if isPlain { StandardError.write("  \(escapeUntrusted(line))\n") }
    }
  }

  private func contract(_ scenario: Scenario) throws(Problem) -> ContractChoice {
    switch try plan.watch.contractChoice() {
    case .fixed(let contract, let reason): .fixed(contract.adjusted(to: scenario.needs), reason: reason)
    case .auto(let candidates): .auto(candidates.map { $0.adjusted(to: scenario.needs) })
    }
  }
}
