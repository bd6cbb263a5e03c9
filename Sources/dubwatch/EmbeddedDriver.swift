import EmbeddedPipeline
import HarnessCore
import HarnessModel
import ProcessGuard

/// Plugs the embedded pipeline in where a compose project or attached services could be.
actor EmbeddedDriver: EnvironmentDriver {
  nonisolated let name = "embedded"
  nonisolated let ownsServices = true
  private let script: DemoScript
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private let pollSeconds: Double
  private var pipeline: EmbeddedPipeline?
  private var directoryDuty: GuardDuty?
  private var play: Task<Void, Never>?

  /// - Parameter pollSeconds: distance between two polls, in pipeline time.
  init(script: DemoScript, clock: any RunClock, processGuard: ProcessGuard, pollSeconds: Double) {
    self.script = script
    self.clock = clock
    self.processGuard = processGuard
    self.pollSeconds = pollSeconds
  }

  var faults: [FaultDescriptor] { get async { await pipeline?.faults ?? [] } }

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    let pipeline = EmbeddedPipeline(configuration: script.configuration, clock: clock, sink: sink)
    self.pipeline = pipeline
    let addresses: EmbeddedEndpoints
    do { addresses = try await pipeline.start() } catch {
      throw EnvironmentFailure("the embedded pipeline could not be started: \(error)")
    }
    // Without a guard the directory only stays behind after a kill -9: no reason not to run.
    directoryDuty = try? await processGuard.removeOnDeath(path: addresses.directory)
    let script = script
    play = Task { await pipeline.play(script) }
    return try endpoints(addresses)
  }

  func inject(_ id: String) async throws(EnvironmentFailure) {
    guard let pipeline else { throw EnvironmentFailure("the embedded pipeline does not run") }
    await pipeline.inject(id)
  }

  func stop() async {
    play?.cancel()
    await pipeline?.stop()
    await play?.value
    if let directoryDuty { await processGuard.release(directoryDuty) }
    directoryDuty = nil
    pipeline = nil
  }

  private func endpoints(_ addresses: EmbeddedEndpoints) throws(EnvironmentFailure) -> EnvironmentEndpoints {
    var endpoints = EnvironmentEndpoints()
    do throws(TargetURL.Failure) {
      for address in addresses.health { endpoints.health.append(try target(address)) }
      for address in addresses.metrics { endpoints.metrics.append(try target(address)) }
      endpoints.mediaServers = [
        PollTarget(service: .mediaServer, target: try TargetURL(addresses.mediaServer), interval: pollSeconds)
      ]
    } catch {
      throw EnvironmentFailure("the embedded pipeline gave an address that is no URL: \(error)")
    }
    endpoints.logFiles = addresses.logs.map { LogFileTarget(service: $0.service, path: $0.location, start: .beginning) }
    return endpoints
  }

  private func target(_ address: EmbeddedEndpoints.Address) throws(TargetURL.Failure) -> PollTarget {
    PollTarget(service: address.service, target: try TargetURL(address.location), interval: pollSeconds)
  }
}
