import Contracts
import Events
import RunModel
import TerminalCanvas

extension Pane {
  /// The circuit breaker.
  package static let breaker = Pane("breaker")
}

/// The breaker's state in words, when it may try again, how it came there, and whether gauge and log agree.
enum BreakerPane: PaneView {
  static let pane = Pane.breaker
  static let words = "Breaker"
  static let isOfWorker = true
  static let place = PanePlace(
    large: .init(strip: 1, column: 1, width: .init(least: 38, weight: 3), height: .init(least: 10, weight: 1)),
    medium: .init(strip: 1, column: 1, width: .init(least: 44, weight: 5), height: .init(least: 6)), rank: 2)

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    run.breaker.entries.enumerated().map { PaneItem(id: $0, instant: $1.at, text: sentence($1)) }
  }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    let breaker = scene.run.breaker
    guard breaker.entries.indices.contains(item.id) else { return nil }
    let entry = breaker.entries[item.id]
    var detail = RowDetail.row(.breaker, at: entry.at, scene.run).map { RowDetail($0, scene) } ?? RowDetail("breaker", at: entry.at)
    if detail.fields.isEmpty {
      detail.add("what", sentence(entry), role(entry.transition.state))
      detail.add(time: entry.at, scene)
    }
    detail.add(
      "limits",
      "opens at \(scene.thresholds.breakerFailures) failures, tries again after \(Format.age(scene.thresholds.breakerCooldownSeconds))")
    return detail
  }

  /// Closed ever since it was looked at, it has one line to say.
  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    let breaker = scene.run.breaker
    let isClosed = breaker.state == nil || breaker.state == .closed
    var disagrees = false
    if case .disagrees = breaker.agreement { disagrees = true }
    if breaker.entries.isEmpty, isClosed, !disagrees { return .quiet }
    let need = PaneDemand.Need.wrong(now: !isClosed || disagrees, recently: scene.isRecent(breaker.entries.last?.at))
    return PaneDemand(rows: 8 + min(8, breaker.entries.count), need)
  }

  static func changedAt(_ run: RunState) -> RunInstant? { run.breaker.entries.last?.at }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let breaker = scene.run.breaker
    var rect = rect
    if isZoomed(scene.ui), rect.height >= 18 {
      let parts = rect.splitRows([.flex(min: 10), .flex(min: 6)], spacing: 1)
      FragmentTable.draw(&p, parts[1], where: \.hasFailed, title: "fragments that came to nothing, with their codes")
      rect = parts[0]
    }
    p.line(rect, 0, stateLine(scene), right: failures(scene))
    p.line(rect, 1, nextLine(scene))
    let selected = selection(scene.ui)
    // A selected row shows, however little room there is: lanes give way to it.
    let states: [BreakerState] = rect.height >= 6 ? [.closed, .open, .halfOpen] : [.closed, .open]
    let lanes = selected == nil || breaker.entries.isEmpty ? states : states.suffix(max(0, rect.height - 3))
    var row = 2
    // With room for it faults stand in a row of their own: over a lane they look like a state.
    let hasAxis = rect.height >= 8 && !lanes.isEmpty
    for state in lanes where row < rect.height {
      lane(&p, rect, row, state, showsMarks: state == lanes.last && !hasAxis)
      row += 1
    }
    if hasAxis {
      p.axis(rect.row(row).inset(left: 7))
      row += 1
    }
    let showsAgreement = rect.height - row >= 2
    let room = max(0, rect.height - row - (showsAgreement ? 1 : 0))
    let window = ListWindow(count: breaker.entries.count, height: room, offset: .max, selection: selected)
    let hidden = breaker.entries.indices.filter { !window.range.contains($0) }
    let first = p.more(
      rect, row, hidden.count, bad: hidden.count { breaker.entries[$0].transition.state == .open }, word: "not shown")
    for (offset, index) in window.range.enumerated() {
      transition(&p, offset == 0 ? first : rect.row(row + offset), breaker.entries[index])
      p.hits.append(HitRegion(rect: rect.row(row + offset), meaning: .row(.breaker, item: index, at: breaker.entries[index].at)))
      if selected == index { p.select(rect, row + offset) }
    }
    if breaker.entries.isEmpty, room > 0 { p.line(rect, row, [scene.span("no transition seen", .dim)]) }
    if showsAgreement { agreement(&p, rect, rect.height - 1) }
  }

  static func role(_ state: BreakerState) -> Role {
    switch state {
    case .closed: .good
    case .open: .bad
    case .halfOpen: .warning
    }
  }

  static func word(_ state: BreakerState) -> String {
    switch state {
    case .closed: "CLOSED"
    case .open: "OPEN"
    case .halfOpen: "HALF-OPEN"
    }
  }

  private static func glyph(_ state: BreakerState, _ glyphs: GlyphSet) -> Character {
    switch state {
    case .closed: glyphs.good
    case .open: glyphs.bad
    case .halfOpen: glyphs.warning
    }
  }

  private static func stateLine(_ scene: Scene) -> [Span] {
    let breaker = scene.run.breaker
    guard let state = breaker.state else {
      let words =
        breaker.unclear.map { "not understood: \($0)" }
        ?? breaker.lastShown.map { "not known for \(Format.wholeAge(scene.now.seconds(since: $0.at))), last \(word($0.value))" }
        ?? (scene.run.restartedAt == nil ? "state not known yet" : "state not known since the restart")
      return [scene.span("\(scene.glyphs.unknown) \(words)", .unknown)]
    }
    if let unknown = scene.unknownWords {
      return [
        scene.span("\(scene.glyphs.unknown) \(unknown)", .unknown),
        scene.span(", last \(word(state))", .dim),
      ]
    }
    // "for" would not fit beside where it comes from.
    let time = breaker.since.map { "\(breaker.isInferred ? "" : " for") \(Format.wholeAge(scene.now.seconds(since: $0)))" } ?? ""
    var spans = [scene.span("\(glyph(state, scene.glyphs)) \(word(state))", role(state)), scene.span(time)]
    if breaker.isInferred {
      let whose = breaker.worstStream.map { " \($0.name), the worst of \($0.streams)" } ?? ""
      spans.append(scene.span(" (gauge\(whose))", .dim))
    }
    if breaker.isInferred, let stale = scene.metricsStaleSeconds { spans.append(scene.span(" \(Format.wholeAge(stale)) old", .warning)) }
    return spans
  }

  private static func failures(_ scene: Scene) -> [Span] {
    let breaker = scene.run.breaker
    guard breaker.state != nil, scene.unknownWords == nil else { return [] }
    // Each stream has a breaker of its own: a sum of their failures is no count of any.
    if scene.run.streamCount > 1, scene.run.shownLane.stream == nil { return [] }
    let count = breaker.consecutiveFailures
    return [scene.span("\(count)/\(scene.thresholds.breakerFailures) failures", count > 0 ? .warning : .text)]
  }

  private static func nextLine(_ scene: Scene) -> [Span] {
    let breaker = scene.run.breaker
    // A countdown stops where knowledge does.
    if scene.unknownWords != nil { return [] }
    switch breaker.state {
    case .open:
      let cooldown = scene.thresholds.breakerCooldownSeconds
      guard let earliest = breaker.earliestHalfOpen(cooldownSeconds: cooldown) else {
        return [scene.span("half-open: unknown, its opening was not seen", .dim)]
      }
      let rest = earliest.seconds(since: scene.now)
      return rest > 0
        ? [scene.span("earliest half-open in \(Format.wholeAge(rest.rounded(.up)))")]
        : [scene.span("eligible, awaiting a request", .warning)]
    case .halfOpen: return [scene.span("the next result decides", .warning)]
    case .closed, nil: return []
    }
  }

  /// Spans of time in which the breaker was in a state.
  private static func spans(of wanted: BreakerState, _ scene: Scene) -> [Lane.Period] {
    // The newest run knows what came after the time cursor as well.
    let newest = scene.newest
    let breaker = newest.breaker
    let shown = breaker.gauge.first.flatMap { newest.contract.breakerState(code: $0.value) }
    var state: BreakerState? = breaker.entries.first.flatMap { $0.transition.from ?? shown }
    var since = 0.0
    if breaker.entries.isEmpty {
      state = breaker.state ?? shown
      since = breaker.gauge.first?.at.seconds ?? breaker.logState?.at.seconds ?? newest.now.seconds
    } else if let first = breaker.gauge.first?.at.seconds {
      since = min(first, breaker.entries.first?.at.seconds ?? first)
    }
    var periods: [Lane.Period] = []
    func close(_ end: Double) {
      if state == wanted, end >= since { periods.append(Lane.Period(start: since, end: end, style: scene.style(role(wanted)))) }
    }
    for entry in breaker.entries {
      close(entry.at.seconds)
      state = entry.transition.state
      since = entry.at.seconds
    }
    // What is shown no more, and what another process was in, is history.
    let end = breaker.state == nil ? breaker.lastShown?.at ?? newest.restartedAt ?? newest.now : newest.now
    close(end.seconds)
    return scene.known(periods)
  }

  private static func lane(_ p: inout Painter, _ rect: Rect, _ row: Int, _ state: BreakerState, showsMarks: Bool) {
    let scene = p.scene
    let label = state == .halfOpen ? "half" : state.rawValue
    p.canvas.put(label, x: rect.x, y: rect.row(row).y, style: scene.style(.label), maxWidth: min(7, rect.width))
    let area = rect.row(row).inset(left: 7)
    guard !area.isEmpty else { return }
    Lane(
      periods: spans(of: state, scene), bands: scene.bands(marked: showsMarks), cursor: scene.cursor, cursorStyle: scene.cursorStyle,
      glyphs: scene.glyphs
    ).draw(on: &p.canvas, in: area, from: scene.axisStart, to: scene.axisEnd)
    p.hits.append(HitRegion(rect: area, meaning: .axis(TimeAxis(start: scene.axisStart, end: scene.axisEnd, columns: area.width))))
  }

  static func sentence(_ entry: BreakerTrack.Entry) -> String {
    let transition = entry.transition
    let from = transition.from.map { "\($0.rawValue) → " } ?? ""
    var text = "\(from)\(transition.state.rawValue)"
    if let trigger = transition.trigger { text += "  \(trigger.rawValue)" }
    if let count = transition.failureCount, count > 0 { text += " ×\(count)" }
    return text
  }

  private static func transition(_ p: inout Painter, _ row: Rect, _ entry: BreakerTrack.Entry) {
    let scene = p.scene
    var spans = [scene.span("\(scene.clock(entry.at)) ", .dim), scene.span(sentence(entry), role(entry.transition.state))]
    if entry.provenance == .inferred { spans.append(scene.span("  (inferred)", .dim)) }
    p.line(row, 0, spans)
  }

  private static func agreement(_ p: inout Painter, _ rect: Rect, _ row: Int) {
    let scene = p.scene
    let breaker = scene.run.breaker
    if breaker.lastShown != nil { return p.line(rect, row, [scene.span("the gauge is no longer exposed", .warning)]) }
    let stale = scene.metricsStaleSeconds.map { ", \(Format.wholeAge($0)) old" } ?? ""
    let code = (breaker.gauge.last.map { Format.number($0.value) } ?? String(scene.glyphs.dash)) + stale
    switch breaker.agreement {
    case .agrees:
      let mark = stale.isEmpty ? scene.verdict(true) : scene.span(String(scene.glyphs.unknown), .unknown)
      p.line(rect, row, [scene.span("gauge \(code) = log \(breaker.logState?.value.rawValue ?? "") "), mark])
    case .disagrees(let text):
      p.line(rect, row, [scene.verdict(false), scene.span(" \(text)", .bad)])
    case .unobservable(let reason):
      let gauge = breaker.gauge.isEmpty ? "" : "gauge \(code); "
      p.line(rect, row, [scene.span("\(gauge)\(reason)", .dim)])
    }
  }
}
