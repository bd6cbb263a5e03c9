import Contracts
import Events
import ProcessGuard
import RunModel
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Brings a compose project of the user's Docker engine up and down.
///
/// Everything it makes carries labels of its own; only what carries them is ever taken down. When dubwatch dies, the process guard takes
/// the project down in its place.
package actor ComposeDriver: EnvironmentDriver {
  /// How many lines of a failing service's log are shown.
  static let shownLines = 40

  /// `compose:NAME`.
  package nonisolated let name: String
  /// It starts and stops the services.
  package nonisolated let ownsServices = true
  /// Longer than a compose project may take to go down.
  package nonisolated var stopLimitSeconds: Double { limits.down + 30 }
  nonisolated let project: ComposeProject
  nonisolated let limits: ComposeLimits
  nonisolated let docker: DockerCLI
  nonisolated let directory: ComposeDirectory
  let clock: any RunClock
  let polling: ComposePolling
  let progress: @Sendable (String) async -> Void
  let environment: [String: String]
  private let keep: KeepPolicy
  private var hasFailed = false
  private var isMade = false
  private var isKept = false
  private var starting: Task<Result<EnvironmentEndpoints, EnvironmentFailure>, Never>?
  private var duties: [GuardDuty] = []
  private var ownFiles: [String] = []
  private var lock: ProjectLock?
  var engine: DockerEngine?
  var addresses: ComposeAddresses?
  var sink: (any EventSink)?
  /// Why the project could not be taken down completely; nil when it was, or was not tried yet.
  private var downFailure: EnvironmentFailure?

  /// A driver of a project that does not run yet.
  /// - Parameters:
  ///   - environment: the variables of this process, as compose will see them.
  ///   - keep: when the project is left as it is at the end.
  ///   - progress: takes what compose says while images are made and containers start.
  package init(
    _ project: ComposeProject, docker: DockerCLI, environment: [String: String], limits: ComposeLimits = ComposeLimits(),
    keep: KeepPolicy = .never, clock: any RunClock, polling: ComposePolling = ComposePolling(),
    progress: @escaping @Sendable (String) async -> Void = { _ in }
  ) {
    name = "compose:\(project.name)"
    self.project = project
    self.docker = docker
    self.environment = environment
    self.limits = limits
    self.keep = keep
    self.clock = clock
    self.polling = polling
    self.progress = progress
    directory = ComposeDirectory(docker)
  }

  /// Starts the services; returns when all are healthy. Says which service failed, and why, when they are not.
  package func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    guard starting == nil else { throw EnvironmentFailure("project \(project.name) was started already") }
    self.sink = sink
    let task = Task { () -> Result<EnvironmentEndpoints, EnvironmentFailure> in
      do throws(EnvironmentFailure) {
        try await self.up()
        return .success(try await self.endpoints())
      } catch {
        return .failure(error)
      }
    }
    starting = task
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    if case .failure = result { hasFailed = true }
    return try result.get()
  }

  /// Where the running project can be read, for a further run in it; nil while it does not run.
  package func startedAgain() async throws(EnvironmentFailure) -> EnvironmentEndpoints? { addresses == nil ? nil : try await endpoints() }

  /// Notes that the run failed, for a project that is kept then.
  package func noteFailure() async { hasFailed = true }

  /// Takes the project down and verifies that nothing is left, unless it is to be kept.
  package func stop() async {
    starting?.cancel()
    _ = await starting?.value
    if isMade, !isKept {
      if keep == .always || (keep == .onFailure && hasFailed) {
        isKept = true
      } else {
        downFailure = nil
        do throws(EnvironmentFailure) {
          try await directory.down(project.name, seconds: limits.down)
          isMade = false
        } catch {
          downFailure = error
          let finding = Finding(id: "compose-left-behind", text: error.description)
          await sink?.emit(.happening(Happening(.finding(finding), service: "dubwatch", provenance: .own)), from: .harness)
        }
      }
    }
    // What could not be taken down is tried once more by the guard, when this process ends.
    if !isMade || isKept { await release() }
  }

  /// Lets the project run on when this process ends: it belongs to nobody then but to `env down`.
  package func handOver() async {
    isKept = true
    await release()
  }

  /// What is done to its containers.
  package var faultMeans: [any FaultMeans] {
    [ContainerMeans(docker: docker) { [weak self] in await self?.addresses?.container($0)?.id }]
  }

  /// Whether the project may be kept for somebody to look at.
  package var servicesLiveOn: Bool { keep != .never }

  /// The project's name.
  package nonisolated var projectName: String { project.name }

  /// Where a path of the media server is reached from here; nil while nothing runs, or where the media server publishes no port.
  package func streamAddress(_ path: String) async -> String? { addresses?.stream(path) }

  /// Kept for somebody to look at, or left behind.
  package var runsOnBecause: String? {
    if isKept { return "the project \(project.name) is kept" }
    return isMade && downFailure != nil ? "not all of \(project.name) could be removed" : nil
  }

  /// How to look at a project that was kept, or why one could not be removed.
  package var leftovers: EnvironmentLeftovers { EnvironmentLeftovers(advice: isKept ? keptAdvice : [], failure: downFailure) }

  private var keptAdvice: [String] {
    [
      "project \(project.name) still runs", "look:   dubwatch env status --project \(project.name)",
      "        docker compose -p \(project.name) logs", "remove: dubwatch env down --project \(project.name)",
    ]
  }

  /// Says who plays which part, refuses what the data model does not allow, and makes everything ready to start.
  private func up() async throws(EnvironmentFailure) {
    if let problem = ComposeProject.nameProblem(project.name) { throw EnvironmentFailure("\"\(project.name)\": \(problem)") }
    let engine = try await DockerEngine.find(docker)
    self.engine = engine
    try await prepare()
    let model = try await model()
    try model.check(project)
    // A project belongs to the invocation that made it.
    guard let lock = try ProjectLock.take(project.name, in: ComposeProject.temporaryFolder(environment)) else {
      throw EnvironmentFailure("another dubwatch is using project \(project.name): choose another --project")
    }
    self.lock = lock
    if let duty = try? await docker.processGuard.removeOnDeath(path: lock.path) { duties.append(duty) }
    if let part = try await directory.foreignPart(of: project.name) {
      throw EnvironmentFailure(
        "a project \(project.name) exists already (it has a \(part)) and was not made by dubwatch: choose another --project")
    }
    let there = try await directory.identifiers(.container, of: project.name)
    guard there.isEmpty else {
      throw EnvironmentFailure(
        "project \(project.name) is there already, with \(Figure.count(there.count, "container")): it is not started over; "
          + "`dubwatch env down --project \(project.name)` takes it down, or choose another --project")
    }
    let labels = try await writeLabels(model)
    // Before anything is made: from here on a kill -9 leaves nothing behind.
    do throws(Problem) {
      if keep != .always { duties.append(try await docker.processGuard.runOnDeath(command: directory.downCommand(project.name))) }
    } catch {
      throw EnvironmentFailure(error)
    }
    isMade = true
    try await fetchImages(model)
    try await make(model, files: project.files + [labels])
    let containers = try await waitUntilReady(model)
    addresses = ComposeAddresses(
      project: project, engine: engine, containers: containers, environment: model.services.mapValues(\.environment))
  }

  /// Runs what makes the build's ingredients.
  private func prepare() async throws(EnvironmentFailure) {
    for path in project.temporaryPaths {
      let duty = try? await docker.processGuard.removeOnDeath(path: path)
      guard mkdir(path, 0o700) == 0 else {
        let reason = FileFacts.reason
        if let duty { await docker.processGuard.release(duty) }
        throw EnvironmentFailure("\(path) cannot be made: \(reason)")
      }
      if let duty { duties.append(duty) }
      ownFiles.append(path)
    }
    guard let words = project.preparation, let program = words.first else { return }
    let runner = CommandRunner(processGuard: docker.processGuard)
    let outcome = try await runner.run(ChildRequest(program, Array(words.dropFirst())), seconds: 300)
    try DockerCLI.check(outcome, program, seconds: 300)
  }

  /// What the compose files say, with every variable filled in.
  private func model() async throws(EnvironmentFailure) -> ComposeModel {
    let outcome = try await compose(["config", "--format", "json"], files: project.files, seconds: 60)
    guard outcome.isSuccess else {
      let said = outcome.lastLines(1).first ?? "no reason given"
      throw EnvironmentFailure("docker compose cannot read \(project.files.joined(separator: " + ")): \(plain(said))")
    }
    do throws(Problem) { return try ComposeModel(parsing: outcome.output) } catch { throw EnvironmentFailure(error) }
  }

  /// Runs `docker compose` with files; in our own directory, so that their paths and variables mean what they do for the user.
  func compose(
    _ words: [String], files: [String], seconds: Double, line: (@Sendable (String) async -> Void)? = nil
  ) async throws(EnvironmentFailure) -> CommandOutcome {
    let all = ["compose", "--project-name", project.name] + files.flatMap { ["--file", $0] } + words
    return try await docker.run(all, seconds: seconds, environment: project.variables.mapValues { Optional($0) }, line: line)
  }

  /// Writes the labels as a further compose file.
  private func writeLabels(_ model: ComposeModel) async throws(EnvironmentFailure) -> String {
    let path = "\(ComposeProject.temporaryFolder(environment))/\(project.name)-\(ComposeProject.uniqueName()).json"
    if let duty = try? await docker.processGuard.removeOnDeath(path: path) { duties.append(duty) }
    ownFiles.append(path)
    try PrivateFile.write(model.labels(for: project), to: path)
    return path
  }

  private func release() async {
    for path in ownFiles { PrivateFile.remove(path) }
    ownFiles = []
    for duty in duties { await docker.processGuard.release(duty) }
    duties = []
    lock?.release()
    lock = nil
  }
}

/// How often the services of a project are asked, in seconds, and for how long.
package struct ComposePolling: Sendable, Hashable {
  /// Distance between two reads.
  package var interval: Double
  /// How long one read may take, in real seconds.
  package var timeout: Double
  /// Seconds east of UTC, for log times that carry no zone.
  package var hostUTCOffsetSeconds: Int
  /// Which words of a health answer are good, when services start.
  package var words: HealthWords

  /// How often services are asked.
  package init(interval: Double = 1, timeout: Double = 2, words: HealthWords = .standard, hostUTCOffsetSeconds: Int = 0) {
    self.interval = interval
    self.timeout = timeout
    self.hostUTCOffsetSeconds = hostUTCOffsetSeconds
    self.words = words
  }
}
