import Events
import PrometheusText

/// What is known of one path of the media server.
package struct PathTrack: Codable, Sendable {
  /// The server it is on.
  package let service: ServiceName
  /// The path as last listed.
  package internal(set) var path: MediaPath
  /// When it was listed.
  package internal(set) var at: RunInstant
  /// Whether the last listing still had it.
  package internal(set) var isListed = true
  /// When a listing last told of more bytes than the one before; at first when it was first listed.
  package internal(set) var bytesMovedAt: RunInstant
  /// Since when somebody publishes to it, as listed; nil while nobody does.
  package internal(set) var readySince: RunInstant?
  /// What came in, in bits per second, per listing.
  package internal(set) var bitRates: History<Timed<Double>>

  init(service: ServiceName, path: MediaPath, at: RunInstant, limits: StateLimits) {
    self.service = service
    self.path = path
    self.at = at
    bytesMovedAt = at
    readySince = path.isReady ? at : nil
    bitRates = History(limit: limits.points)
  }

  /// For how long a publisher has been there that sends nothing, in seconds, as of the last listing; nil for one that sends, and
  /// where there is none.
  package var silentSeconds: Double? {
    let seconds = at.seconds(since: bytesMovedAt)
    return isListed && path.isReady && seconds > Self.silence ? seconds : nil
  }

  /// How long no byte may come before its publisher is called silent, in seconds: longer than a key frame's distance.
  private static let silence = 5.0

  /// The newest bit rate, in bits per second; nil before the second listing.
  package var bitRate: Double? { bitRates.last?.value }
}

extension RunState {
  /// How many frames the media server received for a path and could not use, by its metrics (`paths_inbound_frames_in_error`, MediaMTX of
  /// 2026 and later); nil where they are not read now or do not say.
  package func framesInError(of track: PathTrack) -> Double? {
    guard let scrape = metrics.scrapes[track.service]?.last, now.seconds(since: scrape.at) <= staleLimit(.metrics, track.service) else {
      return nil
    }
    let series = scrape.value.layout.series
    guard let index = series.firstIndex(where: { $0.name == "paths_inbound_frames_in_error" && $0["name"] == track.path.name }) else {
      return nil
    }
    let place = series.distance(from: series.startIndex, to: index)
    return scrape.value.values.indices.contains(place) ? scrape.value.values[place] : nil
  }
}

extension MediaPath {
  /// Since when somebody publishes, as people read it; nil where the server does not say.
  package var since: String? {
    publishedAt.map { $0.hasSuffix("Z") ? $0.prefix(19).replacing("T", with: " ") + " UTC" : String($0.prefix(32)) }
  }

  /// Whether this is another publisher than that of an earlier listing, and how it is known; nil where nothing tells of one.
  func replacement(of earlier: MediaPath) -> String? {
    guard isReady, earlier.isReady else { return nil }
    func named(_ path: MediaPath) -> String? { path.sourceID.map { "\(path.sourceType ?? "source") \($0)" } }
    if let new = named(self), let old = named(earlier), new != old { return "\(new) after \(old)" }
    if let publishedAt, let before = earlier.publishedAt, publishedAt != before {
      return "published since \(publishedAt), before since \(before)"
    }
    return bytesReceived < earlier.bytesReceived ? "its bytes began again" : nil
  }

  /// How it stands, in a word or two.
  package var standing: String { isReady ? "ready" : isSlate ? "offline slate" : "not ready" }
}
