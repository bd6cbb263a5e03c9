import ArgumentParser
import Contracts
import Events
import HarnessConfig
import HarnessCore
import MonitorUI
import ProcessGuard
import WireFormats

/// What `watch` reads: flags, a configuration file, or the default endpoints of the contract.
struct WatchOptions: ParsableArguments {
  @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A health check; any number.", valueName: "NAME=URL"))
  var health: [String] = []

  @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A Prometheus endpoint; any number.", valueName: "URL"))
  var metrics: [String] = []

  @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A log file; any number.", valueName: "NAME=FILE"))
  var logs: [String] = []

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("A command that prints a log, such as 'docker logs -f NAME'; any number.", valueName: "NAME=COMMAND"))
  var logsCommand: [String] = []

  @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("The API of a MediaMTX; any number.", valueName: "URL"))
  var mediaServer: [String] = []

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("A media stream to probe (http, rtsp, rtmp, a file); any number.", valueName: "URL"))
  var stream: [String] = []

  @Flag(help: "Read packets of the streams only: no search for flashes and beeps, a seventh of the CPU.")
  var noContent = false

  @Option(
    help: ArgumentHelp(
      "A compose project that runs: health, logs and restarts of all its services. It is never stopped.", valueName: "PROJECT"))
  var compose: String?

  @Option(help: ArgumentHelp("A YAML file with all of this.", valueName: "FILE"))
  var config: String?

  @Option(help: "The contract: auto, a built-in name (spec-018, media-service) or a YAML file.")
  var contract: String?

  @Option(help: "Seconds between two reads of one source, 0.1 to 3600.")
  var interval: Double?

  @Option(help: "Seconds that one read may take, 0.1 to 600.")
  var timeout: Double?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Credentials of a service (or *): bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH.",
      valueName: "NAME=SOURCE"))
  var credentials: [String] = []

  mutating func validate() throws {
    if let interval, !(0.1...3600).contains(interval) { throw ValidationError("--interval is \(interval), but must be 0.1 to 3600.") }
    if let compose, compose.isEmpty || compose.hasPrefix("-") { throw ValidationError("--compose names no project.") }
    if let timeout, !(0.1...600).contains(timeout) { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
  }

  /// The watch that these options ask for, and the configuration file's say on the screen.
  func resolve() throws -> (setUp: RunSetUp, configuration: WatchConfiguration?) {
    let file = try loadConfiguration(config)
    let choice = try contractChoice(file)
    let plan = try plan(file, choice)
    let clock = ScaledClock(wallOrigin: Host.wallClock())
    let options = HarnessOptions(contract: choice, localUTCOffsetSeconds: Host.utcOffsetSeconds())
    let processGuard = ProcessGuard()
    let driver = driver(plan, file, clock, processGuard)
    let setUp = RunSetUp(driver: driver, options: options, clock: clock, processGuard: processGuard)
    return (setUp, file)
  }

  /// A driver of what these options name; for a run in what is there already.
  func driver(_ file: WatchConfiguration?, _ clock: any RunClock, _ processGuard: ProcessGuard) throws -> any EnvironmentDriver {
    driver(try plan(file, try contractChoice(file)), file, clock, processGuard)
  }

  /// Whether any source was given, other than by a file.
  var isGiven: Bool {
    compose != nil || [health, metrics, logs, logsCommand, mediaServer, stream].contains { !$0.isEmpty }
  }

  private func driver(
    _ plan: WatchPlan, _ file: WatchConfiguration?, _ clock: any RunClock, _ processGuard: ProcessGuard
  ) -> any EnvironmentDriver {
    guard let compose else { return AttachDriver(plan.endpoints) }
    let polling = ComposePolling(interval: plan.interval, timeout: plan.timeout, hostUTCOffsetSeconds: Host.utcOffsetSeconds())
    return ComposeAttachDriver(
      project: compose, services: file?.services.mapValues(\.composeService) ?? [:], extra: plan.endpoints,
      docker: DockerCLI(processGuard: processGuard), clock: clock, polling: polling)
  }

  /// Which contract they ask for.
  func contractChoice(_ file: WatchConfiguration?) throws(Problem) -> ContractChoice {
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

  private func plan(_ file: WatchConfiguration?, _ choice: ContractChoice) throws(Problem) -> WatchPlan {
    var plan = WatchPlan(interval: interval ?? 1, timeout: timeout ?? 2, credentials: try namedCredentials())
    for text in health { try plan.addHealth(text) }
    for text in metrics { try plan.addMetrics(text) }
    for text in logs { try plan.addLogFile(text) }
    for text in logsCommand { try plan.addLogCommand(text) }
    for text in mediaServer { try plan.addMediaServer(text) }
    for text in stream { try plan.addStream(text, probesContent: !noContent) }
    if let file { try add(file, to: &plan) }
    guard plan.endpoints.isEmpty, compose == nil else { return plan }
    // Nothing was given: look where the contract says that the services are.
    for contract in choice.candidates { try plan.addDefaults(of: contract) }
    return plan
  }

  private func namedCredentials() throws(Problem) -> [ServiceName: Credentials] {
    var named: [ServiceName: Credentials] = [:]
    for text in credentials {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw Problem(.usage, "credentials are written NAME=SOURCE, such as media-service=bearer:env:TOKEN")
      }
      named[ServiceName(String(text[..<equals]))] = try resolved(String(text[text.index(after: equals)...]))
    }
    return named
  }

  private func resolved(_ source: String) throws(Problem) -> Credentials {
    let (credentials, warning) = try CredentialSource(parsing: source).resolve(environment: Host.environment)
    if let warning { StandardError.write("dubwatch: \(warning)\n") }
    return credentials
  }
}

extension ContractChoice {
  /// The contracts that may turn out to be in force.
  var candidates: [Contract] {
    switch self {
    case .fixed(let contract, _): [contract]
    case .auto(let all): all
    }
  }
}
