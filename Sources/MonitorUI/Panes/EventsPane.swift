import Events
import RunModel
import TerminalCanvas
import WireFormats

extension Pane {
  /// The one stream of events; or raw logs.
  package static let events = Pane("events")
}

/// The one stream of events that all panes point into; or the raw logs.
enum EventsPane: PaneView {
  static let pane = Pane.events
  static let words = "Events"
  static let place = PanePlace(
    large: .init(strip: 2, column: 1, width: .init(least: 54, weight: 3), height: .init(least: 6, weight: 4)),
    wideWidth: .init(least: 76, weight: 4),
    medium: .init(strip: 3, column: 0, width: .init(least: 80), height: .init(least: 4, weight: 3)), rank: 3)
  static let follows = true

  static func title(_ scene: Scene, _ rect: Rect) -> String {
    if scene.ui.showsRawLogs { return "Raw logs" }
    // Where it takes turns with the verdict, it says how to get there.
    let key = scene.ui.bindings.keys[.alternate(.verdict)]?.first
    guard rect.width >= 60, rect.width == scene.screenWidth, !scene.ui.isZoomed, let key else { return words }
    return "\(words) · \(Pane.verdict.number) \(VerdictPane.words) on \(KeyText.text(key))"
  }

  static func note(_ scene: Scene) -> String {
    var parts: [String] = []
    if !scene.ui.filter.isEmpty {
      let logs = scene.ui.showsRawLogs ? LogList(scene.run, scene.ui) : nil
      let (shown, all) = logs.map { ($0.indices.count, $0.lines.count) } ?? (EventList(scene.run, scene.ui).count, scene.run.rows.count)
      parts.append("filter \"\(truncate(scene.ui.filter, width: 20))\" \(shown) of \(all)")
    }
    if scene.ui.gravity != .none, !scene.ui.showsRawLogs { parts.append(scene.ui.gravity.words) }
    if scene.ui.selection[.events] != nil { parts.append("not following") }
    if let left = scene.ui.leftAt, case let new = EventList(scene.run, scene.ui).count(after: left), new > 0 {
      parts.append("\(new) since you left")
    }
    return parts.joined(separator: " · ")
  }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    if ui.showsRawLogs {
      let list = LogList(run, ui)
      return list.indices.map { PaneItem(id: list.serial($0), instant: list.lines[$0].at, text: list.lines[$0].value.text) }
    }
    let list = EventList(run, ui)
    return (0..<list.count).map { PaneItem(id: list[$0].serial, instant: list[$0].at, text: list[$0].text) }
  }

  static func filters(_ ui: MonitorState) -> Bool { true }

  static func copied(_ item: PaneItem, _ run: RunState, _ ui: MonitorState) -> String {
    let time = item.instant.map { run.clock($0, isUTC: ui.usesUTC, digits: 3) + " " } ?? ""
    if ui.showsRawLogs { return "\(time)\(LogList(run, ui).service.map { "\($0): " } ?? "")\(item.text)" }
    guard let row = run.rows.first(where: { $0.serial == item.id }) else { return time + item.text }
    return "\(time)#\(row.number) \(row.severity.rawValue) \(row.category.rawValue) \(row.service): \(row.text)"
  }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    guard scene.ui.showsRawLogs else { return scene.run.rows.first { $0.serial == item.id }.map { RowDetail($0, scene) } }
    let list = LogList(scene.run, scene.ui)
    guard let index = list.indices.first(where: { list.serial($0) == item.id }) else { return nil }
    let line = list.lines[index]
    var detail = RowDetail("log line of \(list.service?.text ?? "a service")", at: line.at)
    detail.add("level", line.value.level?.rawValue)
    detail.add(time: line.at, scene, label: "read at")
    if let reported = line.value.reportedAt { detail.add("it says", "\(Format.timeOfDay(reported.epochSeconds, digits: 3)) UTC") }
    detail.add(
      "contract", line.value.isMatched ? "knows it" : line.value.isExpected ? "expects it of healthy services" : "does not know it")
    detail.raw = [line.value.text]
    return detail
  }

  static func demand(_ scene: Scene, width: Int) -> PaneDemand { PaneDemand(rows: 12) }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    if p.scene.ui.showsRawLogs { drawLogs(&p, rect) } else { drawEvents(&p, rect) }
  }

  static func short(_ category: EventRow.Category) -> String {
    switch category {
    case .backpressure: "pressure"
    case .reconnect: "reconnect"
    case .publisher: "publish"
    case .breaker, .fragment, .segment, .service, .fault, .sync, .source, .mark, .finding, .run: category.rawValue
    }
  }

  /// The sentence of a row, with the service where the words alone do not name it.
  static func sentence(_ row: EventRow) -> String {
    switch row.category {
    case .service, .source: "\(row.service.text): \(row.text)"
    case .breaker, .backpressure, .reconnect, .fragment, .segment, .fault, .sync, .publisher, .mark, .finding, .run: row.text
    }
  }

  private static func whyEmpty(_ scene: Scene) -> String {
    if scene.run.rows.isEmpty { return "nothing has happened yet" }
    let gravity = scene.ui.gravity
    let grave = gravity == .none ? "" : "; shown: \(gravity.words), \(scene.ui.bindings.text(for: .gravity)) for others"
    return scene.ui.filter.isEmpty ? "no such event\(grave)" : "no row contains \"\(scene.ui.filter)\"\(grave)"
  }

  private static func drawEvents(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let list = EventList(scene.run, scene.ui)
    guard list.count > 0 else {
      p.line(rect, 0, [scene.span(whyEmpty(scene), .dim)])
      return
    }
    let selected = scene.ui.selection[.events].flatMap { list.position(ofSerial: $0) }
    let isNarrow = rect.width < 60
    let needle = scene.ui.search.isEmpty ? nil : Needle(scene.ui.search)
    // As wide as the newest number, so that the columns stand still while the list scrolls.
    let numberWidth = isNarrow ? 0 : "#\(scene.run.newest.sequence)".utf8.count + (scene.run.verdict.isJudged ? 2 : 0)
    let digits = isNarrow ? 0 : 3
    let indent = (isNarrow ? 9 : 14 + numberWidth) + 12
    p.list(
      rect, count: list.count, selected: selected, indent: indent, meaning: { .row(.events, item: list[$0].serial, at: list[$0].at) },
      spans: { index in
        let row = list[index]
        let time = scene.clock(row.at, digits: digits)
        var role = scene.role(row.severity)
        if row.isInferred { role = .dim }
        if let needle, needle.isIn(row.text) { role = .match }
        let isNew = scene.ui.leftAt.map { row.at > $0 } ?? false
        return [
          scene.span(isNarrow ? "\(time) " : "\(time) \(pad("#\(row.number)", width: numberWidth)) ", isNew ? .mark : .dim),
          scene.glyph(row.severity),
          scene.span(" \(pad(short(row.category), width: 9)) ", .label),
          scene.span(dropColumns(sentence(row), scene.ui.sideways), role),
        ]
      })
  }

  private static func drawLogs(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let list = LogList(scene.run, scene.ui)
    let tabs = scene.run.logTabs
    guard !tabs.isEmpty else {
      p.line(rect, 0, [scene.span("no service's log is followed", .dim)])
      return
    }
    var head: [Span] = []
    for tab in tabs {
      head += [scene.span(" \(tab.text) ", tab == list.service ? .selection : .dim), Span(" ")]
    }
    let total = list.lines.total
    p.line(rect, 0, head, right: [scene.span("\(total) lines", .dim)])
    let body = rect.inset(top: 1)
    let selected = scene.ui.selection[.events].flatMap { list.position(ofSerial: $0) }
    let needle = scene.ui.search.isEmpty ? nil : Needle(scene.ui.search)
    // The time of day beside whatever the line itself says.
    let showsTime = body.width >= 60
    p.list(
      body, count: list.indices.count, selected: selected, indent: showsTime ? 13 : 2,
      meaning: { position in
        let index = list.indices[position]
        return .row(.events, item: list.serial(index), at: list.lines[index].at)
      },
      spans: { position in
        let timed = list.lines[list.indices[position]]
        let line = timed.value
        var role: Role
        switch line.level {
        case .error, .critical: role = .bad
        case .warning: role = .warning
        case .debug: role = .dim
        case .info, nil: role = line.isMatched ? .text : .dim
        }
        // The contract knows it from healthy services: its level alone is no alarm.
        if line.isExpected { role = .dim }
        if let needle, needle.isIn(line.text) { role = .match }
        let text = scene.span(dropColumns(line.text, scene.ui.sideways), role)
        return showsTime ? [scene.span("\(scene.clock(timed.at, digits: 3)) ", .dim), text] : [text]
      })
  }
}
