import HarnessModel
import TerminalCanvas

/// Pane 8: keeps the place of the verdict. Until a run is judged it lists what is not as it should be, as findings.
enum VerdictPane {
  static func title(_ scene: Scene) -> String {
    let count = scene.run.findings.count
    return "Verdict · not judged · \(count == 0 ? "no findings" : count == 1 ? "1 finding" : "\(count) findings")"
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let findings = scene.run.findings.values.sorted { ($0.at, $0.value.id) < ($1.at, $1.value.id) }
    let comes = "expectations are judged with `dubwatch run`; a live view judges nothing"
    guard !findings.isEmpty else {
      p.line(rect, 0, [scene.span(comes, .dim)])
      p.line(rect, 1, [scene.span("no finding holds now", .dim)])
      return
    }
    let selected = scene.ui.focus == .verdict ? scene.ui.selection[.verdict] : nil
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
