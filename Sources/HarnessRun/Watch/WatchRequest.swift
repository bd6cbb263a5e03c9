import Contracts
import Events
import HarnessConfig
import HarnessCore
import ProcessGuard
import WireFormats

/// What is watched of services that run already: what a command line and a configuration file name, or the default endpoints of the contract.
package struct WatchRequest: Sendable {
  /// What users wrote of each kind of source, by the kind's flag without dashes.
  package var sources: [String: [String]] = [:]
  /// Whether streams are searched for flashes and beeps.
  package var probesContent = true
  /// A compose project that runs; nil for none.
  package var project: String?
  /// `auto`, a built-in name or a YAML file; nil when the command line does not say.
  package var contract: String?
  /// Seconds between two reads of one source, 0.1 to 3600; nil when the command line does not say.
  package var interval: Double?
  /// Seconds that one read may take, 0.1 to 600; nil when the command line does not say.
  package var timeout: Double?
  /// Credentials as `NAME=SOURCE`.
  package var credentials: [String] = []
  /// What the configuration file says; nil without one.
  package var file: WatchConfiguration?
  /// The path of the configuration file.
  package var path = ""

  /// A request that names nothing.
  package init() {}

  /// A run that shows it.
  package func setUp(_ processGuard: ProcessGuard) throws -> RunSetUp {
    let choice = try contractChoice()
    let clock = ScaledClock(wallOrigin: Host.wallClock())
    let driver = driver(try plan(choice), clock, processGuard)
    let options = HarnessOptions(contract: choice, localUTCOffsetSeconds: Host.utcOffsetSeconds())
    return RunSetUp(driver: driver, options: options, clock: clock)
  }

  /// A driver of what is named; for a run in what is there already.
  func driver(_ clock: any RunClock, _ processGuard: ProcessGuard) throws -> any EnvironmentDriver {
    driver(try plan(try contractChoice()), clock, processGuard)
  }

  /// Which contract is asked for.
  func contractChoice() throws(Problem) -> ContractChoice {
    let name = contract ?? file?.contract ?? "auto"
    func inZone(_ contract: Contract) -> Contract {
      var contract = contract
      contract.logTimeZone = file?.logTimeZone ?? contract.logTimeZone
      return contract
    }
    if name == "auto" { return .auto(BuiltInContracts.all.map(inZone)) }
    do {
      let reason = contract == nil ? "the configuration file names it" : "asked for"
      return .fixed(inZone(try ContractLoader.load(name)), reason: reason)
    } catch {
      throw error.problem
    }
  }

  private func driver(_ plan: WatchPlan, _ clock: any RunClock, _ processGuard: ProcessGuard) -> any EnvironmentDriver {
    guard let project else { return AttachDriver(plan.endpoints) }
    let polling = ComposePolling(interval: plan.interval, timeout: plan.timeout, hostUTCOffsetSeconds: Host.utcOffsetSeconds())
    return ComposeAttachDriver(
      project: project, services: file?.services.mapValues(\.composeService) ?? [:], extra: plan.endpoints,
      docker: DockerCLI(processGuard: processGuard), clock: clock, polling: polling)
  }

  private func plan(_ choice: ContractChoice) throws(Problem) -> WatchPlan {
    var plan = WatchPlan(
      interval: interval ?? 1, timeout: timeout ?? 2, credentials: try CredentialTexts.named(credentials), probesContent: probesContent)
    for kind in SourcePlans.all {
      for text in sources[kind.words.flag] ?? [] { try plan.add(kind, text) }
    }
    if let file { try add(file, to: &plan) }
    guard plan.endpoints.isEmpty, project == nil else { return plan }
    // Nothing was given: look where the contract says that the services are.
    for contract in choice.candidates { try plan.addDefaults(of: contract) }
    return plan
  }
}

extension ContractChoice {
  /// The contracts that may turn out to be in force.
  fileprivate var candidates: [Contract] {
    switch self {
    case .fixed(let contract, _): [contract]
    case .auto(let all): all
    }
  }
}
