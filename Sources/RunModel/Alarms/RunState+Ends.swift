import Contracts
import Events
import MediaSync

/// An expected end is no failure.
extension RunState {
  /// When the run was over: its end, or that of its environment; nil while it goes on.
  package var overSince: RunInstant? {
    let stopped = environment?.value == .stopped ? environment?.at : nil
    return [ended?.at, stopped].compactMap(\.self).min()
  }

  /// From when on nothing more needs to come out: the publisher came to its end, the scenario's steps are done, or the run is over. Nil as
  /// long as something is to come.
  package var outputOverSince: RunInstant? {
    let ends = publishers.values.map { $0.hasFinished ? $0.end?.at : nil }
    let finished = ends.contains { $0 == nil } ? nil : ends.compactMap(\.self).max()
    return [overSince, verdict.completedAt, finished].compactMap(\.self).min()
  }

  /// Whether something that began at an instant belongs to the run's end.
  func isPartOfEnd(_ began: RunInstant?) -> Bool { Self.isAfter(overSince, began ?? now) }

  /// Whether something that became of a stream or a path at an instant belongs to the end of what is published.
  package func isPartOfOutputEnd(_ began: RunInstant?) -> Bool { Self.isAfter(outputOverSince, began ?? now) }

  /// An output may dry up a moment before its publisher says that it is through.
  private static let earlySeconds = 1.0

  private static func isAfter(_ end: RunInstant?, _ began: RunInstant) -> Bool {
    end.map { began.seconds(since: $0) >= -earlySeconds } ?? false
  }

  /// What is published, in words, and since when: by dubwatch's own publisher, or to a path that is no output. Nil where nothing is, as far
  /// as anybody tells.
  var published: (words: String, since: RunInstant)? {
    let own = publishers.compactMap { name, track in
      track.sample.map { ("\(name) publishes", $0.at.advanced(bySeconds: -$0.value.mediaSeconds)) }
    }
    let inputs = paths.compactMap { track -> (String, RunInstant)? in
      guard isCurrent(track), track.isListed, track.path.isReady, track.silentSeconds == nil,
        streams[ServiceName(track.path.name)].map(\.name.isInputStream) ?? true,
        !track.path.name.hasSuffix("/out")
      else { return nil }
      return track.readySince.map { ("\(track.path.name) is published", $0) }
    }
    return (inputs + own).min { $0.1 < $1.1 }
  }

  /// Whether anybody would tell if something were published.
  var isPublishingTold: Bool { paths.contains(where: isCurrent) || !publishers.isEmpty }

  /// Whether a path's media server was heard of lately enough to say how the path is.
  func isCurrent(_ track: PathTrack) -> Bool { now.seconds(since: track.at) <= staleLimit(.mediaServer, track.service) }

  /// How often a source is to be read, in seconds: what was asked for. One that fails is tried less often, which makes its last answer no
  /// younger.
  package func interval(_ kind: SourceKind, _ service: ServiceName) -> Double {
    sources[SourceID(kind, service)]?.status.intervalSeconds ?? 1
  }

  /// From which age on what a source said is no longer current, in seconds.
  package func staleLimit(_ kind: SourceKind, _ service: ServiceName) -> Double {
    Staleness.limit(intervalSeconds: interval(kind, service), speed: speed)
  }

  /// Pipeline seconds a real second.
  package var speed: Double { description?.speed ?? 1 }

  /// How old the last scrape of the worker is, in seconds, when it is too old to be taken for current.
  package var metricsStaleSeconds: Double? {
    staleSeconds(of: metricsService)
  }

  /// How old the last scrape of an endpoint is, in seconds, when it is too old to be taken for current.
  package func staleSeconds(of service: ServiceName) -> Double? {
    guard let scrape = metrics.scrapes[service] else { return nil }
    let age = now.seconds(since: scrape.last.at)
    return age > staleLimit(.metrics, service) ? age : nil
  }
}
