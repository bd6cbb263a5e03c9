import Contracts
import Events
import MediaSync
import RunModel
import TerminalCanvas
import WireFormats

extension Pane {
  /// Is each service up, and why not.
  package static let services = Pane("services")
}

/// Is each service up, and why not?
enum ServicesPane: PaneView {
  static let pane = Pane.services
  static let words = "Services"
  static let place = PanePlace(
    large: .init(strip: 0, column: 0, width: .init(least: 42, most: 60), height: .init(least: 9, weight: 2)),
    medium: .init(strip: 0, column: 0, width: .init(least: 36, weight: 4), height: .init(least: 6)), rank: 1)

  struct Line {
    var service: Int
    /// 0 for the service's own line; of the others a lower rank shows first.
    var rank: Int
    var left: [Span]
    var path: PathTrack?
    /// Of the last path that shows, how many more there are.
    var more: [Span]?
    /// How many paths more there are beside the only one that there is room for.
    var others = 0
  }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    order(run).map { index in
      let service = run.services[index]
      return PaneItem(id: index, instant: service.lastCheck?.at, text: "\(service.name) \(service.restarts.last?.value ?? "")")
    }
  }

  static func changedAt(_ run: RunState) -> RunInstant? {
    // The first check of a service is no change of it.
    run.services.compactMap { track in
      let began = track.standingSince.flatMap { since in (track.checks.first?.at).map { since > $0 } == true ? since : nil }
      return [began, track.restarts.last?.at, track.exit?.at].compactMap(\.self).max()
    }.max()
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let run = scene.run
    guard !run.services.isEmpty else {
      p.paragraph(rect, 0, "no service is known yet", .dim, limit: rect.height)
      return
    }
    var lines: [Line] = []
    for index in order(run) {
      let track = run.services[index]
      lines.append(Line(service: index, rank: 0, left: []))
      lines.append(contentsOf: details(track, index, scene))
    }
    let selected = selection(scene.ui)
    let shown = countingPaths(pick(lines, height: rect.height, selected: selected), of: lines, scene)
    let hidden = run.services.indices.filter { index in !shown.contains { $0.service == index } }
    if !hidden.isEmpty { more(&p, rect, hidden) }
    for (row, line) in shown.enumerated() {
      let track = run.services[line.service]
      if line.rank == 0 {
        let told = shown.contains { $0.service == line.service && $0.rank == 1 }
        main(&p, rect, row, track, reason: told ? nil : lines.first { $0.service == line.service && $0.rank == 1 }?.left)
        p.hits.append(HitRegion(rect: rect.row(row), meaning: .row(.services, item: line.service, at: nil)))
        if selected == line.service { p.select(rect, row) }
      } else if let more = line.more {
        p.line(rect.inset(left: 2), row, more)
      } else if let path = line.path {
        self.path(&p, rect, row, path, others: line.others)
      } else {
        p.line(rect.inset(left: 2), row, line.left)
      }
    }
  }

  /// The lines that fit: every service's own first, then details by rank; from the selected service on when there are too many services.
  private static func pick(_ lines: [Line], height: Int, selected: Int?) -> [Line] {
    let mains = lines.indices.filter { lines[$0].rank == 0 }
    if mains.count >= height {
      // The last row says what is not shown.
      let rows = mains.count > height ? height - 1 : height
      let position = selected.flatMap { index in mains.firstIndex { lines[$0].service == index } }
      let window = ListWindow(count: mains.count, height: rows, offset: 0, selection: position)
      return window.range.map { lines[mains[$0]] }
    }
    let details = lines.indices.filter { lines[$0].rank > 0 }.sorted { (lines[$0].rank, $0) < (lines[$1].rank, $1) }
    return (mains + details.prefix(height - mains.count)).sorted().map { lines[$0] }
  }

  /// "+3 more: 2 not well, ✗ echo-7 no answer": how many services are above and below of what shows, and the worst of them.
  private static func more(_ p: inout Painter, _ rect: Rect, _ hidden: [Int]) {
    let scene = p.scene
    func badness(_ role: Role) -> Int { role == .bad ? 3 : role == .warning ? 2 : role == .unknown ? 1 : 0 }
    let looks = hidden.map { index in
      let track = scene.run.services[index]
      let standing = track.standing(now: scene.now, intervalSeconds: scene.interval(.health, track.name), speed: scene.run.speed)
      return (track.name, uncheckedLook(track, standing, scene) ?? look(standing, scene.glyphs))
    }
    guard let worst = looks.max(by: { badness($0.1.2) < badness($1.1.2) }) else { return }
    var spans = [scene.span("+\(hidden.count) more: ", .label)]
    if badness(worst.1.2) == 0 {
      spans += [scene.span(String(worst.1.0), worst.1.2), scene.span(" all healthy", .dim)]
    } else {
      let bad = looks.count { badness($0.1.2) > 0 }
      if bad > 1 { spans.append(scene.span("\(bad) not well, ", worst.1.2)) }
      spans += [scene.span("\(worst.1.0)", worst.1.2), scene.span(" \(worst.0) "), scene.span(worst.1.1, worst.1.2)]
    }
    p.line(rect, rect.height - 1, spans)
  }

  private static func main(_ p: inout Painter, _ rect: Rect, _ row: Int, _ track: ServiceTrack, reason: [Span]?) {
    let scene = p.scene
    let standing = track.standing(now: scene.now, intervalSeconds: scene.interval(.health, track.name), speed: scene.run.speed)
    let (glyph, word, role) = uncheckedLook(track, standing, scene) ?? look(standing, scene.glyphs)
    let showsUptime = rect.width >= 38
    // "seen 59 s" where nobody says how long it is up; only beside names in full.
    let longest = min(isZoomed(scene.ui) ? 60 : 20, scene.run.services.map { displayWidth($0.name.text) }.max() ?? 0)
    let uptimeWidth = rect.width >= 28 + longest ? 11 : 7
    let nameWidth = max(6, min(longest, rect.width - (showsUptime ? 17 + uptimeWidth : 17)))
    let name = pad(track.name.text, width: nameWidth, ellipsis: scene.glyphs.ellipsis)
    var left = [scene.span(String(glyph), role), Span(" "), scene.span(name), Span(" "), scene.span(word, role)]
    var right: [Span] = []
    switch standing {
    case .healthy:
      let latency = track.lastCheck.map { Format.latency($0.value.latencyMilliseconds) } ?? ""
      right.append(scene.span(pad(latency, width: 6, alignment: .right)))
      if showsUptime {
        let uptime = track.uptimeSeconds(now: scene.now, wallNow: scene.run.wallNow).map(Format.wholeAge)
        let seen = uptimeWidth < 11 ? nil : track.seenSeconds(now: scene.now).map { "seen \(Format.wholeAge($0))" }
        right.append(scene.span(pad(uptime ?? seen ?? "", width: uptimeWidth, alignment: .right), .dim))
      }
    case .failing, .unreachable, .stale, .ended, .unknown, .unclear:
      if let reason {
        left[4] = scene.span("\(word) ", role)
        left += reason
      } else if standing == .failing, let check = track.lastCheck {
        right.append(scene.span(pad(Format.latency(check.value.latencyMilliseconds), width: 6, alignment: .right)))
        if showsUptime { right.append(Span(String(repeating: " ", count: uptimeWidth))) }
      }
    }
    p.line(rect, row, left, right: right)
  }

  private static func look(_ standing: ServiceTrack.Standing, _ glyphs: GlyphSet) -> (Character, String, Role) {
    switch standing {
    case .healthy: (glyphs.good, "healthy", .good)
    case .failing: (glyphs.warning, "failing", .warning)
    case .unreachable: (glyphs.bad, "no answer", .bad)
    case .stale: (glyphs.unknown, "stale", .warning)
    case .ended: (glyphs.bad, "ended", .bad)
    case .unclear: (glyphs.unknown, "not known", .warning)
    case .unknown: (glyphs.unknown, "waiting", .unknown)
    }
  }

  /// What is read of a service whose health nobody asks for; nil for one whose health is asked for, and before anything was read.
  private static func unchecked(_ track: ServiceTrack, _ scene: Scene) -> [(kind: SourceKind, status: SourceStatus)]? {
    let all = scene.run.sources.filter { $0.key.service == track.name && $0.key.kind != .harness }.sorted { $0.key < $1.key }
    guard !all.isEmpty, !all.contains(where: { $0.key.kind == .health }) else { return nil }
    return all.map { ($0.key.kind, $0.value.status) }
  }

  /// How such a service looks: as its sources do, never "waiting" for an answer that nobody asked for.
  private static func uncheckedLook(
    _ track: ServiceTrack, _ standing: ServiceTrack.Standing, _ scene: Scene
  ) -> (Character, String, Role)? {
    guard standing == .unknown, let others = unchecked(track, scene) else { return nil }
    if let failing = others.first(where: { !$0.status.standing.isReading }) {
      return failing.status.hasAnswered ? (scene.glyphs.warning, "not read", .warning) : (scene.glyphs.bad, "no answer", .bad)
    }
    return (scene.glyphs.unknown, "read", .unknown)
  }

  private static func details(_ track: ServiceTrack, _ index: Int, _ scene: Scene) -> [Line] {
    var lines: [Line] = []
    func add(_ rank: Int, _ spans: [Span]) { lines.append(Line(service: index, rank: rank, left: spans)) }
    let interval = scene.interval(.health, track.name)
    switch track.standing(now: scene.now, intervalSeconds: interval, speed: scene.run.speed) {
    case .healthy: break
    case .unknown:
      let others = unchecked(track, scene)
      if let trouble = others?.lazy.compactMap({ other in other.status.standing.reason.map { (other.kind, $0) } }).first {
        // What is read needs no name where it is all that is read.
        let name = others?.count == 1 ? "" : "\(trouble.0.rawValue): "
        add(1, [scene.span("\(name)\(trouble.1)", .warning)])
      } else if others != nil {
        add(1, [scene.span("no health is asked for", .dim)])
      } else {
        add(1, [scene.span("for the first answer", .dim)])
      }
    case .stale:
      let age = track.lastCheck.map { Format.wholeAge(scene.now.seconds(since: $0.at)) } ?? ""
      add(1, [scene.span("last answer \(age) ago", .warning)])
    case .ended: add(1, [scene.span(track.exit?.value ?? "", .bad)])
    case .failing, .unreachable: add(1, failure(track, scene))
    case .unclear: add(1, [scene.span(track.lastCheck?.value.outcome.doubt ?? "", .warning)])
    }
    lines += paths(of: track.name, scene).map { Line(service: index, rank: 4, left: [], path: $0) }
    for (name, one) in scene.run.publishers.sorted(by: { $0.key < $1.key }) where track.name == home(of: name, scene.run) {
      if let sample = one.sample {
        add(5, publisher(name, sample, scene))
      } else if let end = one.end {
        let age = Format.wholeAge(scene.now.seconds(since: end.at))
        let hasFailed = if case .failed = end.value { true } else { false }
        // What became of it first: when is what may be cut.
        add(5, [scene.span("\(name)  ", .dim), scene.span("\(end.value.sentence), \(age) ago", hasFailed ? .warning : .dim)])
      }
    }
    for (id, source) in scene.run.sources.sorted(by: { $0.key < $1.key }) where id.service == track.name && id.kind != .health {
      if unchecked(track, scene) != nil, track.standing(now: scene.now, intervalSeconds: interval, speed: scene.run.speed) == .unknown {
        break
      }
      if case .failing(let reason, let failures, let retry) = source.status.standing {
        let age = scene.now.seconds(since: source.updatedAt)
        let next = retry - age > 0 ? ", again in \(Format.wholeAge(retry - age))" : ""
        let count = failures > 1 ? " ×\(failures)" : ""
        add(
          2, [scene.span(String(scene.glyphs.warning), .warning), scene.span(" \(id.kind.rawValue): \(reason)\(count)\(next)", .warning)])
      }
    }
    if let restart = track.restarts.last {
      let age = Format.wholeAge(scene.now.seconds(since: restart.at))
      add(3, [scene.span("restarted ×\(track.restarts.total), \(age) ago (\(restart.value))", .warning)])
    }
    if track.name == scene.run.logService, scene.run.segments.input.count + scene.run.segments.output.count > 0 {
      add(6, flow(scene))
    } else if let moved = track.dataMoved {
      let age = scene.now.seconds(since: moved.at)
      let isOld = age > max(20, 3 * scene.run.segmentSeconds)
      add(6, [scene.span("data moved \(Format.age(age)) ago", isOld ? .warning : .dim)])
    }
    lines += zoomedLines(track, index, scene)
    if let backlog = scene.run.sources[SourceID(.log, track.name)]?.backlog {
      add(3, [scene.span("log is read \(backlog)", .warning)])
    } else if let behind = scene.run.logClocks[track.name]?.behindSeconds, abs(behind) > 2 {
      add(3, [scene.span("log clock \(Format.fixed(abs(behind), 1)) s \(behind > 0 ? "behind" : "ahead"), corrected", .warning)])
    }
    return lines
  }

  /// "segments in 13, 2 s ago  out 3, 61 s ago": each direction by itself, as what goes in proves nothing of what comes out. A direction
  /// that the worker's log does not tell of has no number.
  private static func flow(_ scene: Scene) -> [Span] {
    let limit = max(20, 3 * scene.run.segmentSeconds)
    let told = Set(scene.run.contract.logTemplates.filter { $0.told == .always }.map(\.happening))
    let sides = [("in", HappeningKind.segmentIn, scene.run.segments.input), ("out", .segmentOut, scene.run.segments.output)]
    return [scene.span("segments", .dim)]
      + sides.filter { $0.2.count > 0 || told.contains($0.1.word) }.flatMap { word, _, side in
        let age = side.last.map { scene.now.seconds(since: $0) }
        let words = age.map { ", \(Format.wholeAge($0)) ago" } ?? ""
        return [
          scene.span(" \(word) ", .dim), scene.span("\(side.count)\(words)", age.map { $0 > limit } ?? true ? .warning : .dim),
        ]
      }
  }

  /// Where a publisher is shown: at the service of its name, else at the media server it publishes to, else at the first service.
  private static func home(of publisher: ServiceName, _ run: RunState) -> ServiceName? {
    let names = run.services.map(\.name)
    if names.contains(publisher) { return publisher }
    let servers = run.paths.map(\.service) + [.mediaServer]
    return names.first { servers.contains($0) } ?? names.first
  }

  /// "publisher  30 fps  1.9 Mb/s  1.0x".
  private static func publisher(_ name: ServiceName, _ sample: Timed<PublisherSample>, _ scene: Scene) -> [Span] {
    let age = scene.now.seconds(since: sample.at)
    var spans = [scene.span("\(name) ", .dim)]
    // It says how it stands about once a second.
    if age > 3.5 { return spans + [scene.span("silent for \(Format.wholeAge(age))", .warning)] }
    if let rate = sample.value.framesPerSecond { spans.append(scene.span(" \(Format.fixed(rate, 0)) fps")) }
    if let rate = sample.value.bitsPerSecond { spans.append(scene.span("  \(Format.bitRate(rate))")) }
    if let speed = sample.value.speed {
      let isSlow = speed < 0.95 * (scene.run.description?.speed ?? 1)
      spans.append(scene.span("  \(Format.fixed(speed, speed < 9.95 ? 2 : 1))x\(isSlow ? " slow" : "")", isSlow ? .warning : .text))
    }
    return spans
  }

  private static func failure(_ track: ServiceTrack, _ scene: Scene) -> [Span] {
    let streak = "×\(track.failingStreak)"
    switch track.lastCheck?.value.outcome {
    case .unhealthy(let status, let excerpt):
      let quoted = excerpt.isEmpty ? "" : "  \"\(excerpt)\""
      return [scene.span("\(status) \(streak)", .warning), scene.span(quoted)]
    case .unreachable(let reason): return [scene.span(streak, .bad), scene.span("  \(reason)")]
    case .healthy, .unclear, .unasked, nil: return []
    }
  }
}
