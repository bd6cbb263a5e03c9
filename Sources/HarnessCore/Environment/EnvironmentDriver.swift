import Events
import Judging
import RunModel
import WireFormats

/// Where a running environment can be read.
package struct EnvironmentEndpoints: Sendable {
  /// Health checks.
  package var health: [PollTarget]
  /// Metrics endpoints.
  package var metrics: [PollTarget]
  /// Media servers' APIs.
  package var mediaServers: [PollTarget]
  /// Log files.
  package var logFiles: [LogFileTarget]
  /// Commands that print logs.
  package var logCommands: [LogCommandTarget]
  /// Media streams to probe.
  package var streams: [StreamTarget]
  /// Sources that only the driver can make: logs of containers, what an engine tells.
  package var sources: [any EventSource]

  /// Endpoints of an environment.
  package init(
    health: [PollTarget] = [], metrics: [PollTarget] = [], mediaServers: [PollTarget] = [], logFiles: [LogFileTarget] = [],
    logCommands: [LogCommandTarget] = [], streams: [StreamTarget] = [], sources: [any EventSource] = []
  ) {
    self.sources = sources
    self.health = health
    self.metrics = metrics
    self.mediaServers = mediaServers
    self.logFiles = logFiles
    self.logCommands = logCommands
    self.streams = streams
  }

  /// The services, in the order in which they are named first; a stream is none.
  package var services: [ServiceName] {
    var seen: Set<ServiceName> = []
    let all =
      health.map(\.service) + metrics.map(\.service) + mediaServers.map(\.service) + logFiles.map(\.service) + logCommands.map(\.service)
      + sources.map(\.id).filter { $0.kind != .harness }.map(\.service)
    return all.filter { seen.insert($0).inserted }
  }

  /// Whether there is nothing to read.
  package var isEmpty: Bool { services.isEmpty && streams.isEmpty }
}

/// A log file to follow.
package struct LogFileTarget: Sendable, Hashable {
  /// The service that writes it.
  package var service: ServiceName
  /// Its path.
  package var path: String
  /// Where reading begins.
  package var start: LogStart

  /// A log file to follow.
  package init(service: ServiceName, path: String, start: LogStart = .last(bytes: 256 * 1024)) {
    self.service = service
    self.path = path
    self.start = start
  }
}

/// A command whose output is a log.
package struct LogCommandTarget: Sendable, Hashable {
  /// The service whose log it is.
  package var service: ServiceName
  /// The command, for `/bin/sh -c`.
  package var command: String

  /// A command whose output is a log.
  package init(service: ServiceName, command: String) {
    self.service = service
    self.command = command
  }
}

/// Why an environment could not be had.
package struct EnvironmentFailure: ProblemCarrier, Sendable, Hashable, CustomStringConvertible {
  /// What, where, what to do.
  package let problem: Problem
  /// Lines that show more, such as the last ones of a failing service's log; not escaped yet.
  package let details: [String]

  /// The problem in words.
  package var description: String { problem.description }

  /// A sentence: what, where, what to do; and lines that show more.
  package init(_ sentence: String, details: [String] = []) { self.init(Problem(.environment, sentence), details: details) }

  /// A problem that keeps an environment from being had, and lines that show more.
  package init(_ problem: Problem, details: [String] = []) {
    self.problem = problem
    self.details = details
  }
}

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
}

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
