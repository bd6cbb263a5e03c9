import Events
import ProcessGuard
import RunModel

extension ComposeDriver {
  /// Looks for the images that must not be built by us, and pulls those that are not there.
  ///
  /// Compose would build our own stand-in and give it the name of the image that the user asked for.
  func fetchImages(_ model: ComposeModel) async throws(EnvironmentFailure) {
    for variable in project.imageVariables.keys.sorted() {
      guard let image = value(variable) else { continue }
      let found = try await docker.run(["image", "inspect", "--format", "{{.Id}}", image], seconds: ComposeDirectory.listLimit)
      if found.isSuccess { continue }
      await progress("pulling \(image)")
      let pull = try await docker.run(["pull", "--quiet", image], seconds: limits.build)
      guard pull.isSuccess else {
        let said = pull.isTimedOut ? "it took longer than \(Int(limits.build)) s" : pull.lastLines(1).first ?? "no reason given"
        throw EnvironmentFailure(
          "\(variable) names the image \(image), which is not on the engine and cannot be pulled: \(Redaction.redact(said))")
      }
    }
  }

  /// Makes images and containers, then starts them: two steps with limits of their own, as a build may take long and a start must not.
  func make(_ model: ComposeModel, files: [String]) async throws(EnvironmentFailure) {
    await progress("images and containers of \(project.name)")
    if project.buildsAlways {
      let replaced = Set(project.imageVariables.filter { value($0.key) != nil }.values)
      let built = model.services.filter { $0.value.isBuilt && !replaced.contains($0.key) }.keys.sorted()
      if !built.isEmpty {
        let build = try await compose(["build"] + built, files: files, seconds: limits.build, line: progress)
        guard build.isSuccess else {
          throw EnvironmentFailure(
            "the images of \(built.joined(separator: ", ")) could not be built: \(reason(build, limits.build))",
            details: build.lastLines(20))
        }
      }
    }
    let create = try await compose(["create"], files: files, seconds: limits.build, line: progress)
    guard create.isSuccess else {
      throw EnvironmentFailure(
        "images or containers of \(project.name) could not be made: \(reason(create, limits.build))", details: create.lastLines(20))
    }
    // The image of the program before this one has lost its name by now.
    if project.preparation != nil {
      let words = ["image", "prune", "--force", "--filter", "label=\(ComposeProject.imageLabel)"]
      _ = try? await docker.run(words, seconds: ComposeDirectory.listLimit)
    }
    await progress("starting \(project.name)")
    let up = try await compose(["up", "--detach", "--no-build"], files: files, seconds: limits.up, line: progress)
    guard up.isSuccess else {
      try Self.checkCancellation()
      throw await explained(up.isTimedOut ? nil : up.lastLines(1).first, service: nil)
    }
  }

