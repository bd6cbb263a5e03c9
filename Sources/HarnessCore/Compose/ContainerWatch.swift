import Events
import ProcessGuard
import RunModel
import WireFormats

/// Follows what the engine tells about the containers of a project: starts, ends, kills, memory, and the engine's own health checks.
///
/// The stream of events is taken up where it broke off, so that nothing is missed while it is away.
package actor ContainerWatch: EventSource {
  /// The actions that are asked for; everything else is the noise of health checks and consoles.
  static let actions = ["start", "die", "kill", "oom", "stop", "destroy", "health_status"]
  /// How often the health of containers without an HTTP check is told again, in seconds.
  static let healthInterval = 2.0

  /// Who it is.
  package nonisolated let id = SourceID(.harness, "containers")
  private let project: String
  private let roles: @Sendable (_ service: String, _ number: Int?) -> ServiceName
  private let docker: DockerCLI
  private let clock: any RunClock
  private let random: RandomUnit
  private var story = ContainerStory()
  private var last: Int64?
  /// Events of the latest instant, which the next stream repeats.
  private var seenAtLast: Set<ContainerEvent> = []
  private var assembler = LineAssembler(limit: 256 * 1024)
  private var lastError: String?
  private var hasTold = false
  /// Whether what was told last holds; at first it is the list of containers.
  private var isStanding = true
  /// The engine's word on services that nobody asks over HTTP.
  private var health: [ServiceName: (word: String, since: String)] = [:]
  private let listensToHealth: Set<ServiceName>
  private var listeners: [String: AsyncStream<Void>.Continuation] = [:]

  /// - Parameters:
  ///   - containers: those that are there when the watch begins.
  ///   - roles: what dubwatch calls a container by its service of the compose file and its number.
  ///   - listensToHealth: the services whose health only the engine knows.
  init(
    project: String, containers: [ComposeContainer], roles: @escaping @Sendable (_ service: String, _ number: Int?) -> ServiceName,
    listensToHealth: Set<ServiceName> = [], docker: DockerCLI, clock: any RunClock, since: Int64? = nil,
    random: @escaping RandomUnit = systemRandomUnit
  ) {
    self.project = project
    self.roles = roles
    self.listensToHealth = listensToHealth
    self.docker = docker
    self.clock = clock
    self.random = random
    last = since
    for container in containers {
      story.noteRunning(String(container.id.prefix(12)), hasRun: container.state != "created")
      let role = roles(container.service, container.number)
      if listensToHealth.contains(role) { health[role] = (container.health.isEmpty ? container.state : container.health, container.status) }
    }
  }

  /// Tells when a container of a service (of the compose file) has started; one listener a service.
  func starts(of service: String) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    listeners[service]?.finish()
    listeners[service] = continuation
    return stream
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    let telling = Task { await tellHealth(sink) }
    defer { telling.cancel() }
    var schedule = PollSchedule(interval: 0.5, longestBackoff: 10)
    while !Task.isCancelled {
      let reason = await follow(sink)
      if Task.isCancelled { break }
      let now = clock.now()
      if hasTold { _ = schedule.succeeded(startedAt: now, now: now) }
      let next = schedule.failed(now: now, random: random())
      let pause = max(0, next.seconds(since: now))
      await say(.failing(reason: reason, consecutiveFailures: schedule.consecutiveFailures, retryInSeconds: pause), sink)
      do { try await clock.sleep(seconds: pause) } catch { break }
    }
    for listener in listeners.values { listener.finish() }
  }

  private func follow(_ sink: any EventSink) async -> String {
    var words = ["events", "--format", "{{json .}}", "--filter", "type=container"]
    words += ["--filter", "label=\(ComposeContainer.projectLabel)=\(project)"]
    for action in Self.actions { words += ["--filter", "event=\(action)"] }
    if let last { words += ["--since", EngineTime(nanoseconds: last).argument] }
    hasTold = false
    lastError = nil
    assembler.reset()
    let child: GuardedProcess
    do {
      child = try await docker.processGuard.start(docker.request(words)) { [self] channel, bytes in await take(bytes, channel, sink) }
    } catch {
      return error.description
    }
    isStanding = true
    await say(.reading, sink)
    let exit = await withTaskCancellationHandler {
      await child.waitForExit()
    } onCancel: {
      Task { await child.terminate(grace: 1) }
    }
    isStanding = false
    return "the stream of engine events \(exit)" + (lastError.map { ": " + Redaction.redact(String($0.prefix(200))) } ?? "")
  }

  private func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel, _ sink: any EventSink) async {
    guard channel == .standardOutput else {
      lastError = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init) ?? lastError
      return
    }
    var lines: [String] = []
    assembler.append(bytes, to: &lines)
    for line in lines {
      guard let event = ContainerEvent(parsing: line), isNew(event) else { continue }
      hasTold = true
      await tell(event, line, sink)
    }
  }

  /// Whether an event was not told by the stream before.
  private func isNew(_ event: ContainerEvent) -> Bool {
    guard let time = event.nanoseconds, let last else {
      last = event.nanoseconds ?? last
      seenAtLast = [event]
      return true
    }
    if time < last { return false }
    if time > last {
      self.last = time
      seenAtLast = []
    }
    return seenAtLast.insert(event).inserted
  }

  private func tell(_ event: ContainerEvent, _ line: String, _ sink: any EventSink) async {
    let role = roles(event.service, event.number)
    let reported = event.nanoseconds.map { WallTime(epochSeconds: Double($0) / 1e9) }
    for lifecycle in story.happenings(of: event) {
      let happening = Happening(.lifecycle(lifecycle), service: role, provenance: .observed, reportedAt: reported, line: nil)
      await sink.emit(.happening(happening), from: id)
    }
    switch event.action {
    case "start":
      listeners[event.service]?.yield()
      if listensToHealth.contains(role) { health[role] = ("running", "") }
    case "die": if listensToHealth.contains(role) { health[role] = ("exited", "status \(event.exitCode.map { "\($0)" } ?? "unknown")") }
    case "health_status": if listensToHealth.contains(role), let word = event.detail { health[role] = (word, "") }
    default: return
    }
    await emitHealth(role, sink)
  }

  /// As long as the stream of events stands, what it told last holds; so it is told again, and a service does not look forgotten.
  private func tellHealth(_ sink: any EventSink) async {
    while !Task.isCancelled {
      for role in listensToHealth.sorted() where isStanding { await emitHealth(role, sink) }
      do { try await clock.sleep(seconds: Self.healthInterval) } catch { return }
    }
  }

  private func emitHealth(_ role: ServiceName, _ sink: any EventSink) async {
    guard let (word, detail) = health[role] else { return }
    let outcome: HealthOutcome
    switch word {
    case "healthy", "running": outcome = .healthy(status: 200, word: word, excerpt: detail)
    case "exited", "dead", "created", "removing", "restarting":
      outcome = .unreachable(reason: "its container is \(word)\(detail.isEmpty ? "" : " (\(detail))")")
    default: outcome = .unhealthy(status: 503, excerpt: "\(word) \(detail)")
    }
    let sample = HealthSample(service: role, outcome: outcome, latencyMilliseconds: 0, url: "docker: \(project)")
    await sink.emit(.sample(.health(sample)), from: SourceID(.health, role))
  }

  private func say(_ standing: SourceStatus.Standing, _ sink: any EventSink) async {
    await sink.emit(.sourceStatus(SourceStatus(standing: standing, target: "engine events of \(project)", intervalSeconds: nil)), from: id)
  }
}
