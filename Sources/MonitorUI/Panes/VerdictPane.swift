import Events
import RunModel
import TerminalCanvas
import WireFormats

extension Pane {
  /// What is wrong now, and every expectation.
  package static let verdict = Pane("verdict")
}

/// What is wrong now, worst first, in every mode; in a run that is judged beside it every expectation as violated, not known, pending or
/// met, live. Enter on an expectation shows what it rests on.
enum VerdictPane: PaneView {
  static let pane = Pane.verdict
  static let words = "Verdict"
  static let place = PanePlace(
    large: .init(strip: 3, column: 0, width: .init(least: 80), height: .init(least: 4, weight: 0)),
    medium: .init(strip: 3, column: 0, width: .init(least: 80), height: .init(least: 4, weight: 3)), rank: 8)

  /// How an expectation stands, as pane, title bar and plain lines show it.
  static func glyph(_ standing: Verdict.Standing, _ scene: Scene) -> Span {
    switch standing {
    case .met: scene.span(scene.glyphs.check, .good)
    case .violated: scene.span(String(scene.glyphs.bad), .bad)
    case .pending: scene.span(String(scene.glyphs.pending), .dim)
    case .unobservable: scene.span(String(scene.glyphs.unknown), .warning)
    }
  }

  static func title(_ scene: Scene, _ rect: Rect) -> String {
    let verdict = scene.run.verdict
    let wrong = scene.alarms.count { !$0.isExpectation }
    guard verdict.isJudged else {
      // The heading of the list; where nothing was looked at yet nothing can be said.
      let isSeen = !scene.run.inspection.seen.isEmpty
      return "\(words) · not judged · \(wrong > 0 ? "wrong now: \(wrong)" : isSeen ? "nothing wrong" : "nothing looked at yet")"
    }
    let counts = verdict.counts
    let parts = [
      (counts.met, "met"), (counts.violated, "violated"), (counts.pending, "pending"), (counts.unobservable, "not known"),
    ]
    return "\(words) · " + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " · ")
      + (wrong > 0 ? " · wrong now: \(wrong)" : "")
  }

  /// "3✓ 1✗ 2…", for where there is no room for the pane; empty for a run that is not judged.
  static func counts(_ scene: Scene) -> [Span] {
    let verdict = scene.run.verdict
    guard verdict.isJudged else { return [] }
    let counts = verdict.counts
    let parts: [(Int, Verdict.Standing)] = [
      (counts.met, .met), (counts.violated, .violated), (counts.pending, .pending), (counts.unobservable, .unobservable),
    ]
    var spans: [Span] = []
    for (count, standing) in parts where count > 0 {
      let glyph = glyph(standing, scene)
      spans.append(Span("\(spans.isEmpty ? "" : " ")\(count)\(glyph.text)", glyph.style))
    }
    return spans
  }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    let rows = VerdictRow.all(scene.run, scene.alarms, scene.ui)
    return (rows.wrong + rows.rest).first { $0.id == item.id }?.detail(scene)
  }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    let rows = VerdictRow.all(run, run.alarms, ui)
    return (rows.wrong + rows.rest).map { PaneItem(id: $0.id, instant: $0.instant, text: $0.text) }
  }

  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    let rows = VerdictRow.all(scene.run, scene.alarms, scene.ui)
    let room = scene.alarms.count { $0.isExpectation } + scene.run.recentAlarms
    let columns = columns(width, scene)
    let count = room + (rows.rest.count + columns - 1) / columns + (room == 0 && rows.rest.isEmpty ? 2 : 0)
    return PaneDemand(rows: count, .wrong(now: !scene.alarms.isEmpty, recently: room > 0))
  }

  /// What goes well stands side by side as long as nothing is looked at closely: the eye wants all of it at once.
  private static func columns(_ width: Int, _ scene: Scene) -> Int {
    isZoomed(scene.ui) || width < 76 ? 1 : min(3, max(1, width / 40))
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let rows = VerdictRow.all(scene.run, scene.alarms, scene.ui)
    let columns = columns(rect.width, scene)
    let lines =
      rows.wrong.map { [$0] }
      + stride(from: 0, to: rows.rest.count, by: columns).map { first in
        Array(rows.rest[first..<min(first + columns, rows.rest.count)])
      }
    let selected = selection(scene.ui)
    let position = selected.flatMap { id in lines.firstIndex { $0.contains { $0.id == id } } }
    let window = ListWindow(count: lines.count, height: rect.height, selection: position)
    // How much is not shown, and how much of that is wrong.
    let hidden = lines[..<window.range.lowerBound].joined().count + lines[window.range.upperBound...].joined().count
    let hiddenWrong = rows.wrong.indices.count { !window.range.contains($0) }
    let rest = "+\(hidden) more" + (hiddenWrong > 0 && hiddenWrong < hidden ? ", \(hiddenWrong) wrong" : "")
    for (place, index) in window.range.enumerated() {
      let isLast = place == window.range.count - 1
      let more = isLast && hidden > 0 ? rest : ""
      let row = rect.row(place)
      let width = more.isEmpty ? row.width : row.width - displayWidth(more) - 2
      let share = index < rows.wrong.count ? width : width / columns
      for (column, item) in lines[index].enumerated() {
        let isEdge = column == columns - 1 || index < rows.wrong.count
        let cell = Rect(x: row.x + column * share, y: row.y, width: max(0, share - (isEdge ? 0 : 2)), height: row.height)
        draw(item, &p, cell, isSelected: selected == item.id)
      }
      if !more.isEmpty { p.line(row.inset(left: max(0, width)), 0, [scene.span("  \(more)", hiddenWrong > 0 ? .bad : .label)]) }
    }
    if lines.count < rect.height { looked(&p, rect, lines.count) }
  }

  /// What was looked at before nothing, or nothing more, is said to be wrong; and what has no source, for that nothing is seen there is no
  /// good news.
  private static func looked(_ p: inout Painter, _ rect: Rect, _ top: Int) {
    let scene = p.scene
    let inspection = scene.run.inspection
    var row = top
    func say(_ text: String, _ role: Role) {
      guard row < rect.height else { return }
      p.line(rect, row, [scene.span(text, role)])
      row += 1
    }
    let seen = inspection.seen.joined(separator: ", ")
    if scene.alarms.isEmpty {
      say(seen.isEmpty ? "nothing looked at yet" : "nothing wrong: \(seen) looked at", seen.isEmpty ? .dim : .text)
    }
    if !inspection.unseen.isEmpty { say("not looked at: \(inspection.unseen.joined(separator: ", "))", .dim) }
    if !scene.alarms.isEmpty, !seen.isEmpty { say("looked at: \(seen)", .dim) }
    if isZoomed(scene.ui), !scene.run.verdict.isJudged {
      say("expectations are judged with `dubwatch run`; a live view judges nothing", .dim)
    }
  }

  private static func draw(_ row: VerdictRow, _ p: inout Painter, _ rect: Rect, isSelected: Bool) {
    let scene = p.scene
    switch row.content {
    case .entry(let entry):
      let standing = entry.verdict.standing
      let role: Role = standing == .violated ? .bad : standing == .unobservable ? .warning : standing == .pending ? .dim : .text
      var spans = [glyph(standing, scene), scene.span(" \(entry.expectation.title)", role)]
      if entry.expectation.isOptional { spans.append(scene.span(" (optional)", .dim)) }
      if standing == .unobservable { spans.append(scene.span(": not known", .warning)) }
      if standing == .violated || standing == .unobservable || scene.ui.isZoomed {
        spans.append(scene.span(": \(entry.verdict.reason)", standing == .violated ? .bad : .dim))
      }
      let number = entry.verdict.decision.map { [scene.span("#\($0)", .dim)] }
      p.line(rect, 0, spans, right: entry.isFailure || scene.ui.isZoomed ? number ?? [] : [])
    case .evidence(let evidence):
      p.line(
        rect, 0, [scene.span("    \(scene.clock(evidence.at, digits: 3)) #\(evidence.sequence) ", .dim), scene.span(evidence.text)])
    case .omitted(let count): p.line(rect, 0, [scene.span("    \(scene.glyphs.ellipsis) \(count) more in between", .dim)])
    case .alarm(let alarm): draw(alarm, &p, rect)
    }
    p.hits.append(HitRegion(rect: rect, meaning: .row(.verdict, item: row.id, at: row.instant)))
    if isSelected { p.select(rect, 0) }
  }

  /// "✗ 12:00:57 echo-sts is not healthy: 503 ×3            health:echo-sts #4711": how sure is said where it is not seen.
  private static func draw(_ alarm: Alarm, _ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let severity: EventRow.Severity = alarm.severity == .bad ? .bad : .warning
    var right: [Span] = []
    if alarm.sureness != .observed || isZoomed(scene.ui) {
      right.append(scene.span("\(alarm.sureness.rawValue) ", alarm.sureness == .observed ? .dim : .warning))
    }
    if rect.width >= 110 { right.append(scene.span("\(alarm.witness) ", .dim)) }
    right.append(scene.span("#\(alarm.event)", .dim))
    p.line(
      rect, 0,
      [scene.glyph(severity), scene.span(" \(scene.clock(alarm.since)) ", .dim), scene.span(alarm.text, scene.role(severity))], right: right
    )
  }
}
