import Events

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
  mutating func applyPaths(_ sample: MediaPathsSample, _ envelope: EventEnvelope) {
    let instant = envelope.instant
    var returned: Set<String> = []
    for index in paths.indices where paths[index].service == sample.service {
      let listed = sample.paths.contains { $0.name == paths[index].path.name }
      if paths[index].isListed, !listed {
        let severity: EventRow.Severity = isPartOfOutputEnd(instant) ? .info : .warning
        addRow(.service, severity, "path \(paths[index].path.name) is gone", at: instant, service: sample.service)
      }
      if !paths[index].isListed, listed { returned.insert(paths[index].path.name) }
      paths[index].isListed = listed
    }
    for path in sample.paths {
      guard let index = paths.indices.first(where: { paths[$0].service == sample.service && paths[$0].path.name == path.name }) else {
        guard paths.count < 256 else { continue }
        paths.append(PathTrack(service: sample.service, path: path, at: instant, limits: limits))
        // A server may list a path only once it is ready; that one is not is what its owner waits for to change.
        if path.isReady { addRow(.service, .good, "path \(path.name) is ready", at: instant, service: sample.service) }
        continue
      }
      let (bytesBefore, wasReady) = (paths[index].path.bytesReceived, paths[index].path.isReady)
      let seconds = instant.seconds(since: paths[index].at)
      if seconds > 0, path.bytesReceived >= bytesBefore {
        let bytes = path.bytesReceived - bytesBefore
        paths[index].bitRates.append(Timed(Double(bytes) * 8 / seconds, at: instant))
        if bytes > 0 {
          paths[index].bytesMovedAt = instant
          noteDataMoved(sample.service, path.name, at: instant)
        }
      }
      // Another publisher counts from 0, and one that is there again has its time to begin.
      if path.bytesReceived < bytesBefore || !wasReady { paths[index].bytesMovedAt = instant }
      if wasReady != path.isReady || (path.isReady && returned.contains(path.name)) {
        addRow(
          .service, path.isReady ? .good : isPartOfOutputEnd(instant) ? .info : .warning,
          "path \(path.name) is \(path.isReady ? "ready" : "not ready")", at: instant,
          service: sample.service)
      }
      if !path.isReady {
        paths[index].readySince = nil
      } else if !wasReady || returned.contains(path.name) {
        paths[index].readySince = instant
      }
      paths[index].path = path
      paths[index].at = instant
    }
  }
}
