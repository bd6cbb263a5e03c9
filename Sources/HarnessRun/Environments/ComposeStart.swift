import Events
import HarnessCore
import RunModel
import WireFormats

/// Brings a compose project up that runs on when this process ends.
package enum ComposeStart {
  /// What came of it.
  package struct Outcome: Sendable {
    /// The project as it runs; nil when it does not.
    package var running: Running?
    /// The exit status of a signal that ended the start; nil for none.
    package var signal: Int32?
    /// Why it does not run.
    package var problem = Problem(.environment, "nothing came of it")
  }

  /// A project that runs.
  package struct Running: Sendable {
    /// Where it is read, published to, watched and removed, as lines.
    package let text: String

    init(_ project: String, _ endpoints: EnvironmentEndpoints, stream: String?) {
      var lines = ["project  \(project)"]
      for target in endpoints.plans(of: MediaServerPlan.self).map(\.target) { lines.append("api      \(target.service)  \(target.target)") }
      for target in endpoints.plans(of: HealthPlan.self).map(\.target) { lines.append("health   \(target.service)  \(target.target)") }
      for target in endpoints.plans(of: MetricsPlan.self).map(\.target) { lines.append("metrics  \(target.service)  \(target.target)") }
      if let stream { lines.append("publish  \(stream)") }
      lines.append("watch    dubwatch watch --compose \(project)")
      lines.append("remove   dubwatch env down --project \(project)")
      text = lines.joined(separator: "\n") + "\n"
    }
  }

  /// Starts the services, waits until all are healthy, and tells progress on standard error. When that fails, or a signal comes, the project
  /// is taken down again unless it is to be kept.
  package static func run(_ plan: ComposePlan) async throws -> Outcome {
    try await withProcessGuard { processGuard in
      let driver = try plan.driver(clock: ScaledClock(wallOrigin: Host.wallClock()), processGuard: processGuard) { line in
        StandardError.write("  \(escapeUntrusted(line))\n")
      }
      StandardError.write("dubwatch: bringing up \(driver.name)\n")
      let (start, signal) = await Signals.run { () async throws -> EnvironmentEndpoints in try await driver.start(into: NoSink()) }
      if signal == nil, case .success(let endpoints) = start {
        await driver.handOver()
        return Outcome(running: Running(driver.projectName, endpoints, stream: await driver.streamAddress("live/test/in")))
      }
      if signal != nil { StandardError.write("dubwatch: taking \(driver.name) down\n") }
      await driver.stop()
      _ = Leftovers.tell(await driver.leftovers)
      var outcome = Outcome(signal: signal)
      if signal == nil, case .failure(let error) = start {
        if let failure = error as? EnvironmentFailure { Leftovers.tellLastLines(failure.details) }
        outcome.problem = Problem(error, otherwise: .environment)
      }
      return outcome
    }
  }

  /// Takes what the driver says while nobody watches.
  private struct NoSink: EventSink {
    func emit(_ event: RunEvent, from source: SourceID) async {}
  }
}
