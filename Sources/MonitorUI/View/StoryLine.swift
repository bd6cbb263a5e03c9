import Events
import RunModel
import TerminalCanvas

/// The line below the title of a run that tells a story: what happens, which pane to watch, what should follow; at its end the sum.
enum StoryLine {
  /// How many lines it takes on a screen: as many as the longest act fills, at most two, so that it never changes its height; none where
  /// there is no story, or hardly room for a pane.
  static func rows(_ scene: Scene, _ size: Size) -> Int {
    guard let acts = scene.run.description?.acts, !acts.isEmpty, size.height >= 15, size.width >= 40 else { return 0 }
    guard size.height >= 30 else { return 1 }
    let lines = acts.indices.map { spans($0 + 1, acts[$0], scene).wrapped(width: size.width - 2).count }
    return min(2, lines.max() ?? 1)
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    guard !rect.isEmpty else { return }
    let words = self.words(scene)
    let lines = words.wrapped(width: rect.width - 2)
    let line = rect.inset(left: 1, right: 1)
    for row in 0..<rect.height where lines.indices.contains(row) {
      // What there are no more lines for ends in an ellipsis.
      let rest = row == rect.height - 1 && lines.count > rect.height ? [Span(" ")] + lines[row + 1] : []
      p.line(line, row, lines[row] + rest)
    }
    if let pane = watched(scene.run) { p.hits.append(HitRegion(rect: rect, meaning: .command(.focus(pane)))) }
  }

  private static func words(_ scene: Scene) -> [Span] {
    let run = scene.run
    if let failure = run.environmentFailure, run.ended != nil { return [scene.span("it came to nothing: \(failure)", .bad)] }
    if run.ended != nil {
      return [scene.span("The end", .title), scene.span(": \(RunSum(run).sentence)")]
    }
    guard let (number, act) = run.act else {
      return [scene.span("waiting for the pipeline: its time does not run yet", .dim)]
    }
    return spans(number, act, scene)
  }

  private static func spans(_ number: Int, _ act: StoryAct, _ scene: Scene) -> [Span] {
    let count = scene.run.description?.acts?.count ?? 0
    var spans = [scene.span("Act \(number) of \(count)", .title)]
    // Before what is cut where there is little room.
    if let pane = pane(act), let view = Panes[pane] {
      spans += [scene.span(", "), scene.span("watch \(pane.number) \(view.words)", .key)]
    }
    return spans + [scene.span(": \(act.words); \(act.expected(speed: scene.run.speed))")]
  }

  /// The pane to watch now; nil without a story, and where none is of that name.
  static func watched(_ run: RunState) -> Pane? { run.act.flatMap { pane($0.act) } }

  private static func pane(_ act: StoryAct) -> Pane? { Pane.allCases.first { $0.name == act.pane } }
}
