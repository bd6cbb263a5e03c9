import Events
import RunModel
import TerminalCanvas
import WireFormats

/// What lies over the panes: help, faults, a question.
enum Overlays {
  static func draw(_ p: inout Painter, _ body: Rect) {
    switch p.scene.ui.overlay {
    case .none: break
    case .detail: DetailOverlay.draw(&p, body)
    case .help: HelpOverlay.draw(&p, body)
    case .faults: faults(&p, body)
    case .palette: palette(&p, body)
    case .confirmQuit:
      let inner = box(&p, body, "Quit?", width: 52, rows: 2)
      p.line(inner, 0, [p.scene.span("the environment is running and ends with dubwatch")])
      p.line(inner, 1, [p.scene.span("y", .key), p.scene.span(" quit   "), p.scene.span("any other key", .key), p.scene.span(" go on")])
      p.hits.append(HitRegion(rect: Rect(x: inner.x, y: inner.y + 1, width: min(6, inner.width), height: 1), meaning: .answer(true)))
      p.hits.append(HitRegion(rect: inner.row(1).inset(left: 8), meaning: .answer(false)))
    }
  }

  static func box(_ p: inout Painter, _ body: Rect, _ title: String, width: Int, rows: Int) -> Rect {
    let scene = p.scene
    let width = min(body.width, width + 4)
    let height = min(body.height, rows + 2)
    let rect = Rect(x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width: width, height: height)
    p.canvas.fill(rect, with: .blank(scene.style(.text)))
    p.hits.append(HitRegion(rect: rect, meaning: .overlay))
    let styles = Box.Styles(border: scene.style(.focusBorder), title: scene.style(.title))
    return Box(title: title, isFocused: true, glyphs: scene.glyphs, styles: styles).draw(on: &p.canvas, in: rect).inset(left: 1, right: 1)
  }

  /// The part of so many lines that shows in a box: which is the first, and what rectangle each may fill. Says how many are below it, and
  /// how far it scrolls.
  static func scrolled(_ p: inout Painter, _ inner: Rect, _ count: Int) -> (top: Int, lines: [Rect]) {
    let end = max(0, count - inner.height)
    let top = min(max(0, p.scene.ui.overlayIndex), end)
    p.overlayEnd = end
    var lines = (0..<min(inner.height, count)).map(inner.row)
    guard let last = lines.indices.last else { return (top, []) }
    let below = end - top
    let key = p.scene.ui.bindings.keys[.move(rows: 1)]?.first.map { ", \(KeyText.text($0)) scrolls" } ?? ""
    lines[last] = p.more(inner, last, below, word: "\(below == 1 ? "line" : "lines")\(key)")
    return (top, lines)
  }

  private static func faults(_ p: inout Painter, _ body: Rect) {
    let scene = p.scene
    let faults = scene.run.description?.faults ?? []
    let inner = box(&p, body, "Inject a fault · enter injects, esc closes", width: 88, rows: max(1, faults.count))
    guard !faults.isEmpty else {
      p.line(inner, 0, [scene.span("no fault can be injected into this environment", .dim)])
      return
    }
    let window = ListWindow(count: faults.count, height: inner.height, selection: scene.ui.overlayIndex)
    for (row, index) in window.range.enumerated() {
      let fault = faults[index]
      if let reason = fault.unavailableReason {
        p.line(inner, row, [scene.span("\(scene.glyphs.dash) \(fault.title)", .dim), scene.span("  not available: \(reason)", .dim)])
      } else {
        p.line(inner, row, [scene.span("\(scene.glyphs == .unicode ? "▸" : ">") ", .key), scene.span(fault.title)])
      }
      p.hits.append(HitRegion(rect: inner.row(row), meaning: .overlayRow(index)))
      if index == scene.ui.overlayIndex { p.select(inner, row) }
    }
  }

  /// Every command whose words are typed.
  private static func palette(_ p: inout Painter, _ body: Rect) {
    let scene = p.scene
    let commands = scene.ui.foundCommands
    // As high as all of them: it stands still while words are typed.
    let all = scene.ui.bindings.commands.count - 1
    let inner = box(&p, body, "Choose a command · type its words, enter does it, esc closes", width: 104, rows: all)
    guard !commands.isEmpty else {
      p.line(inner, 0, [scene.span("no command has these words", .dim)])
      return
    }
    let window = ListWindow(count: commands.count, height: inner.height, selection: scene.ui.overlayIndex)
    let last = p.more(inner, inner.height - 1, commands.count - window.range.count)
    for (row, index) in window.range.enumerated() {
      let command = commands[index]
      let keys = pad(scene.ui.bindings.text(for: command.action), width: 18)
      let line = row == inner.height - 1 ? last : inner.row(row)
      p.line(line, 0, [scene.span(pad(command.name, width: 18), .title), scene.span(keys, .key), scene.span(command.help)])
      p.hits.append(HitRegion(rect: inner.row(row), meaning: .overlayRow(index)))
      if index == scene.ui.overlayIndex { p.select(inner, row) }
    }
  }
}
