import TerminalCanvas
import WireFormats

/// A row opened whole, over the panes.
enum DetailOverlay {
  static func draw(_ p: inout Painter, _ body: Rect) {
    let scene = p.scene
    guard let view = Panes[scene.ui.focus] else { return }
    let item = scene.ui.selectedItem(scene.run)
    let width = min(body.width, 116) - 4
    let detail = item.flatMap { view.detail($0, scene) }
    let lines = detail?.lines(scene, width: width) ?? [[scene.span("this row is no longer there", .dim)]]
    let enter = detail?.instant == nil ? "closes" : "goes to its time"
    let title = "\(detail?.title ?? "row") · \(key(.enter, scene)) \(enter), \(key(.back, scene)) closes"
    let inner = Overlays.box(&p, body, title, width: width, rows: lines.count)
    let (top, rows) = Overlays.scrolled(&p, inner, lines.count)
    for (spans, row) in zip(lines.dropFirst(top), rows) { p.line(row, 0, spans) }
  }

  private static func key(_ action: Command.Action, _ scene: Scene) -> String {
    scene.ui.bindings.keys[action]?.first.map(KeyText.text) ?? "?"
  }
}
