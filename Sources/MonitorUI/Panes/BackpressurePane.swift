import Contracts
import Events
import RunModel
import SpeechProtocol
import TerminalCanvas
import WireFormats

extension Pane {
  /// What is asked for, and what followed.
  package static let backpressure = Pane("backpressure")
}

/// What is asked for now, how full the pipe is, and of each event what followed.
enum BackpressurePane: PaneView {
  static let pane = Pane.backpressure
  static let words = "Backpressure"
  static let isOfWorker = true
  static let place = PanePlace(
    large: .init(strip: 1, column: 2, width: .init(least: 38, weight: 3), height: .init(least: 10, weight: 1)),
    medium: .init(strip: 2, column: 0, width: .init(least: 36, weight: 4), height: .init(least: 6)), rank: 5)

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    run.backpressure.entries.enumerated().map { PaneItem(id: $0, instant: $1.at, text: sentence($1.event)) }
  }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    guard scene.run.backpressure.entries.indices.contains(item.id) else { return nil }
    let entry = scene.run.backpressure.entries[item.id]
    var detail =
      RowDetail.row(.backpressure, at: entry.at, scene.run).map { RowDetail($0, scene) } ?? RowDetail("backpressure", at: entry.at)
    if detail.fields.isEmpty {
      detail.add("what", item.text)
      detail.add(time: entry.at, scene)
    }
    detail.add("what followed", outcome(entry, scene))
    if let depth = entry.event.queueDepth { detail.add("queue", Figure.count(depth, "fragment")) }
    if let inflight = entry.event.currentInflight { detail.add("in flight", "\(inflight) by the service's word") }
    return detail
  }

  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    let track = scene.run.backpressure
    guard let last = track.entries.last else { return .quiet }
    let isOn = track.current.map { $0.event.action != .none } ?? false
    return PaneDemand(rows: 3 + min(8, track.entries.count * 2), .wrong(now: isOn, recently: scene.isRecent(last.at)))
  }

  static func changedAt(_ run: RunState) -> RunInstant? { run.backpressure.entries.last?.at }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let track = scene.run.backpressure
    var rect = rect
    if isZoomed(scene.ui), rect.height >= 16 {
      let parts = rect.splitRows([.flex(min: 8), .flex(min: 6)], spacing: 1)
      FragmentTable.draw(&p, parts[1], title: "fragments, one a row")
      rect = parts[0]
    }
    let isTight = rect.height < 6
    let now = currentLine(scene)
    let inflight = inflightSpans(scene, boxes: !isTight)
    if isTight {
      p.line(rect, 0, now.left, right: inflight)
    } else {
      p.line(rect, 0, now.left, right: now.right)
      p.line(rect, 1, inflight)
    }
    let top = isTight ? 1 : rect.height >= 8 ? 3 : 2
    let room = max(0, rect.height - top)
    guard !track.entries.isEmpty else {
      p.line(
        rect, top,
        [
          scene.span(
            scene.workerTells(.backpressureEvents, .backpressurePause, .backpressureSlowDown, .backpressureNone)
              ? "no backpressure seen" : "nobody tells of it", .dim)
        ])
      return
    }
    let selected = selection(scene.ui)
    let last = selected.map { min($0, track.entries.count - 1) } ?? track.entries.count - 1
    // From the last event back, as many as fit with what followed them.
    var lines: [(spans: [Span], entry: Int, isHead: Bool)] = []
    let indent = String(repeating: " ", count: max(2, min(9, rect.width - 29)))
    var index = last
    while index >= 0, lines.count < room {
      var block: [(spans: [Span], entry: Int, isHead: Bool)] = [(head(track.entries[index], scene), index, true)]
      if let outcome = outcome(track.entries[index], scene) {
        block.append(([scene.span("\(indent)\(scene.glyphs == .unicode ? "└" : "+") ", .dim), scene.span(outcome)], index, false))
      }
      if lines.count + block.count > room { block = [block[0]] }
      lines.insert(contentsOf: block, at: 0)
      index -= 1
    }
    let shown = Set(lines.suffix(room).map(\.entry))
    let hidden = room > 1 ? track.entries.indices.filter { !shown.contains($0) } : []
    let first = p.more(rect, top, hidden.count, bad: hidden.count { track.entries[$0].event.action == .pause }, word: "not shown")
    for (row, line) in lines.suffix(room).enumerated() {
      p.line(row == 0 ? first : rect.row(top + row), 0, line.spans)
      p.hits.append(
        HitRegion(rect: rect.row(top + row), meaning: .row(.backpressure, item: line.entry, at: track.entries[line.entry].at)))
      if selected == line.entry, line.isHead { p.select(rect, top + row) }
    }
  }

  private static func sentence(_ event: BackpressureEvent) -> String {
    let delay = event.recommendedDelayMilliseconds.map { " \(Format.number($0)) ms" } ?? ""
    return "\(event.severity.map { "\($0.rawValue) " } ?? "")\(event.action.rawValue)\(delay)"
  }

  private static func role(_ action: BackpressureAction) -> Role {
    switch action {
    case .none: .good
    case .slowDown: .warning
    case .pause: .bad
    }
  }

  private static func currentLine(_ scene: Scene) -> (left: [Span], right: [Span]) {
    guard let entry = scene.run.backpressure.current else {
      guard scene.workerTells(.backpressureEvents, .backpressurePause, .backpressureSlowDown, .backpressureNone) else {
        return ([scene.span("\(scene.glyphs.dash) not known", .dim)], [])
      }
      if let unknown = scene.unknownWords { return ([scene.span("\(scene.glyphs.unknown) \(unknown)", .unknown)], []) }
      return ([scene.span("\(scene.glyphs.good) NONE", .good), scene.span(" so far", .dim)], [])
    }
    let event = entry.event
    if let unknown = scene.unknownWords {
      return (
        [scene.span("\(scene.glyphs.unknown) \(unknown)", .unknown), scene.span(", last \(event.action.rawValue)", .dim)], []
      )
    }
    let (glyph, word): (Character, String)
    switch event.action {
    case .none: (glyph, word) = (scene.glyphs.good, "NONE")
    case .slowDown: (glyph, word) = (scene.glyphs.warning, "SLOW_DOWN")
    case .pause: (glyph, word) = (scene.glyphs.bad, "PAUSE")
    }
    let delay = event.recommendedDelayMilliseconds.map { " \(Format.number($0)) ms" } ?? ""
    let time = " for \(Format.wholeAge(scene.now.seconds(since: entry.at)))"
    let left = [scene.span("\(glyph) \(word)\(delay)", role(event.action)), scene.span(time, .dim)]
    return (left, event.severity.map { [scene.span($0.rawValue, role(event.action))] } ?? [])
  }

  private static func inflightSpans(_ scene: Scene, boxes: Bool) -> [Span] {
    let limit = scene.run.inflightLimit
    guard let inflight = scene.run.backpressure.inflight, inflight.value.isFinite else {
      return [scene.span("in flight \(scene.glyphs.dash)/\(limit)", .dim)]
    }
    let value = Int(max(0, min(inflight.value, 1e6)))
    let stale = scene.metricsStaleSeconds
    let role: Role = stale != nil ? .dim : value > limit ? .bad : value == limit ? .warning : .text
    guard boxes else { return [scene.span("\(value)/\(limit) in flight", role)] }
    let gauge = BoxGauge(
      filled: value, total: max(limit, 1), filledStyle: scene.style(role), emptyStyle: scene.style(.dim), glyphs: scene.glyphs)
    var spans = [scene.span("in flight ", .label)] + gauge.spans(width: 12) + [scene.span(" \(value)/\(limit)", role)]
    if scene.run.backpressure.streams > 1 { spans.append(scene.span(" in \(scene.run.backpressure.streams) streams", .dim)) }
    if let stale { spans.append(scene.span(" \(Format.wholeAge(stale)) old", .warning)) }
    if stale == nil, value > limit { spans.append(scene.span(" over the limit", .bad)) }
    if let queue = scene.run.backpressure.current?.event.queueDepth { spans.append(scene.span("   queue \(queue)")) }
    return spans
  }

  private static func head(_ entry: BackpressureTrack.Entry, _ scene: Scene) -> [Span] {
    let event = entry.event
    let severity = pad(event.severity?.rawValue ?? String(scene.glyphs.dash), width: 7)
    let delay = event.recommendedDelayMilliseconds.map { " \(Format.number($0)) ms" } ?? ""
    var spans = [
      scene.span("\(scene.clock(entry.at)) ", .dim), scene.span(severity),
      scene.span("\(event.action.rawValue)\(delay)", role(event.action)),
    ]
    if entry.provenance == .inferred { spans.append(scene.span("  (inferred)", .dim)) }
    return spans
  }

  /// What followed an event: "paused 2.1 s, drained 3→0".
  private static func outcome(_ entry: BackpressureTrack.Entry, _ scene: Scene) -> String? {
    guard entry.provenance != .inferred else { return nil }
    let end = entry.ended ?? scene.now
    let lasted = Format.age(end.seconds(since: entry.at))
    let going = entry.ended == nil ? " so far" : ""
    switch entry.event.action {
    case .none: return nil
    case .pause:
      var words = entry.sentMeanwhile > 0 ? ["\(entry.sentMeanwhile) SENT"] : []
      words.append("paused \(lasted)\(going)")
      if let start = entry.inflightAtStart, let lowest = entry.inflightLowest { words.append("drained \(start)→\(lowest)") }
      return words.joined(separator: ", ")
    case .slowDown:
      var words = ["\(lasted)\(going)", "\(entry.sentMeanwhile) sent"]
      if let gap = entry.smallestSendGapMilliseconds { words.append("min gap \(Format.milliseconds(gap))") }
      return words.joined(separator: ", ")
    }
  }
}
