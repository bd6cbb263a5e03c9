import Events

/// What a media server lists.
extension RunState {
  /// How many paths are followed at most; a listing is cut at about as many.
  static let pathLimit = 2048
  /// From how many paths on the history of each is short.
  private static let manyPaths = 64
  /// How many new paths get a row each.
  private static let pathRows = 5

  mutating func applyPaths(_ sample: MediaPathsSample, _ envelope: EventEnvelope) {
    var known: [String: Int] = [:]
    for index in paths.indices where paths[index].service == sample.service { known[paths[index].path.name] = index }
    let returned = noteListed(sample, known, at: envelope.instant)
    var new: [MediaPath] = []
    for path in sample.paths {
      if let index = known[path.name] {
        update(index, path, isBack: returned.contains(path.name), sample.service, at: envelope.instant)
      } else if paths.count < Self.pathLimit, !new.contains(where: { $0.name == path.name }) {
        var kept = limits
        if paths.count >= Self.manyPaths { kept.points = min(kept.points, 60) }
        paths.append(PathTrack(service: sample.service, path: path, at: envelope.instant, limits: kept))
        new.append(path)
      }
    }
    tell(new, sample.service, at: envelope.instant)
  }

  /// Which paths are listed no more, and which are again.
  private mutating func noteListed(_ sample: MediaPathsSample, _ known: [String: Int], at instant: RunInstant) -> Set<String> {
    let listed = Set(sample.paths.lazy.map(\.name))
    var returned: Set<String> = []
    for index in known.values.sorted() {
      let name = paths[index].path.name
      let isListed = listed.contains(name)
      if paths[index].isListed, !isListed {
        let severity: EventRow.Severity = isPartOfOutputEnd(instant) ? .info : .warning
        addRow(.service, severity, "path \(name) is gone", at: instant, service: sample.service)
      }
      if !paths[index].isListed, isListed { returned.insert(name) }
      paths[index].isListed = isListed
    }
    return returned
  }

  /// A server may list a path only once it is ready; that one is not is what its owner waits for to change. Of many the rest are counted,
  /// and those among them that are not ready are named.
  private mutating func tell(_ new: [MediaPath], _ service: ServiceName, at instant: RunInstant) {
    let ready = new.filter(\.isReady)
    for path in ready.prefix(ready.count > Self.pathRows ? 3 : Self.pathRows) {
      addRow(.service, .good, "path \(path.name) is ready\(publisher(of: path))", at: instant, service: service)
    }
    if ready.count > Self.pathRows { addRow(.service, .good, "\(ready.count - 3) paths more are ready", at: instant, service: service) }
    for path in new where path.isSlate {
      addRow(.service, .warning, "path \(path.name): nobody publishes (offline slate)", at: instant, service: service)
    }
    let idle = new.filter { !$0.isReady && !$0.isSlate }.map(\.name)
    guard !idle.isEmpty, !ready.isEmpty else { return }
    let rest = idle.count > Self.pathRows ? " and \(idle.count - Self.pathRows) more" : ""
    let names = idle.prefix(Self.pathRows).joined(separator: ", ")
    addRow(
      .service, .info, "\(idle.count) of \(Figure.count(new.count, "path")) \(idle.count == 1 ? "is" : "are") not ready: \(names)\(rest)",
      at: instant, service: service)
  }

  /// ", published by rtmpConn"; empty where the server does not say.
  private func publisher(of path: MediaPath) -> String { path.sourceType.map { ", published by \($0)" } ?? "" }

  private mutating func update(_ index: Int, _ path: MediaPath, isBack: Bool, _ service: ServiceName, at instant: RunInstant) {
    let before = paths[index].path
    let seconds = instant.seconds(since: paths[index].at)
    if seconds > 0, path.bytesReceived >= before.bytesReceived {
      let bytes = path.bytesReceived - before.bytesReceived
      paths[index].bitRates.append(Timed(Double(bytes) * 8 / seconds, at: instant))
      if bytes > 0 {
        paths[index].bytesMovedAt = instant
        // A slate's bytes are no data of a publisher.
        if !path.isSlate { noteDataMoved(service, path.name, at: instant) }
      }
    }
    // Another publisher counts from 0, and one that is there again has its time to begin.
    if path.bytesReceived < before.bytesReceived || !before.isReady { paths[index].bytesMovedAt = instant }
    if before.standing != path.standing || (path.isReady && isBack) {
      let severity: EventRow.Severity = path.isReady ? .good : isPartOfOutputEnd(instant) ? .info : .warning
      let words = path.isReady ? "is ready\(publisher(of: path))" : path.isSlate ? "has no publisher (offline slate)" : "is not ready"
      addRow(.service, severity, "path \(path.name) \(words)", at: instant, service: service)
    }
    let replacement = isBack ? nil : path.replacement(of: before)
    if let replacement {
      addRow(.service, .warning, "path \(path.name) has another publisher: \(replacement)", at: instant, service: service)
    }
    if !path.isReady {
      paths[index].readySince = nil
    } else if !before.isReady || isBack || replacement != nil {
      paths[index].readySince = instant
    }
    paths[index].path = path
    paths[index].at = instant
  }
}
