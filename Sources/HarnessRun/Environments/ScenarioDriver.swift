import Contracts
import Events
import HarnessCore
import Judging
import ProcessGuard
import RunModel
import WireFormats

/// Services that run elsewhere, as a scenario needs them: a compose project of ours, or what somebody else runs. The test stream is published
/// into it, what comes out is probed, and faults are injected from outside.
actor ScenarioDriver: EnvironmentDriver {
  /// How long services that somebody else runs have to answer well, in real seconds.
  private static let healthLimit = 60.0
  /// How long one that answers and is not well is waited for, in real seconds: what was so before the run is judged, and no reason not to
  /// begin.
  private static let unwellLimit = 5.0
  /// The path that the data model publishes to, and the one it reads.
  private static let inputPath = "live/test/in"
  private static let outputPath = "live/test/out"

  nonisolated let name: String
  nonisolated let ownsServices: Bool
  nonisolated let tellsState = true
  nonisolated let stopLimitSeconds: Double
  private let base: any EnvironmentDriver
  private let publishTo: String?
  private let isPublishedOnce: Bool
  /// Whether the services live on for the next scenario.
  private let isShared: Bool
  private let fixture: FixtureLocator
  private let words: HealthWords
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private var publisher: FixturePublisher?
  private var addresses = EnvironmentEndpoints()
  /// Why the start failed, with the lines that show more; nil when it did not.
  private var failure: EnvironmentFailure?
  private var isStopped = false

  /// - Parameters:
  ///   - publishTo: where the test stream goes; nil for the media server of a compose project, and for nowhere else.
  ///   - words: which words of a health answer are good.
  ///   - isShared: whether the services are started once for several scenarios; whoever started them stops them.
  init(
    _ base: any EnvironmentDriver, publishTo: String?, isPublishedOnce: Bool, isShared: Bool, fixture: FixtureLocator,
    words: HealthWords = .standard, clock: any RunClock, processGuard: ProcessGuard
  ) {
    self.base = base
    name = base.name
    ownsServices = base.ownsServices && !isShared
    stopLimitSeconds = base.stopLimitSeconds
    self.publishTo = publishTo
    self.isPublishedOnce = isPublishedOnce
    self.isShared = isShared
    self.fixture = fixture
    self.words = words
    self.clock = clock
    self.processGuard = processGuard
  }

  // MARK: Start and stop

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    do throws(EnvironmentFailure) { return try await begin(sink) } catch {
      failure = error
      throw error
    }
  }

  private func begin(_ sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    // First: without it there is no run, and images may take minutes.
    let stream = base.ownsServices || publishTo != nil ? try await testStream(sink) : nil
    let running = isShared ? try await base.startedAgain() : nil
    var endpoints: EnvironmentEndpoints
    if let running { endpoints = running } else { endpoints = try await base.start(into: sink) }
    guard !isStopped else { throw EnvironmentFailure("the run was ended before it began") }
    if !base.ownsServices { try await awaitHealth(endpoints.plans(of: HealthPlan.self).map(\.target)) }
    addresses = endpoints
    if let stream {
      publisher = FixturePublisher(
        stream, to: try await target(), isOnce: isPublishedOnce, clock: clock, processGuard: processGuard, sink: sink)
    }
    if let output = await base.streamAddress(Self.outputPath) { endpoints.plans.append(try probe(output)) }
    return endpoints
  }

  func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure) { await publisher?.start() }

  var runsOnBecause: String? {
    get async { isShared ? "the next scenario gets them, or they are taken down" : await base.runsOnBecause }
  }

  func noteFailure() async { await base.noteFailure() }

  /// What the services leave, unless they live on for the next scenario.
  var leftovers: EnvironmentLeftovers {
    get async {
      var leftovers = isShared ? EnvironmentLeftovers() : await base.leftovers
      leftovers.lastLines = failure?.details ?? []
      return leftovers
    }
  }

  func stop() async {
    isStopped = true
    await publisher?.end()
    publisher = nil
    if !isShared { await base.stop() }
  }

  private func testStream(_ sink: any EventSink) async throws(EnvironmentFailure) -> TestStream {
    let say: @Sendable (Finding) async -> Void = { finding in
      await sink.emit(.happening(Happening(.finding(finding), service: "publisher", provenance: .own)), from: .harness)
    }
    do { return try await TestStream.find(fixture, processGuard: processGuard, environment: Host.environment, say: say) } catch {
      switch error {
      case .refused(let reason), .goesWithout(let reason): throw EnvironmentFailure(reason)
      }
    }
  }

  private func target() async throws(EnvironmentFailure) -> PublishTarget {
    guard let address = base.ownsServices ? await base.streamAddress(Self.inputPath) : publishTo else {
      throw EnvironmentFailure("\(name): the media server publishes no port to publish a stream to (1935, 8554 or its own for http)")
    }
    do { return try PublishTarget(address) } catch { throw EnvironmentFailure(error.description) }
  }

  private func probe(_ address: String) throws(EnvironmentFailure) -> StreamPlan {
    // Our stream-origin gives a late reader the beginning too; other servers have no such thing.
    let whole = address.hasPrefix("http") ? address + "?from=start" : address
    do { return StreamPlan(StreamTarget(name: ServiceName(Self.outputPath), address: try StreamAddress(whole))) } catch {
      throw EnvironmentFailure("\(name) gave an address that is no URL: \(error)")
    }
  }

  /// Waits until every service that is asked for its health is well, or answers again and again that it is not; a compose project has been
  /// waited for.
  private func awaitHealth(_ targets: [PollTarget]) async throws(EnvironmentFailure) {
    let trouble = await withFetcher { await self.trouble(of: targets, $0) }
    guard !isStopped, !Task.isCancelled else { throw EnvironmentFailure("the run was ended before it began") }
    if let trouble { throw EnvironmentFailure(trouble) }
  }

  /// What the first of them is that does not get well; nil when all are.
  private func trouble(of targets: [PollTarget], _ fetcher: HTTPFetcher) async -> String? {
    let begin = ContinuousClock.now
    let deadline = begin + .seconds(Self.healthLimit)
    for target in targets {
      while !isStopped, !Task.isCancelled {
        let outcome = await HealthCheck.ask(
          target.target, credentials: target.credentials, timeout: target.timeout, words: words, service: target.service, fetcher: fetcher)
        guard let reason = Self.trouble(outcome) else { break }
        if outcome.isAnswer, ContinuousClock.now > begin + .seconds(Self.unwellLimit) { break }
        guard ContinuousClock.now < deadline, (try? await Task.sleep(for: .milliseconds(500))) != nil else {
          return "\(target.service) at \(target.target) was not healthy within \(Int(Self.healthLimit)) s: \(reason)"
        }
      }
    }
    return nil
  }

  /// Why a service that answers so is not ready; nil for one that is.
  static func trouble(_ outcome: HealthOutcome) -> String? {
    switch outcome {
    case .healthy: nil
    case .unhealthy(let status, let excerpt): "\(status) \(excerpt.prefix(120))"
    case .unclear: "it \(outcome.doubt ?? ""), which is not known to be good (good_words of the contract)"
    case .unreachable(let reason), .unasked(let reason): reason
    }
  }

  // MARK: Faults

  /// From outside; what is done to processes is up to whoever runs them.
  var faultMeans: [any FaultMeans] {
    get async {
      let outside: [any FaultMeans] = [
        SpeechControl(ServiceAddress(of: .speechService, in: addresses)), WorkerControl(ServiceAddress(of: .mediaService, in: addresses)),
        PublisherMeans(publisher, unavailable: "dubwatch publishes nothing here"),
      ]
      return outside + (await base.faultMeans)
    }
  }

  var servicesLiveOn: Bool {
    get async { isShared ? true : await base.servicesLiveOn }
  }
}
