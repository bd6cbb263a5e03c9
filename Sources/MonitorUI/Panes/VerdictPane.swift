import Events
import RunModel
import TerminalCanvas

extension Pane {
  /// Every expectation, and how it stands.
  package static let verdict = Pane("verdict")
}

/// Every expectation as met, violated, pending or unobservable, live; Enter on one shows what it rests on. A run that is not judged
/// lists what is not as it should be, as findings.
enum VerdictPane: PaneView {
  static let pane = Pane.verdict
  static let words = "Verdict"
  static let place = PanePlace(
    large: .init(strip: 3, column: 0, width: .init(least: 80), height: .init(least: 4, weight: 0)),
    medium: .init(strip: 3, column: 0, width: .init(least: 80), height: .init(least: 4, weight: 3)), rank: 8)

  /// How an expectation stands, as pane, title bar and plain lines show it.
  static func glyph(_ standing: Verdict.Standing, _ scene: Scene) -> Span {
    switch standing {
    case .met: scene.span(String(scene.glyphs.check), .good)
    case .violated: scene.span(String(scene.glyphs.bad), .bad)
    case .pending: scene.span(String(scene.glyphs.pending), .dim)
    case .unobservable: scene.span(String(scene.glyphs.unknown), .warning)
    }
  }

  static func title(_ scene: Scene, _ rect: Rect) -> String {
    let verdict = scene.run.verdict
    guard verdict.isJudged else {
      let count = scene.run.findings.count
      return "\(words) · not judged · \(count == 0 ? "no findings" : count == 1 ? "1 finding" : "\(count) findings")"
    }
    let counts = verdict.counts
    let parts = [
      (counts.met, "met"), (counts.violated, "violated"), (counts.pending, "pending"), (counts.unobservable, "unobservable"),
    ]
    return "\(words) · " + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " · ")
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

