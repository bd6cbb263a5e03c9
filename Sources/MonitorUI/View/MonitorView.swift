import RunModel
import TerminalCanvas

/// Draws a frame. Pure and total: the same values give the same frame, and no value makes it trap.
package enum MonitorView {
  /// A frame's picture.
  /// - Parameters:
  ///   - run: the run at the moment shown.
  ///   - ui: what the user looks at.
  ///   - size: the size of the screen.
  ///   - glyphs: the characters to draw with.
  ///   - ahead: the run as it is by now, while `run` is an earlier moment of it: axes draw it right of the time cursor. Nil while live.
  package static func render(
    run: RunState, ui: MonitorState, size: Size, glyphs: GlyphSet = .unicode, ahead: RunState? = nil
  ) -> Canvas {
    frame(run: run, ui: ui, size: size, glyphs: glyphs, ahead: ahead).canvas
  }

  /// A frame's picture and what its parts mean to the mouse.
  package static func frame(
    run: RunState, ui: MonitorState, size: Size, glyphs: GlyphSet = .unicode, ahead: RunState? = nil
  ) -> Frame {
    let scene = Scene(run: run, ui: ui, glyphs: glyphs, screenWidth: size.width, ahead: ahead)
    // A recording has a line of its own below the others.
    let hasSeekBar = ui.transport != nil && size.height > ScreenLayout.smallest.height && size.width >= ScreenLayout.smallest.width
    let whole = size
    let size = Size(width: size.width, height: size.height - (hasSeekBar ? 1 : 0))
    let layout = ScreenLayout(
      size, focus: ui.focus, isZoomed: ui.isZoomed, demands: demands(scene, size), choice: ui.layout,
      lead: run.verdict.isJudged ? .verdict : nil, watched: StoryLine.watched(run), storyRows: StoryLine.rows(scene, size))
    var painter = Painter(canvas: Canvas(size: whole), scene: scene)
    if let line = layout.plainLine {
      plain(&painter, line)
    } else {
      TitleBar.draw(&painter, layout.titleBar, showsVerdict: layout.panes.contains { $0.pane == .verdict })
      StoryLine.draw(&painter, layout.storyBar)
      for placement in layout.panes { pane(&painter, placement) }
      Overlays.draw(&painter, Rect(x: 0, y: 1, width: size.width, height: size.height - 2))
      KeyBar.draw(&painter, layout.keyBar)
      if hasSeekBar { SeekBar.draw(&painter, Rect(whole).row(whole.height - 1)) }
    }
    painter.canvas.limit(to: glyphs)
    return Frame(canvas: painter.canvas, hits: painter.hits, layout: layout, overlayEnd: painter.overlayEnd)
  }

  /// How much each pane has to say, as wide as the screen.
  private static func demands(_ scene: Scene, _ size: Size) -> [Pane: PaneDemand] {
    var demands: [Pane: PaneDemand] = [:]
    for view in Panes.all { demands[view.pane] = view.demand(scene, width: max(0, size.width - 4)) }
    return demands
  }

  /// What is left on a screen too small for a pane: state, verdict and size.
  private static func plain(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let counts = VerdictPane.counts(scene)
    let wrong = scene.alarms.count
    let verdict = counts.isEmpty ? wrong == 0 ? "unjudged" : "\(wrong) wrong" : counts.map(\.text).joined()
    if scene.ui.overlay == .confirmQuit {
      let keys = scene.ui.bindings.keys[.quit]?.first.map(KeyText.text) ?? "y"
      return p.line(rect, 0, [scene.span("Quit? \(keys) again quits", .warning)])
    }
    let needed = rect.width >= 46 ? " (needs \(ScreenLayout.smallest))" : ""
    p.line(rect, 0, TitleBar.standing(scene) + [scene.span(" \(verdict) \(p.canvas.size)\(needed)", .dim)])
  }

  /// What a pane is called; what tells of one worker or stream of several says which.
  private static func title(of view: any PaneView.Type, _ scene: Scene, _ rect: Rect) -> String {
    let title = view.title(scene, rect)
    guard view.isOfWorker, scene.run.workerLanes.count > 1 else { return title }
    return "\(title) of \(scene.run.shownLane)"
  }

  private static func pane(_ p: inout Painter, _ placement: ScreenLayout.Placement) {
    let scene = p.scene
    let pane = placement.pane
    guard let view = Panes[pane] else { return }
    let isFocused = scene.ui.focus == pane
    // What has just changed lights up.
    let isNew = scene.isNews(view.changedAt(scene.run))
    let border = scene.style(isNew ? .mark : isFocused ? .focusBorder : .border)
    let titleStyle = isNew ? scene.style(.mark).adding(.reverse) : scene.style(.title)
    let styles = Box.Styles(border: border, title: titleStyle, key: scene.style(.key), right: scene.style(.warning))
    let box = Box(
      number: pane.number, title: title(of: view, scene, placement.rect), right: view.note(scene), isFocused: isFocused,
      glyphs: scene.glyphs, styles: styles)
    let inner = box.draw(on: &p.canvas, in: placement.rect).inset(left: 1, right: placement.rect.width > 36 ? 1 : 0)
    let top = placement.rect.row(0)
    p.hits.append(HitRegion(rect: top, meaning: .command(isFocused ? .zoom : .focus(pane))))
    if !inner.isEmpty { view.draw(&p, inner) }
  }
}
