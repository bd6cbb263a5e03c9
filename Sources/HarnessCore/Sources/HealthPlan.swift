import Contracts
import Events
import RunModel

/// A health check.
package struct HealthPlan: PolledPlan {
  package static let words = SourceWords(
    flag: "health", help: "A health check; any number.", valueName: "NAME=URL", key: "health", shape: .endpoints(nil), endpoint: .health)

  package let target: PollTarget

  package init(_ target: PollTarget) { self.target = target }

  package func make(_ means: SourceMeans) -> any EventSource {
    HealthPoller(target, contract: means.contract, fetcher: means.fetcher, clock: means.clock, random: means.random)
  }
}