  /// An expectation's evidence comes first, and its moment after it.
  static func opensItems(of run: RunState) -> Bool { run.verdict.isJudged }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    guard run.verdict.isJudged else {
      return findings(run).enumerated().map { PaneItem(id: $0, instant: $1.at, text: $1.value.text) }
    }
    return VerdictRow.all(run, ui).map { PaneItem(id: $0.id, instant: $0.instant, text: $0.text) }
  }

  /// The findings in the order they are shown: by time.
  private static func findings(_ run: RunState) -> [Timed<Finding>] {
    run.findings.values.sorted { ($0.at, $0.value.id) < ($1.at, $1.value.id) }
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    guard p.scene.run.verdict.isJudged else { return drawFindings(&p, rect) }
    let rows = VerdictRow.all(p.scene.run, p.scene.ui)
    let isOpened = isZoomed(p.scene.ui)
    // Side by side as long as nothing is looked at closely: the eye wants all of them at once.
    let columns = isOpened || rect.width < 80 ? 1 : min(3, max(1, rect.width / 40))
    if columns > 1 { drawColumns(&p, rect, rows, columns) } else { drawList(&p, rect, rows) }
  }

  private static func drawColumns(_ p: inout Painter, _ rect: Rect, _ rows: [VerdictRow], _ columns: Int) {
    let scene = p.scene
    let selected = selection(scene.ui)
    let lines = (rows.count + columns - 1) / columns
    let position = selected.flatMap { id in rows.firstIndex { $0.id == id } }
    let window = ListWindow(count: lines, height: rect.height, selection: position.map { $0 / columns })
    let width = rect.width / columns
    for (line, index) in window.range.enumerated() {
      for column in 0..<columns {
        let item = index * columns + column
        guard rows.indices.contains(item) else { break }
        let cell = Rect(x: rect.x + column * width, y: rect.y + line, width: width - (column == columns - 1 ? 0 : 2), height: 1)
        draw(rows[item], &p, cell, isSelected: selected == rows[item].id)
      }
    }
  }

  private static func drawList(_ p: inout Painter, _ rect: Rect, _ rows: [VerdictRow]) {
    let selected = selection(p.scene.ui)
    let window = ListWindow(
      count: rows.count, height: rect.height, selection: selected.flatMap { id in rows.firstIndex { $0.id == id } })
    for (line, index) in window.range.enumerated() {
      draw(rows[index], &p, rect.row(line), isSelected: selected == rows[index].id)
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
      if standing == .violated || standing == .unobservable || scene.ui.isZoomed {
        spans.append(scene.span(": \(entry.verdict.reason)", standing == .violated ? .bad : .dim))
      }
      if scene.ui.isZoomed, let number = entry.verdict.decision { spans.append(scene.span("  #\(number)", .dim)) }
      p.line(rect, 0, spans)
    case .evidence(let evidence):
      p.line(
        rect, 0, [scene.span("    \(scene.clock(evidence.at, digits: 3)) #\(evidence.sequence) ", .dim), scene.span(evidence.text)])
    case .omitted(let count): p.line(rect, 0, [scene.span("    \(scene.glyphs.ellipsis) \(count) more in between", .dim)])
    }
    p.hits.append(HitRegion(rect: rect, meaning: .row(.verdict, item: row.id, at: row.instant)))
    if isSelected { p.select(rect, 0) }
  }

  private static func drawFindings(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let findings = findings(scene.run)
    let comes = "expectations are judged with `dubwatch run`; a live view judges nothing"
    guard !findings.isEmpty else {
      p.line(rect, 0, [scene.span(comes, .dim)])
      p.line(rect, 1, [scene.span("no finding holds now", .dim)])
      return
    }
    let selected = selection(scene.ui)
    let window = ListWindow(count: findings.count, height: rect.height, selection: selected)
    for (row, index) in window.range.enumerated() {
      let finding = findings[index]
      p.line(
        rect, row,
        [
          scene.span("\(scene.glyphs.warning) ", .warning), scene.span("\(scene.clock(finding.at)) ", .dim),
          scene.span(finding.value.text, .warning),
        ])
      p.hits.append(HitRegion(rect: rect.row(row), meaning: .row(.verdict, item: index, at: finding.at)))
      if selected == index { p.select(rect, row) }
    }
    if window.range.count < rect.height { p.line(rect, rect.height - 1, [scene.span(comes, .dim)]) }
  }
}

/// One row of the pane: an expectation, or under it what it rests on.
struct VerdictRow {
  enum Content {
    case entry(VerdictEntry)
    case evidence(Evidence)
    case omitted(Int)
  }

  /// Its number in the selection: the same for an expectation whether its evidence shows or not.
  let id: Int
  let content: Content
  /// The moment it points to: the evidence's, for an expectation that of its last evidence or of its decision.
  let instant: RunInstant?
  /// What is copied and searched; not escaped.
  let text: String

  /// The rows in the order shown: the zoomed pane shows the evidence under each expectation.
  static func all(_ run: RunState, _ ui: MonitorState) -> [VerdictRow] {
    let isOpened = VerdictPane.isZoomed(ui)
    return run.verdict.entries.enumerated().flatMap { index, entry -> [VerdictRow] in
      let verdict = entry.verdict
      let first = index * Self.rowsPerEntry
      let text = "\(verdict.standing.rawValue): \(entry.expectation.title): \(verdict.reason)"
      var rows = [VerdictRow(id: first, content: .entry(entry), instant: verdict.evidence.last?.at ?? verdict.decidedAt, text: text)]
      guard isOpened else { return rows }
      for (place, evidence) in verdict.evidence.enumerated() {
        if verdict.omittedEvidence > 0, place == verdict.evidence.count / 2 {
          rows.append(VerdictRow(id: first + rows.count, content: .omitted(verdict.omittedEvidence), instant: nil, text: ""))
        }
        rows.append(VerdictRow(id: first + rows.count, content: .evidence(evidence), instant: evidence.at, text: evidence.text))
      }
      return rows
    }
  }

  /// More than the rows that one expectation can have.
  private static let rowsPerEntry = 64
}
