import Events
import RunModel
import WireFormats

/// A log file to follow.
package struct LogFilePlan: SourcePlan {
  package static let words = SourceWords(
    flag: "logs", help: "A log file; any number.", valueName: "NAME=FILE", key: "logs", shape: .files)

  /// The service that writes it.
  package let service: ServiceName
  /// Its path.
  package let path: String
  /// Where reading begins.
  package let start: LogStart

  /// A log file to follow.
  package init(service: ServiceName, path: String, start: LogStart = .last(bytes: 256 * 1024)) {
    self.service = service
    self.path = path
    self.start = start
  }

  /// `NAME=FILE`; a file alone is named after itself.
  package static func parse(_ text: String, for plan: WatchPlan) throws(Problem) -> LogFilePlan {
    let (name, path) = WatchPlan.split(text)
    guard !path.isEmpty else { throw Problem(.usage, "a log is written NAME=FILE, such as media-service=worker.log") }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let base = file.hasSuffix(".log") && file.count > 4 ? String(file.dropLast(4)) : file
    let service = ServiceName(name ?? base)
    try WatchPlan.check(service, "log", isNewAmong: plan.endpoints.loggedServices)
    return LogFilePlan(service: service, path: path)
  }

  /// A path under a service.
  package static func take(_ entry: SourceEntry, for plan: WatchPlan) -> LogFilePlan {
    LogFilePlan(service: entry.service, path: entry.text)
  }

  package func make(_ means: SourceMeans) -> any EventSource {
    LogFollower(
      service: service, path: path, start: start, contract: means.contract, clock: means.clock,
      hostUTCOffsetSeconds: means.hostUTCOffsetSeconds)
  }
}
