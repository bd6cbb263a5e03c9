import Events
import SocketIO
import WireFormats

/// A fleet in one process: each worker's page under `/worker/ID/metrics`, for engines and benches.
package actor FleetService {
  private let configuration: FleetConfiguration
  private let clock: any RunClock
  private let simulation: FleetSimulation
  private var service: HTTPService?
  private let latch = ExitLatch()
  /// What the process uses, and when that was read: a thousand workers read it once a second.
  private var usage: (usage: ProcessUsage, at: RunInstant)?

  /// A fleet that does not listen yet.
  package init(configuration: FleetConfiguration, clock: any RunClock) {
    self.configuration = configuration
    self.clock = clock
    simulation = FleetSimulation(configuration: configuration, startedAt: clock.wallNow())
  }

  /// Listens.
  /// - Returns: the port.
  package func start() async throws -> Int {
    try configuration.check()
    var http = HTTPServiceConfiguration()
    // An engine keeps a connection for each target.
    http.maxConnections = 2 * configuration.workers + 64
    let service = HTTPService(configuration: http) { [weak self] request in
      guard let self else { return HTTPResponse(status: 503) }
      return await self.answer(request)
    }
    self.service = service
    return try await service.start(host: configuration.host, port: configuration.port)
  }

  /// Waits until it was stopped.
  package func waitUntilExit() async -> ServiceExit? { await latch.wait() }

  /// Stops.
  package func stop() async {
    await service?.shutdown()
    await latch.open(ServiceExit(status: 0, reason: "stopped"))
  }

  /// The workers for a Prometheus' `file_sd_configs`: a group each, with its path and labels by which fleets are grouped.
  package nonisolated func discovery(port: Int) -> JSONValue {
    let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    return .array(
      (0..<configuration.workers).map { worker in
        [
          "targets": [.string("\(host):\(port)")],
          "labels": [
            "__metrics_path__": .string("/worker/\(worker + 1)/metrics"), "instance": .string("worker-\(worker + 1)"),
            "region": .string(["eu-west", "us-east", "ap-south"][worker % 3]),
          ],
        ]
      })
  }

  private func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let parts = request.path.split(separator: "/")
    guard parts.count == 3, parts[0] == "worker", parts[2] == "metrics", let number = Int(parts[1]),
      (1...configuration.workers).contains(number)
    else { return .json(["detail": "Not Found: workers are at /worker/1/metrics and so on"], status: 404) }
    let now = clock.now()
    if simulation.part(number - 1) == .silent, now.seconds >= configuration.silentAfter {
      // Longer than any scraper waits; a connection that is given up ends it earlier.
      try? await Task.sleep(for: .seconds(45))
      return HTTPResponse(status: 503)
    }
    return .text(simulation.page(number - 1, seconds: now.seconds, usage: current(now)), contentType: MetricsWriter.contentType)
  }

  private func current(_ now: RunInstant) -> ProcessUsage {
    if let usage, now.seconds(since: usage.at) < clock.speed { return usage.usage }
    let fresh = ProcessUsage.current()
    usage = (fresh, now)
    return fresh
  }
}
