import EmbeddedPipeline
import HarnessCore
import HarnessModel
import ProcessGuard

/// Services that run elsewhere, as a scenario needs them: a compose project of ours, or what somebody else runs. The test stream is published
/// into it, what comes out is probed, and faults are injected from outside.
actor ScenarioDriver: EnvironmentDriver {
  /// How long services that somebody else runs have to answer well, in real seconds.
  private static let healthLimit = 60.0
  /// The path that the data model publishes to, and the one it reads.
  private static let inputPath = "live/test/in"
  private static let outputPath = "live/test/out"

  nonisolated let name: String
  nonisolated let ownsServices: Bool
  nonisolated let tellsState = true
  nonisolated let stopLimitSeconds: Double
  private let base: any EnvironmentDriver
  private let compose: ComposeDriver?
  private let publishTo: String?
  private let isPublishedOnce: Bool
  /// Whether the services live on for the next scenario.
  private let isShared: Bool
  private let fixture: FixtureLocator
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private var sink: (any EventSink)?
  private var publisher: EmbeddedPublisher?
  private var control = FaultControl(speech: nil, worker: nil)
  private var running: [Int: (fault: PipelineFault, timer: Task<Void, Never>)] = [:]
  /// The backpressure that is in force until the service is asked for another.
  private var backpressure: PipelineFault?
  /// Why the start failed, with the lines that show more; nil when it did not.
  private(set) var failure: EnvironmentFailure?
  // Apart from the numbers that the compose driver gives its own.
  private var nextNumber = 1001
  private var isStopped = false

  /// - Parameters:
  ///   - publishTo: where the test stream goes; nil for the media server of a compose project, and for nowhere else.
  ///   - isShared: whether the services are started once for several scenarios; whoever started them stops them.
  init(
    _ base: any EnvironmentDriver, publishTo: String?, isPublishedOnce: Bool, isShared: Bool, fixture: FixtureLocator, clock: any RunClock,
    processGuard: ProcessGuard
  ) {
    self.base = base
    compose = base as? ComposeDriver
    name = base.name
    ownsServices = base.ownsServices && !isShared
    stopLimitSeconds = base.stopLimitSeconds
    self.publishTo = publishTo
    self.isPublishedOnce = isPublishedOnce
    self.isShared = isShared
    self.fixture = fixture
    self.clock = clock
    self.processGuard = processGuard
  }

  // MARK: Start and stop

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    self.sink = sink
    do throws(EnvironmentFailure) { return try await begin(sink) } catch {
      failure = error
      throw error
    }
  }

  private func begin(_ sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    // First: without it there is no run, and images may take minutes.
    let film = compose != nil || publishTo != nil ? try await film(sink) : nil
    var endpoints: EnvironmentEndpoints
    if let compose, isShared, await compose.streamAddress != nil {
      endpoints = try await compose.startedAgain()
    } else {
      endpoints = try await base.start(into: sink)
    }
    guard !isStopped else { throw EnvironmentFailure("the run was ended before it began") }
    if compose == nil { try await awaitHealth(endpoints.health) }
    control = FaultControl(speech: Self.address(.speechService, endpoints), worker: Self.address(.mediaService, endpoints))
    if let film {
      publisher = EmbeddedPublisher(
        film, to: try await target(), isOnce: isPublishedOnce, clock: clock, processGuard: processGuard, sink: sink)
    }
    if let output = await compose?.streamAddress(Self.outputPath) { endpoints.streams.append(try stream(output)) }
    return endpoints
  }

  func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure) { await publisher?.start() }

  var runsOnBecause: String? {
    get async { isShared ? "the next scenario gets them, or they are taken down" : await base.runsOnBecause }
  }

  func stop() async {
    isStopped = true
    for (number, entry) in running.sorted(by: { $0.key < $1.key }) {
      entry.timer.cancel()
      try? await control.takeBack(entry.fault)
      await say(number, entry.fault, .ended)
    }
    running = [:]
    // Services that live on must not stay paused.
    if let backpressure, !ownsServices { try? await control.takeBack(backpressure) }
    backpressure = nil
    await publisher?.end()
    publisher = nil
    if !isShared { await base.stop() }
  }

  private func film(_ sink: any EventSink) async throws(EnvironmentFailure) -> EmbeddedPublisher.Film {
    let say: @Sendable (Finding) async -> Void = { finding in
      await sink.emit(.happening(Happening(.finding(finding), service: "publisher", provenance: .own)), from: .harness)
    }
    do { return try await EmbeddedPublisher.film(fixture, processGuard: processGuard, environment: Host.environment, say: say) } catch {
      switch error {
      case .refused(let reason), .goesWithout(let reason): throw EnvironmentFailure(reason)
      }
    }
  }

  private func target() async throws(EnvironmentFailure) -> PublishTarget {
    var address = publishTo
    if let compose { address = await compose.streamAddress(Self.inputPath) }
    guard let address else {
      throw EnvironmentFailure("\(name): the media server publishes no port to publish a stream to (1935, 8554 or its own for http)")
    }
    do { return try PublishTarget(address) } catch { throw EnvironmentFailure(error.description) }
  }

  private func stream(_ address: String) throws(EnvironmentFailure) -> StreamTarget {
    // Our stream-origin gives a late reader the beginning too; other servers have no such thing.
    let whole = address.hasPrefix("http") ? address + "?from=start" : address
    do { return StreamTarget(name: ServiceName(Self.outputPath), address: try StreamAddress(whole), probesContent: true) } catch {
      throw EnvironmentFailure("\(name) gave an address that is no URL: \(error)")
    }
  }

  /// Waits until every service that is asked for its health is well; a compose project has been waited for.
  private func awaitHealth(_ targets: [PollTarget]) async throws(EnvironmentFailure) {
    let fetcher = HTTPFetcher(userAgent: "dubwatch/\(Version.text)")
    let deadline = ContinuousClock.now + .seconds(Self.healthLimit)
    var trouble: String?
    for target in targets where trouble == nil {
      while !isStopped, !Task.isCancelled {
        guard let reason = Self.trouble(await HealthCheck.ask(target.target, timeout: target.timeout, fetcher: fetcher)) else { break }
        guard ContinuousClock.now < deadline, (try? await Task.sleep(for: .milliseconds(500))) != nil else {
          trouble = "\(target.service) at \(target.target) was not healthy within \(Int(Self.healthLimit)) s: \(reason)"
          break
        }
      }
    }
    await fetcher.shutdown()
    guard !isStopped, !Task.isCancelled else { throw EnvironmentFailure("the run was ended before it began") }
    if let trouble { throw EnvironmentFailure(trouble) }
  }

  private static func trouble(_ outcome: HealthOutcome) -> String? {
    switch outcome {
    case .healthy: nil
    case .unhealthy(let status, let excerpt): "\(status) \(excerpt.prefix(120))"
    case .unreachable(let reason): reason
    }
  }

  private static func address(_ service: ServiceName, _ endpoints: EnvironmentEndpoints) -> ServiceAddress? {
    let targets = (endpoints.health + endpoints.metrics).filter { $0.service == service }
    return targets.lazy.compactMap(\.target.endpoint).first.map { ServiceAddress(host: $0.host, port: $0.port) }
  }

  // MARK: Faults

  var faults: [FaultDescriptor] {
    get async {
      let calls = PipelineFault.menu.compactMap { fault -> FaultDescriptor? in
        if case .publisherStop = fault {
          return FaultDescriptor(
            id: fault.id, title: fault.title, unavailableReason: publisher == nil ? "dubwatch publishes nothing here" : nil)
        }
        guard FaultControl.can(fault) else { return nil }
        let address = fault.service == .speechService ? control.speech : control.worker
        return FaultDescriptor(
          id: fault.id, title: fault.title, unavailableReason: address == nil ? "no address of \(fault.service) is known" : nil)
      }
      return calls + (await compose?.faults ?? [])
    }
  }

  func inject(_ id: String) async throws(EnvironmentFailure) {
    if let fault = PipelineFault.menu.first(where: { $0.id == id }) { return try await inject(fault) }
    guard let compose else { throw EnvironmentFailure("there is no fault \(id) for services that somebody else runs") }
    try await compose.inject(id)
  }

  func inject(_ request: FaultRequest) async throws(EnvironmentFailure) {
    if let fault = ContainerFault(request) {
      guard let compose else { throw EnvironmentFailure("\(request.id) needs containers of our own: --env compose") }
      let service = ServiceName(request.parameters["service"] ?? ServiceName.mediaService.text)
      _ = try await compose.begin(fault, on: service, seconds: request.number("seconds") ?? ComposeDriver.faultSeconds)
      return
    }
    if request.parameters.isEmpty { return try await inject(request.id) }
    guard let fault = PipelineFault(request) else { throw EnvironmentFailure("this cannot be done here: \(request.sentence)") }
    try await inject(fault)
  }

  private func inject(_ fault: PipelineFault) async throws(EnvironmentFailure) {
    let number = nextNumber
    nextNumber += 1
    do {
      if case .publisherStop(let seconds) = fault {
        guard let publisher else { throw EnvironmentFailure("dubwatch publishes nothing here") }
        try await publisher.stop(forSeconds: seconds)
      } else {
        try await control.begin(fault)
      }
    } catch {
      await sink?.emit(
        .happening(
          Happening(
            .fault(FaultHappening(id: number, kind: fault.id, detail: "\(fault.detail): \(error)", phase: .failed)), service: fault.service,
            provenance: .own)), from: .harness)
      throw EnvironmentFailure("\(fault.detail): \(error)")
    }
    switch fault {
    case .backpressure:
      backpressure = fault
      await say(number, fault, .momentary)
    case .speechDisconnect, .workerRestart, .workerCrash: await say(number, fault, .momentary)
    case .speechOutage(let seconds), .latency(_, let seconds), .audioSkew(_, let seconds), .audioDrift(_, let seconds),
      .publisherStop(let seconds):
      await begun(number, fault) { [clock] in try? await clock.sleep(seconds: seconds) }
    case .speechErrors:
      await begun(number, fault) { [clock, control] in
        let latest = clock.now().advanced(bySeconds: 300)
        while clock.now() < latest, (try? await clock.sleep(seconds: 1)) != nil {
          if await control.hasFiredAllErrors() == true { return }
        }
      }
    }
  }

  /// Says that a fault has begun, and that it has ended after something.
  private func begun(_ number: Int, _ fault: PipelineFault, until over: @escaping @Sendable () async -> Void) async {
    await say(number, fault, .began)
    let timer = Task { [weak self] in
      await over()
      guard !Task.isCancelled else { return }
      await self?.finish(number)
    }
    running[number] = (fault, timer)
  }

  private func finish(_ number: Int) async {
    guard let entry = running.removeValue(forKey: number) else { return }
    try? await control.end(entry.fault)
    await say(number, entry.fault, .ended)
  }

  private func say(_ number: Int, _ fault: PipelineFault, _ phase: FaultHappening.Phase) async {
    let happening = FaultHappening(id: number, kind: fault.id, detail: fault.detail, phase: phase)
    await sink?.emit(.happening(Happening(.fault(happening), service: fault.service, provenance: .own)), from: .harness)
  }
}

extension ContainerFault {
  /// The fault that a scenario asks for; nil for one that is not done to a container.
  init?(_ request: FaultRequest) {
    guard request.id.hasPrefix("container-") else { return nil }
    self.init(rawValue: String(request.id.dropFirst("container-".count)))
  }
}
