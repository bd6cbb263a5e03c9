import Contracts
import Events
import RunModel

/// A Prometheus endpoint; without a name it is the worker's.
package struct MetricsPlan: PolledPlan {
  package static let words = SourceWords(
    flag: "metrics", help: "A Prometheus endpoint; any number.", valueName: "URL", key: "metrics", shape: .endpoints(.mediaService),
    endpoint: .metrics)

  package let target: PollTarget

  package init(_ target: PollTarget) { self.target = target }

  package func make(_ means: SourceMeans) -> any EventSource {
    MetricsPoller(target, contract: means.contract, fetcher: means.fetcher, clock: means.clock, random: means.random)
  }
}
