import EmbeddedPipeline
import Events
import HarnessCore
import Judging
import MediaSync
import ProcessGuard
import RunModel
import WireFormats

/// Plugs the embedded pipeline in where a compose project or attached services could be.
actor EmbeddedDriver: EnvironmentDriver {
  nonisolated let name = "embedded"
  nonisolated let ownsServices = true
  private let configuration: PipelineConfiguration
  /// Whether the test stream is published as soon as the services run, without being asked for.
  private let publishesAtOnce: Bool
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private let pollSeconds: Double
  private let fixture: FixtureLocator
  private var publisher: FixturePublisher?
  private var isStopped = false
  private var pipeline: EmbeddedPipeline?
  private var directoryDuty: GuardDuty?
  private var addresses: EnvironmentEndpoints?

  /// - Parameters:
  ///   - publishesAtOnce: whether the test stream is published when the services run; otherwise when somebody says so.
  ///   - pollSeconds: distance between two polls, in pipeline time.
  ///   - fixture: where the test stream is looked for.
  init(
    configuration: PipelineConfiguration, publishesAtOnce: Bool = false, clock: any RunClock, processGuard: ProcessGuard,
    pollSeconds: Double, fixture: FixtureLocator
  ) {
    self.configuration = configuration
    self.fixture = fixture
    self.publishesAtOnce = publishesAtOnce
    self.clock = clock
    self.processGuard = processGuard
    self.pollSeconds = pollSeconds
  }

  /// Everything that is not done to containers; without a stream there is no audio to move and no publisher to stop.
  var faultMeans: [any FaultMeans] {
    guard let pipeline, let addresses else { return [] }
    let worker = ServiceAddress(of: .mediaService, in: addresses)
    let noStream = "no stream goes through this pipeline: its segments are cut by the clock"
    return [
      SpeechControl(ServiceAddress(of: .speechService, in: addresses), streamID: configuration.streamID),
      WorkerControl(worker, unavailable: addresses.plans(of: StreamPlan.self).isEmpty ? noStream : nil),
      WorkerProcess(worker, owner: pipeline),
      PublisherMeans(publisher, unavailable: "this pipeline has no publisher of its own"),
    ]
  }

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    var configuration = configuration
    // First, as it may take a while: a worker that runs already would wait for its input all that time.
    let stream = configuration.isStreamed ? try await testStream(sink) : nil
    configuration.isStreamed = stream != nil
    configuration.dubTrack = stream?.dubTrack
    configuration.temporaryDirectory = ComposeProject.temporaryFolder(Host.environment)
    guard !isStopped else { throw EnvironmentFailure("the run was ended before it began") }
    let pipeline = EmbeddedPipeline(configuration: configuration, clock: clock, sink: sink)
    self.pipeline = pipeline
    let addresses: EmbeddedEndpoints
    do { addresses = try await pipeline.start(willMake: { await self.guardDirectory($0) }) } catch {
      throw EnvironmentFailure("the embedded pipeline could not be started: \(error)")
    }
    if let stream { try await prepare(stream, configuration, addresses, sink) }
    if publishesAtOnce { await publisher?.start() }
    let endpoints = try endpoints(addresses, isStreamed: stream != nil)
    self.addresses = endpoints
    return endpoints
  }

  /// Without a guard the directory only stays behind after a kill -9: no reason not to run.
  private func guardDirectory(_ path: String) async { directoryDuty = try? await processGuard.removeOnDeath(path: path) }

  func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure) { await publisher?.start() }

  func stop() async {
    isStopped = true
    await publisher?.end()
    await pipeline?.stop()
    if let directoryDuty { await processGuard.release(directoryDuty) }
    directoryDuty = nil
    publisher = nil
    pipeline = nil
  }

  /// The test stream; nil where none can be had and the run goes on without, which is said.
  private func testStream(_ sink: any EventSink) async throws(EnvironmentFailure) -> TestStream? {
    let say: @Sendable (Finding) async -> Void = { finding in
      await sink.emit(.happening(Happening(.finding(finding), service: "publisher", provenance: .own)), from: .harness)
    }
    do {
      return try await TestStream.find(fixture, processGuard: processGuard, environment: Host.environment, say: say)
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
    _ stream: TestStream, _ configuration: PipelineConfiguration, _ addresses: EmbeddedEndpoints, _ sink: any EventSink
  ) async throws(EnvironmentFailure) {
    let target: PublishTarget
    do { target = try PublishTarget("\(addresses.mediaBase)/live/\(configuration.streamID)/in") } catch {
      throw EnvironmentFailure("the embedded pipeline gave an address that is no URL: \(error)")
    }
    let publisher = FixturePublisher(
      stream, to: target, isOnce: configuration.isPublishedOnce, clock: clock, processGuard: processGuard, sink: sink)
    guard !isStopped else { throw EnvironmentFailure("the run was ended before it began") }
    self.publisher = publisher
  }

  private func endpoints(_ addresses: EmbeddedEndpoints, isStreamed: Bool) throws(EnvironmentFailure) -> EnvironmentEndpoints {
    var plans: [any SourcePlan] = []
    do throws(Problem) {
      for address in addresses.health { plans.append(HealthPlan(try target(address.service, address.location))) }
      for address in addresses.metrics { plans.append(MetricsPlan(try target(address.service, address.location))) }
      plans.append(MediaServerPlan(try target(.mediaServer, addresses.mediaServer)))
      if isStreamed {
        let path = "live/\(configuration.streamID)/out"
        // Above 4x a decoder would cost more than the pipeline itself, and the figure would be off.
        plans.append(
          StreamPlan(
            StreamTarget(
              name: ServiceName(path), address: try StreamAddress("\(addresses.mediaBase)/\(path)?from=start"),
              probesContent: clock.speed <= ContentState.speedLimit, intervalSeconds: pollSeconds)))
      }
    } catch {
      throw EnvironmentFailure("the embedded pipeline gave an address that is no URL: \(error)")
    }
    for log in addresses.logs { plans.append(LogFilePlan(service: log.service, path: log.location, start: .beginning)) }
    return EnvironmentEndpoints(plans: plans)
  }

  private func target(_ service: ServiceName, _ address: String) throws(Problem) -> PollTarget {
    PollTarget(service: service, target: try TargetURL(address), interval: pollSeconds)
  }
}

extension EmbeddedPipeline: WorkerProcess.Owner {}
