import Events
import RunModel
import TerminalCanvas
import WireFormats

/// The paths of a media server.
extension ServicesPane {
  /// Its paths, those that are not as they should be first: they are the last to be cut.
  static func paths(of service: ServiceName, _ scene: Scene) -> [PathTrack] {
    let paths = scene.run.paths.filter { $0.service == service }
    return paths.filter { !isWell($0) } + paths.filter(isWell)
  }

  private static func isWell(_ track: PathTrack) -> Bool { track.isListed && track.path.isReady && track.silentSeconds == nil }

  /// In the place of the last path that there is room for, how many there are from it on and how many of them are not ready.
  static func countingPaths(_ shown: [Line], of lines: [Line], _ scene: Scene) -> [Line] {
    var shown = shown
    for service in Set(shown.map(\.service)) {
      let all = lines.filter { $0.service == service && $0.path != nil }
      let count = shown.count { $0.service == service && $0.path != nil }
      guard count > 0, count < all.count, let last = shown.lastIndex(where: { $0.service == service && $0.path != nil }) else { continue }
      let rest = all[(count - 1)...].compactMap(\.path)
      let bad = rest.count { !isWell($0) }
      if count == 1, bad == 0 {
        shown[last].others = rest.count - 1
        continue
      }
      shown[last].more = [
        scene.span("+\(rest.count) paths: ", .label),
        bad > 0 ? scene.span("\(bad) not ready, \(rest.count - bad) ready", .warning) : scene.span("all ready", .dim),
      ]
    }
    return shown
  }

  static func path(_ p: inout Painter, _ rect: Rect, _ row: Int, _ track: PathTrack, others: Int) {
    let scene = p.scene
    let isReady = isWell(track)
    let word = !track.isListed ? "gone" : track.silentSeconds == nil ? track.path.standing + (others > 0 ? " +\(others)" : "") : "no bytes"
    let age = scene.now.seconds(since: track.at)
    let isStale = age > scene.run.staleLimit(.mediaServer, track.service)
    let rate = isStale ? "\(Format.wholeAge(age)) old" : track.bitRate.map(Format.bitRate) ?? String(scene.glyphs.dash)
    let right = scene.span(pad(rate, width: 9, alignment: .right), isStale ? .warning : .text)
    // A name in full is worth more than a sparkline.
    let longest = scene.run.paths.map { displayWidth($0.path.name) }.max() ?? 0
    let nameWidth = max(6, min(max(longest, rect.width - 24), 24, rect.width - 13 - displayWidth(word)))
    let left = [
      Span("  "), scene.span(pad(track.path.name, width: nameWidth, ellipsis: scene.glyphs.ellipsis), .dim), Span(" "),
      // Once nothing more is to come it may go.
      scene.span(word, isReady ? .good : scene.run.outputOverSince != nil ? .dim : .warning),
    ]
    p.line(rect, row, left, right: [right])
    let start = rect.x + 2 + nameWidth + 1 + displayWidth(word) + 1
    let end = rect.maxX - 10
    if end - start >= 4 {
      p.spark(x: start, y: rect.row(row).y, width: min(24, end - start)) { run in
        run.paths.first { $0.service == track.service && $0.path.name == track.path.name }?.bitRates
      }
    }
  }
}