  /// A variable as compose will see it; nil where it is not set or empty.
  private func value(_ variable: String) -> String? {
    (project.variables[variable] ?? environment[variable]).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func reason(_ outcome: CommandOutcome, _ limit: Double) -> String {
    outcome.isTimedOut
      ? "it took longer than \(Int(limit)) s" : outcome.lastLines(1).first.map { plain($0) } ?? outcome.exit.description
  }

  /// What the engine said, in plain words where they are known.
  func plain(_ said: String) -> String {
    EngineComplaint.words(said, file: project.files.joined(separator: " + ")) ?? Redaction.redact(said)
  }

  static func checkCancellation() throws(EnvironmentFailure) {
    if Task.isCancelled { throw EnvironmentFailure("the start was given up") }
  }

  /// Waits until the engine calls every container healthy and the services answer from here too.
  func waitUntilReady(_ model: ComposeModel) async throws(EnvironmentFailure) -> [ComposeContainer] {
    let required = TestEnvironment.requiredServices.map { project.service($0).name }
    let deadline = ContinuousClock.now + .seconds(limits.up)
    let fetcher = HTTPFetcher()
    defer { Task { await fetcher.shutdown() } }
    var last: (service: String, reason: String) = (required[0], "did not start")
    var steadyLooks = 0
    repeat {
      try Self.checkCancellation()
      let containers = try await directory.containers(of: project.name)
      switch ComposeReadiness.judge(containers, required: required) {
      case .failed(let service, let reason): throw await explained(reason, service: service)
      case .waiting(let service, let reason): (last, steadyLooks) = ((service, reason), 0)
      case .ready:
        if let unwell = await firstUnwell(containers, model, fetcher) {
          last = unwell
          break
        }
        // Of a service that nothing checks, "running" may be the moment before its end: it has to stay so for a while.
        steadyLooks += 1
        if steadyLooks >= Self.steadyLooks || allAreChecked(containers, model) { return containers }
      }
      try? await Task.sleep(for: .seconds(limits.look))
    } while ContinuousClock.now < deadline
    throw await explained("\(last.reason) after \(Int(limits.up)) s", service: last.service)
  }

  private static let steadyLooks = 6

  /// Whether every required service has a health check of its own or one that is asked from here.
  private func allAreChecked(_ containers: [ComposeContainer], _ model: ComposeModel) -> Bool {
    guard let engine else { return false }
    let addresses = ComposeAddresses(
      project: project, engine: engine, containers: containers, environment: model.services.mapValues(\.environment))
    return TestEnvironment.requiredServices.allSatisfy { addresses.container($0)?.health == "healthy" || addresses.health($0) != nil }
  }

  /// The first service that does not answer from here, asked as the monitor will ask it.
  private func firstUnwell(
    _ containers: [ComposeContainer], _ model: ComposeModel, _ fetcher: HTTPFetcher
  ) async -> (service: String, reason: String)? {
    guard let engine else { return nil }
    let addresses = ComposeAddresses(
      project: project, engine: engine, containers: containers, environment: model.services.mapValues(\.environment))
    for role in TestEnvironment.requiredServices {
      guard let url = addresses.health(role), let target = try? TargetURL(url) else { continue }
      let hasOwnCheck = addresses.container(role)?.health == "healthy"
      let name = project.service(role).name
      do throws(FetchFailure) {
        let answer = try await fetcher.get(FetchRequest(target, timeoutSeconds: polling.timeout))
        // Where the container has a check of its own, any answer shows that it is reached from here.
        let isWell = answer.isSuccess || (answer.status < 500 && (hasOwnCheck || role == .mediaServer))
        if !isWell { return (name, "answers \(url) with status \(answer.status)") }
        guard answer.isSuccess, role != .mediaServer else { continue }
        switch HealthJudgement(words: polling.words, service: role).judge(answer) {
        case .healthy, .unreachable, .unasked: break
        case .unhealthy(_, let excerpt): return (name, "answers \(url) with \"\(excerpt.prefix(120))\"")
        case .unclear(_, let word, let excerpt):
          return (name, "answers \(url) with \"\(word ?? String(excerpt.prefix(120)))\", which is not known to be good")
        }
      } catch {
        return (name, "does not answer \(url): \(error)")
      }
    }
    return nil
  }

  /// A failure to start as a sentence with the service, its last health output, and its last lines.
  /// - Parameter service: who is to blame; nil when it is to be found out.
  private func explained(_ reason: String?, service: String?) async -> EnvironmentFailure {
    let containers = (try? await directory.containers(of: project.name)) ?? []
    let required = TestEnvironment.requiredServices.map { project.service($0).name }
    var culprit = service
    var why = reason
    if culprit == nil {
      switch ComposeReadiness.judge(containers, required: required) {
      case .failed(let service, let reason): (culprit, why) = (service, reason)
      case .waiting(let service, let said): (culprit, why) = (service, reason == nil ? "\(said) after \(Int(limits.up)) s" : said)
      case .ready: break
      }
    }
    // Who ends because another one keeps ending is not to blame.
    if let looping = await directory.looping(containers), looping.service != culprit {
      (culprit, why) = (looping.service, looping.reason)
    }
    guard let culprit else {
      return EnvironmentFailure(
        "project \(project.name) did not start: \(plain(why ?? "it took longer than \(Int(limits.up)) s"))")
    }
    var sentence = "\(culprit) \(why ?? "did not start")"
    var lines: [String] = []
    if let container = containers.first(where: { $0.service == culprit }) {
      let state = try? await docker.run(["inspect", "--format", "{{json .State}}", container.id], seconds: ComposeDirectory.listLimit)
      if let state, let told = ContainerState(parsing: state.output) {
        if !told.error.isEmpty, let words = EngineComplaint.words(told.error, file: project.files.joined(separator: " + ")) {
          sentence = "\(culprit) cannot be started: \(words)"
        } else if !told.reasons.isEmpty {
          sentence += ": \(told.reasons)"
        }
      }
      lines = await lastLines(of: container.id)
    }
    // The screen shows them where logs are shown.
    let role = ComposeAddresses(project: project, engine: DockerEngine(version: "", composeVersion: ""), containers: []).role(of: culprit)
    if !lines.isEmpty { await sink?.emit(.logLines(lines.map { LogLine(service: role, text: $0) }), from: SourceID(.log, role)) }
    return EnvironmentFailure(sentence, details: lines)
  }

  /// The last lines of a container, both streams in the order of their times.
  private func lastLines(of container: String) async -> [String] {
    let words = ["logs", "--timestamps", "--tail", "\(Self.shownLines)", container]
    guard let outcome = try? await docker.run(words, seconds: ComposeDirectory.listLimit) else { return [] }
    var stamped: [(time: EngineTime, text: String)] = []
    for line in (outcome.text + "\n" + outcome.errorText).split(whereSeparator: \.isNewline) {
      guard let (time, length) = EngineTime.read(line) else { continue }
      stamped.append((time, String(decoding: line.utf8.dropFirst(length + 1), as: UTF8.self)))
    }
    return stamped.sorted { $0.time < $1.time }.suffix(Self.shownLines).map(\.text)
  }

  /// Where the running services can be read.
  func endpoints() async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    guard let addresses else { throw EnvironmentFailure("project \(project.name) does not run") }
    guard addresses.metrics(.mediaService) != nil else {
      let service = project.service(.mediaService)
      let port = addresses.candidates(.mediaService).first ?? 8000
      throw EnvironmentFailure(
        "\(service.name) does not publish the port of its metrics, which are read from here: give it `ports: [\"127.0.0.1:0:\(port)\"]`, "
          + "or name the port in the configuration, `services: {media-service: {service: \(service.name), port: N}}`")
    }
    return await ComposeSources(docker: docker, clock: clock, polling: polling).endpoints(addresses)
  }
}
