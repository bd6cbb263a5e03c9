import Events
import RunModel
import TerminalCanvas
import WireFormats

/// All that is known of a service: what the zoomed pane adds, and its row opened whole.
extension ServicesPane {
  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    guard scene.run.services.indices.contains(item.id) else { return nil }
    let track = scene.run.services[item.id]
    var detail = RowDetail("service \(track.name)", at: track.lastCheck?.at)
    let standing = track.standing(now: scene.now, intervalSeconds: scene.interval(.health, track.name), speed: scene.run.speed)
    let since = track.standingSince.map { ", \(standing == .healthy ? "seen so" : "since") \(scene.clock($0))" } ?? ""
    detail.add("state", word(standing, track) + since, standing == .healthy ? .good : .warning)
    if let check = track.lastCheck {
      detail.add("asked", check.value.url)
      detail.add("answer", answer(check.value))
      detail.add(time: check.at, scene, label: "asked at")
    }
    if let uptime = track.uptimeSeconds(now: scene.now, wallNow: scene.run.wallNow) { detail.add("up for", Format.wholeAge(uptime)) }
    detail.add("ended", track.exit.map { "\($0.value) at \(scene.clock($0.at))" }, .bad)
    for restart in track.restarts.suffix(5) { detail.add("restarted", "\(scene.clock(restart.at)): \(restart.value)", .warning) }
    for check in track.checks.reversed() {
      detail.add("check", "\(scene.clock(check.at))  \(Format.latency(check.value.latencyMilliseconds))  \(answer(check.value))")
    }
    for (id, source) in scene.run.sources.sorted(by: { $0.key < $1.key }) where id.service == track.name {
      let reason = source.status.standing.reason.map { ": \($0)" } ?? ", read"
      detail.add(id.kind.rawValue, "\(source.status.target)\(reason)", source.status.standing.isReading ? .text : .warning)
    }
    detail.add("to do", next(standing, track, scene), .key)
    return detail
  }

  /// What came of a check, in words.
  private static func answer(_ sample: HealthSample) -> String {
    func quoted(_ excerpt: String) -> String { excerpt.isEmpty ? "" : "  \"\(excerpt)\"" }
    switch sample.outcome {
    case .healthy(let status, _, let excerpt): return "\(status)\(quoted(excerpt))"
    case .unhealthy(let status, let excerpt): return "\(status), not healthy\(quoted(excerpt))"
    case .unclear(let status, _, let excerpt): return "\(status), \(sample.outcome.doubt ?? "not known")\(quoted(excerpt))"
    case .unreachable(let reason): return "no answer: \(reason)"
    case .unasked(let reason): return "not asked: \(reason)"
    }
  }

  private static func word(_ standing: ServiceTrack.Standing, _ track: ServiceTrack) -> String {
    switch standing {
    case .healthy: "healthy"
    case .failing: "answers, but is not healthy (\(Figure.count(track.failingStreak, "check")) in a row)"
    case .unreachable: "gives no answer (\(Figure.count(track.failingStreak, "check")) in a row)"
    case .stale: "no newer answer"
    case .ended: "its process has ended"
    case .unclear: "not known"
    case .unknown: "nobody asked for its health yet"
    }
  }

  /// What to do next about a service that is not well; nil for one that is.
  private static func next(_ standing: ServiceTrack.Standing, _ track: ServiceTrack, _ scene: Scene) -> String? {
    let url = track.lastCheck?.value.url ?? ""
    let logs = scene.run.logs[track.name] == nil ? "" : "; its log: \(scene.ui.bindings.text(for: .rawLogs))"
    switch standing {
    case .healthy: return nil
    case .unreachable:
      return "see whether it runs and listens: curl -i \(url); watch another address with --health \(track.name)=URL\(logs)"
    case .failing: return "its own answer says why: curl -i \(url)\(logs)"
    case .unclear: return "read its answer: curl -i \(url)\(logs)"
    case .stale: return "see whether its host still answers: curl -i \(url)\(logs)"
    case .ended: return "read the end of its log\(logs)"
    case .unknown: return "ask for its health with --health \(track.name)=URL"
    }
  }

  /// What only the zoomed pane has room for: where it is asked, its last checks, the last body, what to do.
  static func zoomedLines(_ track: ServiceTrack, _ index: Int, _ scene: Scene) -> [Line] {
    guard isZoomed(scene.ui) else { return [] }
    var lines: [Line] = []
    func add(_ rank: Int, _ spans: [Span]) { lines.append(Line(service: index, rank: rank, left: spans)) }
    if let check = track.lastCheck {
      var spans = [scene.span("asked ", .label), scene.span(check.value.url)]
      if !track.checks.isEmpty {
        spans.append(scene.span("  last \(track.checks.count) checks ", .label))
        spans += track.checks.map { mark($0.value.outcome, scene) }
      }
      add(7, spans)
      add(8, [scene.span("answer ", .label), scene.span(answer(check.value), .dim)])
    }
    for restart in track.restarts.dropLast().suffix(4) {
      add(10, [scene.span("restarted \(scene.clock(restart.at)): \(restart.value)", .dim)])
    }
    for path in paths(of: track.name, scene).prefix(8) {
      let facts = facts(of: path, scene)
      if !facts.isEmpty { add(6, [scene.span("\(path.path.name) ", .label)] + facts) }
    }
    let standing = track.standing(now: scene.now, intervalSeconds: scene.interval(.health, track.name), speed: scene.run.speed)
    if let next = next(standing, track, scene) { add(9, [scene.span("to do ", .label), scene.span(next, .key)]) }
    return lines
  }

  /// Who publishes to a path and since when, who reads it, and what of it could not be used; empty where the server says nothing of it.
  private static func facts(of track: PathTrack, _ scene: Scene) -> [Span] {
    let path = track.path
    var words: [String] = []
    if path.isReady, let source = path.sourceType { words.append("by \(source)") }
    if path.isReady, let since = path.since { words.append("since \(since)") }
    if path.readerCount > 0 { words.append(Figure.count(path.readerCount, "reader")) }
    let errors = scene.run.framesInError(of: track)
    if errors == 0 { words.append("no frame in error") }
    var spans = words.isEmpty ? [] : [scene.span(words.joined(separator: ", "), .dim)]
    if let errors, errors > 0 {
      spans.append(scene.span("\(words.isEmpty ? "" : ", ")\(Format.number(errors)) frames in error", .warning))
    }
    return spans
  }

  private static func mark(_ outcome: HealthOutcome, _ scene: Scene) -> Span {
    switch outcome {
    case .healthy: scene.span(String(scene.glyphs.good), .good)
    case .unhealthy: scene.span(String(scene.glyphs.warning), .warning)
    case .unclear, .unasked: scene.span(String(scene.glyphs.unknown), .warning)
    case .unreachable: scene.span(String(scene.glyphs.bad), .bad)
    }
  }
}
