import ArgumentParser
import Events
import HarnessConfig
import HarnessCore
import MonitorUI
import ProcessGuard
import RunModel
import TerminalCanvas
import WireFormats

struct EnvCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "env", abstract: "Brings a compose environment up, shows how it stands, takes it down.",
    discussion: "A project is known by labels: what dubwatch did not make it never takes down.",
    subcommands: [EnvUp.self, EnvStatus.self, EnvDown.self])
}

struct EnvUp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Starts the services and waits until all are healthy.",
    discussion: "When that fails, it says which service failed and why, and takes everything down again unless --keep says otherwise.")

  @OptionGroup var options: ComposeOptions

  @Option(help: ArgumentHelp("A YAML file whose `services` say who plays which part.", valueName: "FILE"))
  var config: String?

  @Option(help: "When a start that failed is left as it is: never, on-failure or always.")
  var keep: KeepPolicy = .never

  mutating func run() async throws {
    let file = try loadConfiguration(config)
    let processGuard = ProcessGuard()
    let clock = ScaledClock(wallOrigin: Host.wallClock())
    let driver = try options.driver(services: file?.services ?? [:], keep: keep, clock: clock, processGuard: processGuard) { line in
      StandardError.write("  \(escapeUntrusted(line))\n")
    }
    StandardError.write("dubwatch: bringing up \(driver.name)\n")
    let box = OutcomeBox()
    let signal = await Signals.run {
      do throws(EnvironmentFailure) { await box.set(.success(try await driver.start(into: NoSink()))) } catch {
        await box.set(.failure(error))
      }
    }
    if signal == nil, case .success(let endpoints)? = await box.outcome {
      await driver.handOver()
      await processGuard.shutdown()
      try report(driver, endpoints, await driver.streamAddress)
      return
    }
    if signal != nil { StandardError.write("dubwatch: taking \(driver.name) down\n") }
    await driver.stop()
    let advice = await driver.keptAdvice
    let left = await driver.downFailure
    await processGuard.shutdown()
    for line in advice ?? [] { StandardError.write("dubwatch: \(line)\n") }
    if let left { StandardError.write("dubwatch: \(escapeUntrusted(left.description))\n") }
    if let signal { throw ExitCode(signal) }
    guard case .failure(let failure)? = await box.outcome else { throw ExitCode(ExitStatus.unavailable) }
    if !failure.details.isEmpty { StandardError.write("last lines:\n") }
    for line in failure.details { StandardError.write("  \(escapeUntrusted(line))\n") }
    throw failure.problem
  }

  private func report(_ driver: ComposeDriver, _ endpoints: EnvironmentEndpoints, _ stream: String?) throws {
    var lines = ["project  \(driver.projectName)"]
    for target in endpoints.mediaServers { lines.append("api      \(target.service)  \(target.target)") }
    for target in endpoints.health { lines.append("health   \(target.service)  \(target.target)") }
    for target in endpoints.metrics { lines.append("metrics  \(target.service)  \(target.target)") }
    if let stream { lines.append("publish  \(stream)") }
    lines.append("watch    dubwatch watch --compose \(driver.projectName)")
    lines.append("remove   dubwatch env down --project \(driver.projectName)")
    guard StandardOutput.write(lines.joined(separator: "\n") + "\n") else { throw ExitCode(ExitStatus.no) }
  }
}

/// Takes what the driver says while nobody watches.
private struct NoSink: EventSink {
  func emit(_ event: RunEvent, from source: SourceID) async {}
}

private actor OutcomeBox {
  private(set) var outcome: Result<EnvironmentEndpoints, EnvironmentFailure>?
  func set(_ new: Result<EnvironmentEndpoints, EnvironmentFailure>) { outcome = new }
}

/// What a configuration file says; nil for none.
func loadConfiguration(_ path: String?) throws -> WatchConfiguration? {
  guard let path else { return nil }
  return try WatchConfigurationLoader.load(path, commands: Commands.all.map(\.name))
}

struct EnvStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Lists the projects that dubwatch brought up, with their services.",
    discussion: "Exit 0 when there is one and all its services run and are healthy, else 1.")

  @Option(help: ArgumentHelp("Only this project.", valueName: "NAME"))
  var project: String?

  mutating func run() async throws {
    let processGuard = ProcessGuard()
    let directory = ComposeDirectory(DockerCLI(processGuard: processGuard))
    let listed: [(name: String, containers: [ComposeContainer])]
    do { listed = try await directory.ownProjects() } catch {
      await processGuard.shutdown()
      throw error
    }
    await processGuard.shutdown()
    let chosen = listed.filter { project == nil || $0.name == project }
    guard !chosen.isEmpty else {
      throw Problem(.negative, project.map { "no project \($0) was brought up by dubwatch" } ?? "no environment of dubwatch is up")
    }
    var isWell = true
    for (name, containers) in chosen {
      guard StandardOutput.write("\(escapeUntrusted(name))\n") else { throw ExitCode(ExitStatus.no) }
      if containers.isEmpty {
        isWell = false
        StandardOutput.write("  no container, only a network or a volume\n")
      }
      for container in containers {
        isWell = isWell && container.state == "running" && ["", "healthy"].contains(container.health)
        let ports = container.publishers.map { "\($0.address):\($0.publishedPort)->\($0.targetPort)" }.joined(separator: " ")
        StandardOutput.write("  \(escapeUntrusted("\(container.service)  \(container.status)  \(ports)"))\n")
      }
    }
    if !isWell { throw ExitCode(ExitStatus.no) }
  }
}

struct EnvDown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down", abstract: "Takes a project down with its networks and volumes, and verifies that nothing is left.")

  @Option(help: ArgumentHelp("Which project; not needed where there is only one.", valueName: "NAME"))
  var project: String?

  @Flag(help: "All projects that dubwatch brought up.")
  var all = false

  mutating func validate() throws {
    if all, project != nil { throw ValidationError("Give either --project NAME or --all.") }
  }

  mutating func run() async throws {
    let processGuard = ProcessGuard()
    let directory = ComposeDirectory(DockerCLI(processGuard: processGuard))
    let box = FailureBox()
    let (project, all) = (project, all)
    // A signal in the middle would leave half of it: it is taken note of, and the rest is done.
    let signals = Signals.terminations()
    let noting = Task { for await number in signals { await box.note(signal: number) } }
    do {
      let names = try await directory.ownProjects().map(\.name)
      for name in try Self.choose(names, project, all) {
        try await directory.down(name)
        StandardOutput.write("\(escapeUntrusted(name)) is down: no container, network or volume is left\n")
      }
      if names.isEmpty { StandardOutput.write("nothing to take down\n") }
    } catch let failure as EnvironmentFailure {
      await box.note(failure.problem)
    } catch let failure as Problem {
      await box.note(failure)
    }
    noting.cancel()
    await processGuard.shutdown()
    if let failure = await box.failure { throw failure }
    if let signal = await box.signal { throw ExitCode(128 + signal) }
  }

  private static func choose(_ names: [String], _ project: String?, _ all: Bool) throws -> [String] {
    if let project {
      guard names.contains(project) else {
        throw Problem(.negative, "no project \(project) was brought up by dubwatch" + NearestWord.hint(project, among: names))
      }
      return [project]
    }
    if all || names.count <= 1 { return names }
    throw Problem(.conflict, "several projects are up (\(names.joined(separator: ", "))): give --project NAME or --all")
  }
}

private actor FailureBox {
  private(set) var failure: Problem?
  private(set) var signal: Int32?
  func note(_ failure: Problem) { self.failure = failure }
  func note(signal: Int32) { self.signal = signal }
}
