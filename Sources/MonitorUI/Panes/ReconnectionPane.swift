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
    let rows = showsLosses(run, ui) ? ReconnectionRow.all(run) : ReconnectionRow.newest(run)
    return rows.map { PaneItem(id: $0.id, instant: $0.instant, text: $0.text) }
  }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    guard let row = ReconnectionRow.all(scene.run).first(where: { $0.id == item.id }) else { return nil }
    guard let attempt = row.attempt else { return detail(ofLoss: row, scene) }
    let loss = row.loss
    var detail = RowDetail.row(.reconnect, at: attempt.at, scene.run).map { RowDetail($0, scene) } ?? RowDetail("attempt", at: attempt.at)
    let isOne = scene.run.reconnection.episodes.total == 1
    detail.title = "attempt \(attempt.number)\(isOne ? "" : " of loss \(row.number)")"
    if detail.fields.isEmpty { detail.add(time: attempt.at, scene) }
    detail.add(
      "outcome", attempt.success == nil ? "not known yet" : ReconnectionRow.outcome(attempt), attempt.success == false ? .warning : .text)
    detail.add(
      "planned", "\(Format.number(attempt.plannedSeconds)) s, \(attempt.isPlanTold ? "by the service's word" : "by the contract's formula")"
    )
    let slack = scene.thresholds.backoff.tolerance * 100
    let deviation = attempt.deviation.map { ", \(Format.signed($0 * 100)) % off" } ?? ""
    let took =
      attempt.isTimed ? "\(Format.fixed(attempt.measuredSeconds, 2)) s after the one before\(deviation)" : "not known: its line has no time"
    detail.add("took", "\(took), tolerance \(Format.fixed(slack, 0)) %", attempt.isOnSchedule ? .text : .bad)
    detail.add("loss", "at \(scene.clock(loss.lostAt))\(loss.reason.map { ": \($0)" } ?? "")")
    return detail
  }

  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    guard let episode = scene.run.reconnection.current else { return .quiet }
    let over = episode.backAt ?? episode.restartedAt
    return PaneDemand(rows: 4 + min(8, episode.attempts.count), .wrong(now: over == nil, recently: scene.isRecent(over)))
  }

  static func changedAt(_ run: RunState) -> RunInstant? {
    run.reconnection.current.flatMap { [$0.lostAt, $0.attempts.last?.at, $0.backAt, $0.gaveUpAt, $0.restartedAt].compactMap(\.self).max() }
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
    if showsLosses(scene.run, scene.ui) { return losses(&p, rect) }
    let rows = max(0, rect.height - 1)
    let next = scene.run.reconnection.nextAttempt(schedule: scene.thresholds.backoff, now: scene.now)
    let attempts = ReconnectionRow.newest(scene.run)
    let selected = selectedRow(scene)
    let total = attempts.count + (next == nil ? 0 : 1)
    let position = selected.flatMap { id in attempts.firstIndex { $0.id == id } }
    let window = ListWindow(count: total, height: rows, offset: .max, selection: position)
    let axis = (start: episode.lostAt.seconds, end: axisEnd(episode, next?.due, scene))
    let hidden = attempts.indices.filter { !window.range.contains($0) }
    let first = rows > 0 ? p.more(rect, 0, hidden.count, bad: hidden.count { attempts[$0].isBad }, word: "not shown") : rect.row(0)
    for (row, index) in window.range.enumerated() {
      let line = row == 0 ? first : rect.row(row)
      if attempts.indices.contains(index), let made = attempts[index].attempt {
        attempt(&p, line, made, from: attempts[index].from, axis)
        p.hits.append(HitRegion(rect: rect.row(row), meaning: .row(.reconnection, item: attempts[index].id, at: made.at)))
        if selected == attempts[index].id { p.select(rect, row) }
      } else if let next {
        countdown(&p, line, next, from: attempts.last?.instant ?? episode.lostAt, axis)
      }
    }
    if total > 0, total < rows {
      p.axis(
        laneArea(rect.row(total)), TimeAxis(start: axis.start, end: axis.end, columns: laneArea(rect.row(total)).width), left: "lost",
        right: "\(Format.wholeAge(axis.end - axis.start)) later")
    }
    if total == 0, rows > 0 { p.line(rect, 0, [scene.span(noAttempts(episode, scene), .dim)]) }
    let count = scene.run.reconnection.episodes.total
    let words = summary(episode, scene, width: rect.width, number: count > 1 ? count : nil)
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

  private static func laneArea(_ line: Rect) -> Rect { line.inset(left: 2, right: textWidth(line) + 2) }

  /// An attempt's number in the two columns before its lane.
  private static func number(_ p: inout Painter, _ line: Rect, _ number: Int, _ role: Role) {
    let text = (0...99).contains(number) ? "\(number)" : String(p.scene.glyphs.ellipsis)
    p.canvas.put(text, x: line.x, y: line.y, style: p.scene.style(role), maxWidth: 2)
  }

  static func attempt(
    _ p: inout Painter, _ line: Rect, _ attempt: ReconnectionTrack.Attempt, from: RunInstant, _ axis: (start: Double, end: Double)
  ) {
    let scene = p.scene
    number(&p, line, attempt.number, .title)
    let expected = scene.thresholds.backoff.delaySeconds(beforeAttempt: attempt.number)
    let slack = scene.thresholds.backoff.tolerance * expected + scene.thresholds.backoff.jitterSeconds
    let area = laneArea(line)
    if !area.isEmpty {
      let outcome = attempt.success.map { scene.verdict($0) } ?? scene.span(String(scene.glyphs.pending), .dim)
      let band = scene.band(from: from.seconds + expected - slack, to: from.seconds + expected + slack)
      Lane(
        periods: [
          Lane.Period(
            start: from.seconds, end: attempt.at.seconds, style: scene.style(attempt.isOnSchedule || !attempt.isTimed ? .text : .warning),
            label: attempt.isTimed ? Format.fixed(attempt.measuredSeconds, 1) : "", isBracket: true)
        ], bands: [band] + scene.bands(marked: false), cursor: scene.cursor, cursorStyle: scene.cursorStyle, glyphs: scene.glyphs
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
      let word = textWidth(line) >= 39 ? "\(attempt.isPlanTold ? "planned" : "formula")\(planned)  took not known" : "not known"
      let spans = [scene.span(word, .dim)]
      p.canvas.put(spans, x: max(line.x + 2, line.maxX - displayWidth(word)), y: line.y, maxWidth: textWidth(line))
      return
    }
    let took = pad("\(Format.fixed(attempt.measuredSeconds, 2)) s", width: 8, alignment: .right)
    let percent = pad(deviation, width: 6, alignment: .right)
    let width = textWidth(line)
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
    p.canvas.put(spans, x: max(line.x + 2, line.maxX - used), y: line.y, maxWidth: used)
  }

  static func countdown(
    _ p: inout Painter, _ line: Rect, _ next: (number: Int, due: RunInstant, isTold: Bool), from: RunInstant,
    _ axis: (start: Double, end: Double)
  ) {
    let scene = p.scene
    let rest = next.due.seconds(since: scene.now)
    number(&p, line, next.number, .dim)
    let area = laneArea(line)
    if !area.isEmpty {
      Lane(
        periods: [Lane.Period(start: from.seconds, end: max(from.seconds, scene.now.seconds), style: scene.style(.dim), isBracket: true)],
        bands: scene.bands(marked: false), cursor: scene.cursor, cursorStyle: scene.cursorStyle, glyphs: scene.glyphs
      ).draw(on: &p.canvas, in: area, from: axis.start, to: axis.end)
    }
    let word = next.isTold ? "announced" : "expected"
    let counting = rest > 0 ? "due in \(Format.fixed(rest, 1)) s" : "overdue \(Format.fixed(-rest, 1)) s"
    let text = scene.unknownWords ?? counting
    let full = textWidth(line) >= 22 ? "\(word), \(text)" : text
    let width = min(displayWidth(full), textWidth(line))
    p.canvas.putTruncated(
      full, x: line.maxX - width, y: line.y, width: width, style: scene.style(rest > 0 ? .text : .warning),
      ellipsis: scene.glyphs.ellipsis)
  }

  static func summary(_ episode: ReconnectionTrack.Episode, _ scene: Scene, width: Int, number: Int?) -> (left: [Span], right: [Span]) {
    var spans = [scene.span("lost ", .label), scene.span(scene.clock(episode.lostAt))]
    if episode.provenance == .inferred { spans.append(scene.span(" (inferred)", .dim)) }
    if let back = episode.backAt {
      let isNarrow = width < 54
      spans += [scene.span(isNarrow ? " back " : "  back ", .label), scene.span(scene.clock(back), .good)]
      if let sequence = episode.firstSequenceNumber {
        // A fresh session is the rule; narrow, only the mark says so.
        let words = isNarrow ? sequence == 0 ? " " : " seq \(sequence) " : "  stream:init seq \(sequence) "
        spans += [scene.span(words), scene.verdict(sequence == 0)]
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
    if let number { spans.append(scene.span("  loss \(number)", .dim)) }
    let isWide = width >= 66
    return (spans, [scene.span("\(isWide ? "tolerance " : "±")\(Format.fixed(backoff.tolerance * 100, 0)) %\(jitter)", .dim)])
  }
}
