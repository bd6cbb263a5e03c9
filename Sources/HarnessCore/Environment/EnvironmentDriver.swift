import Events
import Judging
import RunModel
import WireFormats

/// Brings the three services up and down: the embedded pipeline, a compose project, or whatever runs already.
package protocol EnvironmentDriver: Sendable {
  /// What it is called: `embedded`, `compose:NAME`, `attached`.
  var name: String { get }
  /// Whether it starts and stops the services.
  var ownsServices: Bool { get }
  /// Whether the run tells how the environment stands; otherwise ``start(into:)`` only says where to look.
  var tellsState: Bool { get }
  /// How long ``stop()`` may take, in real seconds.
  var stopLimitSeconds: Double { get }
  /// Who can do faults here, once the services run.
  var faultMeans: [any FaultMeans] { get async }
  /// Starts the services; returns when they can be read.
  /// - Parameter sink: takes what the driver has to say as long as the environment runs.
  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints
  /// Publishes what a scenario says, when the environment is ready; returns once publishing has begun.
  func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure)
  /// Why services run on after ``stop()``: `they are not dubwatch's`; nil when none does.
  var runsOnBecause: String? { get async }
  /// Whether anybody will see the services after ``stop()``: then no fault may be left in force.
  var servicesLiveOn: Bool { get async }
  /// Stops everything that ``start(into:)`` started, also after it failed. Called at least once; harmless when called again.
  func stop() async
  /// Fails in one sentence when what is to be watched is not there and does not come by waiting; asked before anything is shown.
  func check() async throws(EnvironmentFailure)
  /// Where it can be read when an earlier run has started it: sources of their own each time. Nil when ``start(into:)`` is to be called.
  func startedAgain() async throws(EnvironmentFailure) -> EnvironmentEndpoints?
  /// Where a path of its media server, such as `live/test/in`, is published to and read; nil where nobody here says.
  func streamAddress(_ path: String) async -> String?
  /// Notes that the run failed, for an environment that is kept then.
  func noteFailure() async
  /// What is to be told of it once it was stopped.
  var leftovers: EnvironmentLeftovers { get async }
}

// A driver declares what it does otherwise with the same `async`: a call on its own type would find the default here instead.
extension EnvironmentDriver {
  /// As with the services: one that starts them knows.
  package var tellsState: Bool { ownsServices }

  /// What it did not start goes on.
  package var runsOnBecause: String? { ownsServices ? nil : "they are not dubwatch's" }

  /// 20 s, unless a driver says otherwise.
  package var stopLimitSeconds: Double { 20 }

  /// Nobody: what dubwatch did not start it does not disturb.
  package var faultMeans: [any FaultMeans] { [] }

  /// What it did not start goes on.
  package var servicesLiveOn: Bool { !ownsServices }

  /// Nothing: what is published is up to whoever runs the services.
  package func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure) {}

  /// What is not there may come.
  package func check() async throws(EnvironmentFailure) {}

  /// Each run starts it.
  package func startedAgain() async throws(EnvironmentFailure) -> EnvironmentEndpoints? { nil }

  /// Not known.
  package func streamAddress(_ path: String) async -> String? { nil }

  /// Nothing is kept.
  package func noteFailure() async {}

  /// Nothing.
  package var leftovers: EnvironmentLeftovers { EnvironmentLeftovers() }
}

/// Watches what runs already: starts nothing, stops nothing, injects nothing.
package struct AttachDriver: EnvironmentDriver {
  /// `attached`.
  package let name = "attached"
  /// It owns nothing.
  package let ownsServices = false
  private let endpoints: EnvironmentEndpoints

  /// A driver for services at these endpoints.
  package init(_ endpoints: EnvironmentEndpoints) { self.endpoints = endpoints }

  /// Gives the endpoints back.
  package func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints { endpoints }

  /// Nothing to stop.
  package func stop() async {}
}
