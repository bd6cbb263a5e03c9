import MediaSync
import RunModel
import TerminalCanvas

/// What is really heard: a letter or a box a segment, and how many of them are dubbed.
extension SyncPane {
  /// How many segments have a cell: as many as have a box above them.
  private static let cells = 10

  /// "heard    ■■■oo■■■r■ 8 of 10 dubbed, 2 original".
  static func heardLine(_ track: StreamTrack, _ scene: Scene) -> [Span] {
    let shown = track.heard.suffix(cells).map { cell($0.value, scene) }
    let rest = String(repeating: " ", count: cells - shown.count)
    let count = HeardCount(track.heard.map(\.value))
    let isBad = count.lost + count.repeated + count.swapped > 0
    return [scene.span("heard    ", .label)] + shown + [Span(rest), scene.span(" \(count.words)", isBad ? .bad : .text)]
      + delaySpans(track, scene)
  }

  /// "  delay 15.2 s, +3 ms/min": from input to output; nothing where it is not known.
  private static func delaySpans(_ track: StreamTrack, _ scene: Scene) -> [Span] {
    guard let course = track.delayCourse else { return [] }
    return [scene.span("  delay ", .label), scene.span(course.words, course.isLagging ? .bad : .text)]
  }

  private static func cell(_ segment: HeardSegment, _ scene: Scene) -> Span {
    switch segment.place {
    case .repeated: return scene.span("r", .bad)
    case .swapped: return scene.span("x", .bad)
    case .own, .missing, .unknown: break
    }
    if segment.isLost { return scene.span("l", .bad) }
    return switch segment.voice {
    case .dubbed: scene.span(String(scene.glyphs.filledBox), .good)
    case .original: scene.span("o", .warning)
    case .mixed: scene.span("m", .warning)
    case .silent: scene.span("s", .warning)
    case .unknown: scene.span("?", .dim)
    }
  }
}
