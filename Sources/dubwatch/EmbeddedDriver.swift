import EmbeddedPipeline
import HarnessCore
import HarnessModel
import ProcessGuard
import WireFormats

/// Plugs the embedded pipeline in where a compose project or attached services could be.
actor EmbeddedDriver: EnvironmentDriver {
  nonisolated let name = "embedded"
  nonisolated let ownsServices = true
  private let configuration: PipelineConfiguration
  private let script: DemoScript?
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private let pollSeconds: Double
  private let fixture: FixtureLocator
  private var publisher: EmbeddedPublisher?
  private var isStopped = false
  private var pipeline: EmbeddedPipeline?
  private var directoryDuty: GuardDuty?
  private var play: Task<Void, Never>?

  /// - Parameters:
  ///   - script: what is played on the pipeline, and published at once; nil where somebody else injects faults and says when to publish.
  ///   - pollSeconds: distance between two polls, in pipeline time.
  ///   - fixture: where the test stream is looked for.
  init(
    configuration: PipelineConfiguration, script: DemoScript? = nil, clock: any RunClock, processGuard: ProcessGuard, pollSeconds: Double,
    fixture: FixtureLocator
  ) {
    self.configuration = configuration
    self.fixture = fixture
    self.script = script
    self.clock = clock
    self.processGuard = processGuard
    self.pollSeconds = pollSeconds
  }

  var faults: [FaultDescriptor] { get async { await pipeline?.faults ?? [] } }

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    var configuration = configuration
    // First, as it may take a while: a worker that runs already would wait for its input all that time.
    let film = configuration.isStreamed ? try await film(sink) : nil
    configuration.isStreamed = film != nil
    guard !isStopped else { throw EnvironmentFailure("the run was ended before it began") }
    let pipeline = EmbeddedPipeline(configuration: configuration, clock: clock, sink: sink)
    self.pipeline = pipeline
    let addresses: EmbeddedEndpoints
    do { addresses = try await pipeline.start(willMake: { await self.guardDirectory($0) }) } catch {
      throw EnvironmentFailure("the embedded pipeline could not be started: \(error)")
    }
    if let film { try await prepare(film, configuration, addresses, sink) }
    if let script {
      await publisher?.start()
      play = Task { await pipeline.play(script) }
    }
    return try endpoints(addresses, isStreamed: film != nil)
  }

  /// Without a guard the directory only stays behind after a kill -9: no reason not to run.
  private func guardDirectory(_ path: String) async { directoryDuty = try? await processGuard.removeOnDeath(path: path) }

  func inject(_ id: String) async throws(EnvironmentFailure) {
    guard let pipeline else { throw EnvironmentFailure("the embedded pipeline does not run") }
    await pipeline.inject(id)
  }

  func inject(_ fault: FaultRequest) async throws(EnvironmentFailure) {
    guard let pipeline else { throw EnvironmentFailure("the embedded pipeline does not run") }
    if fault.parameters.isEmpty { return await pipeline.inject(fault.id) }
    guard let exact = PipelineFault(fault) else {
      throw EnvironmentFailure("the embedded pipeline cannot do this: \(fault.sentence)")
    }
    if let reason = await pipeline.inject(exact) { throw EnvironmentFailure("\(fault.sentence): \(reason)") }
  }

  func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure) { await publisher?.start() }

  func stop() async {
    isStopped = true
    play?.cancel()
    await publisher?.end()
    await pipeline?.stop()
    await play?.value
    if let directoryDuty { await processGuard.release(directoryDuty) }
    directoryDuty = nil
    publisher = nil
    pipeline = nil
  }

  /// The test stream; nil where none can be had and the run goes on without, which is said.
  private func film(_ sink: any EventSink) async throws(EnvironmentFailure) -> EmbeddedPublisher.Film? {
    let say: @Sendable (Finding) async -> Void = { finding in
      await sink.emit(.happening(Happening(.finding(finding), service: "publisher", provenance: .own)), from: .harness)
    }
    do {
      return try await EmbeddedPublisher.film(fixture, processGuard: processGuard, environment: Host.environment, say: say)
    } catch {
      switch error {
      case .refused(let reason): throw EnvironmentFailure(reason)
      case .goesWithout(let reason):
        await say(Finding(id: "no-stream", text: reason))
        return nil
      }
    }
  }

  private func prepare(
    _ film: EmbeddedPublisher.Film, _ configuration: PipelineConfiguration, _ addresses: EmbeddedEndpoints, _ sink: any EventSink
  ) async throws(EnvironmentFailure) {
    let target: PublishTarget
    do { target = try PublishTarget("\(addresses.mediaBase)/live/\(configuration.streamID)/in") } catch {
      throw EnvironmentFailure("the embedded pipeline gave an address that is no URL: \(error)")
    }
    let publisher = EmbeddedPublisher(
      film, to: target, isOnce: configuration.isPublishedOnce, clock: clock, processGuard: processGuard, sink: sink)
    guard !isStopped else { throw EnvironmentFailure("the run was ended before it began") }
    self.publisher = publisher
    await pipeline?.publisherStops { try await publisher.stop(forSeconds: $0) }
  }

  private func endpoints(_ addresses: EmbeddedEndpoints, isStreamed: Bool) throws(EnvironmentFailure) -> EnvironmentEndpoints {
    var endpoints = EnvironmentEndpoints()
    do throws(Problem) {
      for address in addresses.health { endpoints.health.append(try target(address)) }
      for address in addresses.metrics { endpoints.metrics.append(try target(address)) }
      endpoints.mediaServers = [
        PollTarget(service: .mediaServer, target: try TargetURL(addresses.mediaServer), interval: pollSeconds)
      ]
    } catch {
      throw EnvironmentFailure("the embedded pipeline gave an address that is no URL: \(error)")
    }
    if isStreamed {
      let path = "live/\(configuration.streamID)/out"
      do throws(Problem) {
        // Above 4x a decoder would cost more than the pipeline itself, and the figure would be off.
        endpoints.streams = [
          StreamTarget(
            name: ServiceName(path), address: try StreamAddress("\(addresses.mediaBase)/\(path)?from=start"),
            probesContent: clock.speed <= 4,
            intervalSeconds: pollSeconds)
        ]
      } catch {
        throw EnvironmentFailure("the embedded pipeline gave an address that is no URL: \(error)")
      }
    }
    endpoints.logFiles = addresses.logs.map { LogFileTarget(service: $0.service, path: $0.location, start: .beginning) }
    return endpoints
  }

  private func target(_ address: EmbeddedEndpoints.Address) throws(Problem) -> PollTarget {
    PollTarget(service: address.service, target: try TargetURL(address.location), interval: pollSeconds)
  }
}
