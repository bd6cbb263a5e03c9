import Events
import TerminalCanvas

/// The last line of a recording's screen: where its moment lies in all of it, its faults and its violations.
enum SeekBar {
  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    guard let transport = scene.ui.transport, rect.width >= 20 else { return }
    let end = max(scene.ui.liveNow.seconds, 0.001)
    let shown = scene.ui.shownInstant.seconds
    let state = transport.isPlaying ? ">" : scene.glyphs == .unicode ? "‖" : "="
    let times = "\(Format.elapsed(shown)) / \(Format.elapsed(end))"
    let speed = transport.speed == 1 ? "" : " \(Format.number(transport.speed))x"
    let left = [scene.span(" \(state) ", .key), scene.span("\(times)\(speed) ")]
    let width = left.reduce(0) { $0 + $1.text.count }
    p.line(rect, 0, left)
    let bar = Rect(x: rect.x + width, y: rect.y, width: max(0, rect.width - width - 1), height: 1)
    guard bar.width >= 8 else { return }
    let axis = TimeAxis(start: 0, end: end, columns: bar.width)
    func column(_ instant: RunInstant) -> Int { min(max(0, Int(instant.seconds / end * Double(bar.width - 1))), bar.width - 1) }
    let rail = scene.glyphs == .unicode ? "─" : "-"
    let band = scene.glyphs == .unicode ? "▒" : "#"
    p.canvas.put([scene.span(String(repeating: rail, count: bar.width), .dim)], x: bar.x, y: bar.y, maxWidth: bar.width)
    for fault in transport.landmarks.bands {
      let from = column(fault.from)
      let length = column(fault.to ?? scene.ui.liveNow) - from + 1
      p.canvas.put(
        [scene.span(String(repeating: band, count: max(1, length)), .warning)], x: bar.x + from, y: bar.y, maxWidth: bar.width - from)
    }
    for violation in transport.landmarks.violations {
      p.canvas.put([scene.span(String(scene.glyphs.bad), .bad)], x: bar.x + column(violation), y: bar.y, maxWidth: 1)
    }
    p.canvas.put(
      [scene.span(scene.glyphs == .unicode ? "█" : "|", .title)], x: bar.x + column(scene.ui.shownInstant), y: bar.y, maxWidth: 1)
    p.hits.append(HitRegion(rect: bar, meaning: .seek(axis)))
  }
}
