import Contracts
import Events
import RunModel

/// A media server's API.
package struct MediaServerPlan: PolledPlan {
  package static let words = SourceWords(
    flag: "media-server", help: "The API of a MediaMTX; any number.", valueName: "URL", key: "media_server",
    shape: .endpoints(.mediaServer), endpoint: .mediaServer)

  package let target: PollTarget

  package init(_ target: PollTarget) { self.target = target }

  package func make(_ means: SourceMeans) -> any EventSource {
    MediaServerPoller(target, fetcher: means.fetcher, clock: means.clock, random: means.random)
  }
}
