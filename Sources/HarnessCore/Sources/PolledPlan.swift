import Events
import WireFormats

/// A source that is asked again and again at an address.
package protocol PolledPlan: SourcePlan {
  /// What is asked.
  var target: PollTarget { get }
  /// A source at this target.
  init(_ target: PollTarget)
}

extension PolledPlan {
  /// The service that is asked.
  package var service: ServiceName { target.service }

  /// `URL` or `NAME=URL`; without a name it is the service that is meant when only one is named, else it is called by host and port.
  package static func parse(_ text: String, for plan: WatchPlan) throws(Problem) -> Self {
    let (name, url) = WatchPlan.split(text)
    let others = plan.endpoints.plans(of: Self.self).map(\.service)
    var usual: ServiceName?
    if case .endpoints(let service) = words.shape, others.isEmpty { usual = service }
    let target = try TargetURL(url)
    let service = name.map { ServiceName($0) } ?? usual ?? ServiceName("\(target.origin.host):\(target.origin.port)")
    try WatchPlan.check(service, "endpoint", isNewAmong: others)
    return try take(SourceEntry(service, url), for: plan)
  }

  /// A URL under a name.
  package static func take(_ entry: SourceEntry, for plan: WatchPlan) throws(Problem) -> Self {
    Self(
      PollTarget(
        service: entry.service, target: try TargetURL(entry.text), credentials: entry.credentials ?? plan.credentials(of: entry.service),
        interval: entry.interval ?? plan.interval, timeout: entry.timeout ?? plan.timeout))
  }
}
