import Contracts
import Events
import RunModel
import TerminalCanvas
import WireFormats

extension Pane {
  /// Each attempt against its plan.
  package static let reconnection = Pane("reconnection")
}

/// Each attempt on one time axis, what was planned and what was measured.
enum ReconnectionPane: PaneView {
  static let pane = Pane.reconnection
  static let words = "Reconnection"
  static let isOfWorker = true
  static let place = PanePlace(
    large: .init(strip: 2, column: 0, width: .init(least: 66), height: .init(least: 6, weight: 4)), wideWidth: .init(least: 76, most: 96),
    medium: .init(strip: 2, column: 1, width: .init(least: 44, weight: 5), height: .init(least: 6)), rank: 6)

  static func title(_ scene: Scene, _ rect: Rect) -> String {
    guard rect.width >= 50 else { return words }
    let delays = scene.thresholds.backoff.delays.prefix(8).map(Format.number).joined(separator: " ")
    return "\(words) · backoff \(delays) s"
  }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    (run.reconnection.current?.attempts ?? []).enumerated().map { PaneItem(id: $0, instant: $1.at, text: "attempt \($1.number)") }
  }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    guard let episode = scene.run.reconnection.current, episode.attempts.indices.contains(item.id) else { return nil }
    let attempt = episode.attempts[item.id]
    var detail = RowDetail.row(.reconnect, at: attempt.at, scene.run).map { RowDetail($0, scene) } ?? RowDetail("attempt", at: attempt.at)
    detail.title = "attempt \(attempt.number)"
    if detail.fields.isEmpty { detail.add(time: attempt.at, scene) }
    detail.add(
      "outcome", attempt.success.map { $0 ? "connected" : "failed" } ?? "not known yet", attempt.success == false ? .warning : .text)
    detail.add(
      "planned", "\(Format.number(attempt.plannedSeconds)) s, \(attempt.isPlanTold ? "by the service's word" : "by the contract's formula")"
    )
    let slack = scene.thresholds.backoff.tolerance * 100
    let deviation = attempt.deviation.map { ", \(Format.signed($0 * 100)) % off" } ?? ""
    let took =
      attempt.isTimed ? "\(Format.fixed(attempt.measuredSeconds, 2)) s after the one before\(deviation)" : "not known: its line has no time"
    detail.add("took", "\(took), tolerance \(Format.fixed(slack, 0)) %", attempt.isOnSchedule ? .text : .bad)
    detail.add("loss", "at \(scene.clock(episode.lostAt))\(episode.reason.map { ": \($0)" } ?? "")")
    return detail
  }

  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    guard let episode = scene.run.reconnection.current else { return .quiet }
    let over = episode.backAt ?? episode.restartedAt
    return PaneDemand(rows: 3 + min(8, episode.attempts.count), .wrong(now: over == nil, recently: scene.isRecent(over)))
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    guard let episode = scene.run.reconnection.current else {
      let seen = scene.unknownWords.map { "\($0); no loss of the connection before" } ?? "no loss of the connection seen"
      let told = scene.workerTells(.reconnections) ? seen : "not known: nobody tells of it"
      p.line(rect, 0, [scene.span(told, .dim)])
      if let count = scene.run.metrics.number(.reconnections), count > 0 {
        p.line(rect, 1, [scene.span("the counter says \(Format.number(count)) since the service began", .dim)])
      }
      return
    }
    if isZoomed(scene.ui), scene.run.reconnection.episodes.count > 1 { return losses(&p, rect) }
    let rows = max(0, rect.height - 1)
    let next = scene.run.reconnection.nextAttempt(schedule: scene.thresholds.backoff, now: scene.now)
    let attempts = episode.attempts
    let selected = selection(scene.ui)
    let total = attempts.count + (next == nil ? 0 : 1)
    let window = ListWindow(count: total, height: rows, offset: .max, selection: selected)
    let axis = (start: episode.lostAt.seconds, end: axisEnd(episode, next?.due, scene))
    for (row, index) in window.range.enumerated() {
      let from = index == 0 ? episode.lostAt : attempts[min(index, attempts.count) - 1].at
      if index < attempts.count {
        attempt(&p, rect, row, attempts[index], from: from, axis)
        p.hits.append(HitRegion(rect: rect.row(row), meaning: .row(.reconnection, item: index, at: attempts[index].at)))
        if selected == index { p.select(rect, row) }
      } else if let next {
        countdown(&p, rect, row, next, from: from, axis)
      }
    }
    if total == 0, rows > 0 { p.line(rect, 0, [scene.span(noAttempts(episode, scene), .dim)]) }
    let words = summary(episode, scene, width: rect.width, number: scene.run.reconnection.episodes.total)
    p.line(rect, rect.height - 1, words.left, right: words.right)
  }

  static func noAttempts(_ episode: ReconnectionTrack.Episode, _ scene: Scene) -> String {
    if episode.gaveUpAt != nil { return "gave up without an attempt" }
    if episode.restartedAt != nil { return "the process ended before it was back" }
    let attempts = scene.thresholds.backoff.maximumAttempts
    return episode.backAt == nil
      ? "the schedule's \(attempts) attempts are over, none was seen" : "back without an attempt that a log tells of"
  }

  static func axisEnd(_ episode: ReconnectionTrack.Episode, _ due: RunInstant?, _ scene: Scene) -> Double {
    let last = episode.attempts.last?.at ?? episode.lostAt
    let end = [last, due ?? last, episode.backAt ?? last].max() ?? last
    return max(end.seconds, episode.lostAt.seconds + 1) + 0.02 * max(1, end.seconds(since: episode.lostAt))
  }

  private static func textWidth(_ rect: Rect) -> Int { rect.width >= 60 ? 39 : rect.width >= 40 ? 22 : 12 }

  private static func laneArea(_ rect: Rect, _ row: Int) -> Rect { rect.row(row).inset(left: 2, right: textWidth(rect) + 2) }

  static func attempt(
    _ p: inout Painter, _ rect: Rect, _ row: Int, _ attempt: ReconnectionTrack.Attempt, from: RunInstant,
    _ axis: (start: Double, end: Double)
  ) {
    let scene = p.scene
    p.canvas.put("\(min(attempt.number, 9))", x: rect.x, y: rect.row(row).y, style: scene.style(.title), maxWidth: 1)
    let expected = scene.thresholds.backoff.delaySeconds(beforeAttempt: attempt.number)
    let slack = scene.thresholds.backoff.tolerance * expected + scene.thresholds.backoff.jitterSeconds
    let area = laneArea(rect, row)
    if !area.isEmpty {
      let outcome = attempt.success.map { scene.verdict($0) } ?? scene.span(String(scene.glyphs.pending), .dim)
      let band = scene.band(from: from.seconds + expected - slack, to: from.seconds + expected + slack)
      Lane(
        periods: [
          Lane.Period(
            start: from.seconds, end: attempt.at.seconds, style: scene.style(attempt.isOnSchedule || !attempt.isTimed ? .text : .warning),
            label: attempt.isTimed ? Format.fixed(attempt.measuredSeconds, 1) : "", isBracket: true)
        ], bands: [band] + scene.bands, cursor: scene.cursor, cursorStyle: scene.cursorStyle, glyphs: scene.glyphs
      ).draw(on: &p.canvas, in: area, from: axis.start, to: axis.end)
      // The outcome stands just behind the bracket, where the lane has room for it.
      if let column = TimeAxis(start: axis.start, end: axis.end, columns: area.width).column(of: attempt.at.seconds) {
        p.canvas.put([outcome], x: area.x + column + 1, y: area.y, maxWidth: 2)
      }
    }
    let deviation = attempt.deviation.map { "\(Format.signed($0 * 100)) %" } ?? String(scene.glyphs.dash)
    let role: Role = attempt.isOnSchedule ? .text : .bad
    let planned = pad("\(Format.number(attempt.plannedSeconds)) s", width: 6, alignment: .right)
    guard attempt.isTimed else {
      // By when lines were read no delay can be told.
      let word = textWidth(rect) >= 39 ? "\(attempt.isPlanTold ? "planned" : "formula")\(planned)  took not known" : "not known"
      let spans = [scene.span(word, .dim)]
      p.canvas.put(spans, x: max(rect.x + 2, rect.maxX - displayWidth(word)), y: rect.row(row).y, maxWidth: textWidth(rect))
      return
    }
    let took = pad("\(Format.fixed(attempt.measuredSeconds, 2)) s", width: 8, alignment: .right)
    let percent = pad(deviation, width: 6, alignment: .right)
    let width = textWidth(rect)
    var spans: [Span] = []
    if width >= 39 {
      let word = attempt.isPlanTold ? "planned" : "formula"
      spans = [
        scene.span(word, .label), scene.span(planned), scene.span("  took", .label), scene.span(took), scene.span(" \(percent) ", role),
      ]
    } else if width >= 22 {
      let short = pad(Format.fixed(attempt.measuredSeconds, 2), width: 6, alignment: .right)
      spans = [scene.span(planned), scene.span(short), scene.span(" \(percent) ", role)]
    } else {
      spans = [scene.span(" \(percent) ", role)]
    }
    spans.append(scene.verdict(attempt.isOnSchedule))
    let used = spans.reduce(0) { $0 + displayWidth($1.text) }
    p.canvas.put(spans, x: max(rect.x + 2, rect.maxX - used), y: rect.row(row).y, maxWidth: used)
  }

  private static func countdown(
    _ p: inout Painter, _ rect: Rect, _ row: Int, _ next: (number: Int, due: RunInstant, isTold: Bool), from: RunInstant,
    _ axis: (start: Double, end: Double)
  ) {
    let scene = p.scene
    let rest = next.due.seconds(since: scene.now)
    p.canvas.put("\(min(next.number, 9))", x: rect.x, y: rect.row(row).y, style: scene.style(.dim), maxWidth: 1)
    let area = laneArea(rect, row)
    if !area.isEmpty {
      Lane(
        periods: [Lane.Period(start: from.seconds, end: max(from.seconds, scene.now.seconds), style: scene.style(.dim), isBracket: true)],
        bands: scene.bands, cursor: scene.cursor, cursorStyle: scene.cursorStyle, glyphs: scene.glyphs
      ).draw(on: &p.canvas, in: area, from: axis.start, to: axis.end)
    }
    let word = next.isTold ? "announced" : "expected"
    let counting = rest > 0 ? "due in \(Format.fixed(rest, 1)) s" : "overdue \(Format.fixed(-rest, 1)) s"
    let text = scene.unknownWords ?? counting
    let full = textWidth(rect) >= 22 ? "\(word), \(text)" : text
    let width = min(displayWidth(full), textWidth(rect))
    p.canvas.putTruncated(
      full, x: rect.maxX - width, y: rect.row(row).y, width: width, style: scene.style(rest > 0 ? .text : .warning),
      ellipsis: scene.glyphs.ellipsis)
  }

  static func summary(_ episode: ReconnectionTrack.Episode, _ scene: Scene, width: Int, number count: Int) -> (left: [Span], right: [Span])
  {
    var spans = [scene.span("lost ", .label), scene.span(scene.clock(episode.lostAt))]
    if episode.provenance == .inferred { spans.append(scene.span(" (inferred)", .dim)) }
    if let back = episode.backAt {
      let isNarrow = width < 54
      spans += [scene.span(isNarrow ? " back " : "  back ", .label), scene.span(scene.clock(back), .good)]
      if let number = episode.firstSequenceNumber {
        // A fresh session is the rule; narrow, only the mark says so.
        let words = isNarrow ? number == 0 ? " " : " seq \(number) " : "  stream:init seq \(number) "
        spans += [scene.span(words), scene.verdict(number == 0)]
      }
    } else if let gaveUp = episode.gaveUpAt {
      spans += [scene.span("  gave up ", .bad), scene.span(scene.clock(gaveUp), .bad)]
    } else if let restarted = episode.restartedAt {
      spans += [scene.span("  process restarted ", .label), scene.span(scene.clock(restarted), .warning)]
    } else if let unknown = scene.unknownWords {
      spans.append(scene.span("  \(unknown)", .unknown))
    } else {
      spans.append(scene.span("  down for \(Format.wholeAge(scene.now.seconds(since: episode.lostAt)))", .bad))
    }
    let backoff = scene.thresholds.backoff
    let jitter = backoff.jitterSeconds > 0 ? " + \(Format.number(backoff.jitterSeconds)) s" : ""
    if count > 1 { spans.append(scene.span("  loss \(count)", .dim)) }
    let isWide = width >= 66
    return (spans, [scene.span("\(isWide ? "tolerance " : "±")\(Format.fixed(backoff.tolerance * 100, 0)) %\(jitter)", .dim)])
  }
}
