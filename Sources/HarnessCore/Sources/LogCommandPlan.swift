import Events
import RunModel
import WireFormats

/// A command whose output is a log.
package struct LogCommandPlan: SourcePlan {
  package static let words = SourceWords(
    flag: "logs-command", help: "A command that prints a log, such as 'docker logs -f NAME'; any number.", valueName: "NAME=COMMAND",
    key: "logs_command", shape: .commands)

  /// The service whose log it is.
  package let service: ServiceName
  /// The command, for `/bin/sh -c`.
  package let command: String

  /// A command whose output is a log.
  package init(service: ServiceName, command: String) {
    self.service = service
    self.command = command
  }

  /// `NAME=COMMAND`.
  package static func parse(_ text: String, for plan: WatchPlan) throws(Problem) -> LogCommandPlan {
    let (name, command) = WatchPlan.split(text)
    guard let name, !command.allSatisfy(\.isWhitespace) else {
      throw Problem(.usage, "a log command is written NAME='COMMAND', such as media-service='docker logs -f media-service'")
    }
    try WatchPlan.check(ServiceName(name), "log", isNewAmong: plan.endpoints.loggedServices)
    return LogCommandPlan(service: ServiceName(name), command: command)
  }

  /// A command under a service.
  package static func take(_ entry: SourceEntry, for plan: WatchPlan) -> LogCommandPlan {
    LogCommandPlan(service: entry.service, command: entry.text)
  }

  package func make(_ means: SourceMeans) -> any EventSource {
    LogCommandFollower(
      service: service, command: command, contract: means.contract, clock: means.clock, processGuard: means.processGuard,
      hostUTCOffsetSeconds: means.hostUTCOffsetSeconds, random: means.random)
  }
}

extension EnvironmentEndpoints {
  /// The services whose logs are read: a service has one.
  var loggedServices: [ServiceName] { plans(of: LogFilePlan.self).map(\.service) + plans(of: LogCommandPlan.self).map(\.service) }
}
