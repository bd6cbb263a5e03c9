import Events
import RunModel
import WireFormats

/// A media stream to probe.
package struct StreamPlan: SourcePlan {
  package static let words = SourceWords(
    flag: "stream", help: "A media stream to probe (http, rtsp, rtmp, a file); any number.", valueName: "URL", key: "streams",
    shape: .streams)

  /// What is read.
  package let target: StreamTarget

  /// A stream to probe.
  package init(_ target: StreamTarget) { self.target = target }

  /// The stream's name.
  package var service: ServiceName { target.name }

  /// `URL` or `NAME=URL`; without a name it is called by its path, such as `live/test/out`.
  package static func parse(_ text: String, for plan: WatchPlan) throws(Problem) -> StreamPlan {
    var (name, url) = WatchPlan.split(text)
    // A stream's name may be a path, which no other source's is.
    if name == nil, let equals = text.firstIndex(of: "="), !text[..<equals].contains(":"), text[equals...].contains("://") {
      (name, url) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
    let address = try StreamAddress(url)
    return try read(address, named: name.map { ServiceName($0) } ?? ServiceName(address.defaultName), for: plan)
  }

  /// A URL under a name.
  package static func take(_ entry: SourceEntry, for plan: WatchPlan) throws(Problem) -> StreamPlan {
    try read(try StreamAddress(entry.text), named: entry.service, for: plan)
  }

  private static func read(_ address: StreamAddress, named name: ServiceName, for plan: WatchPlan) throws(Problem) -> StreamPlan {
    guard address.transport != .standardInput else {
      throw Problem(.usage, "a watch reads no stream from standard input: use probe -")
    }
    try WatchPlan.check(name, "stream", isNewAmong: plan.endpoints.plans(of: StreamPlan.self).map(\.service))
    return StreamPlan(
      StreamTarget(name: name, address: address, probesContent: plan.probesContent, intervalSeconds: plan.interval))
  }

  package func make(_ means: SourceMeans) -> any EventSource {
    StreamProbe(target, clock: means.clock, processGuard: means.processGuard, random: means.random)
  }
}
