import Events
import TerminalCanvas

/// A rendered frame and what its parts mean to the mouse.
package struct Frame: Sendable {
  /// What shows.
  package var canvas: Canvas
  /// Clickable parts; later ones lie over earlier ones.
  package var hits: [HitRegion] = []
  /// Where everything is.
  package var layout: ScreenLayout
  /// How many lines what lies over the panes can be scrolled down; nil where nothing lies there that scrolls.
  package var overlayEnd: Int?

  /// What a mouse event means; nil for nothing.
  package func action(for event: MouseEvent) -> MonitorAction? {
    if let overlay = hits.last(where: { $0.meaning == .overlay }) { return action(for: event, over: overlay.rect) }
    if let moment = seek(event) { return .goTo(moment) }
    let isPress = event.kind == .press && (event.button == .left || event.button == .none)
    if isPress, case .command(let command) = hit(event.point)?.meaning { return .command(command) }
    guard let pane = layout.pane(at: event.point) else { return nil }
    switch event.kind {
    case .scrollUp: return .scroll(pane, rows: -3)
    case .scrollDown: return .scroll(pane, rows: 3)
    case .press where event.button == .left || event.button == .none:
      guard let hit = hit(event.point) else { return .focus(pane) }
      switch hit.meaning {
      case .row(let pane, let item, let instant): return .select(pane, item: item, at: instant)
      case .axis(let axis): return .point(pane, at: RunInstant(seconds: axis.time(ofColumn: event.point.x - hit.rect.x)))
      case .order(let order): return .sortSeries(order)
      case .overlay, .overlayRow, .answer, .seek, .command: return nil
      }
    case .drag:
      // Who draws the mouse over an axis goes through its time.
      guard case .axis(let axis)? = hit(event.point)?.meaning, let rect = hit(event.point)?.rect else { return nil }
      return .point(pane, at: RunInstant(seconds: axis.time(ofColumn: event.point.x - rect.x)))
    case .press, .release: return nil
    }
  }

  /// The same while something lies over the panes: nothing below it is hit.
  private func action(for event: MouseEvent, over box: Rect) -> MonitorAction? {
    switch event.kind {
    case .scrollUp: .command(.move(rows: -3))
    case .scrollDown: .command(.move(rows: 3))
    case .press where event.button == .left || event.button == .none: box.contains(event.point) ? overlayAction(event.point) : .closeOverlay
    case .press, .release, .drag: nil
    }
  }

  private func hit(_ point: Point) -> HitRegion? { hits.last { $0.rect.contains(point) } }

  /// What a click on a line of what lies over the panes means; nil for nothing.
  private func overlayAction(_ point: Point) -> MonitorAction? {
    switch hit(point)?.meaning {
    case .overlayRow(let row): .pressOverlay(row)
    case .answer(let yes): .answer(yes)
    case .overlay, .row, .axis, .command, .order, .seek, nil: nil
    }
  }

  /// The moment of a recording that is clicked or dragged to.
  private func seek(_ event: MouseEvent) -> RunInstant? {
    switch event.kind {
    case .press, .drag: break
    case .release, .scrollUp, .scrollDown: return nil
    }
    for hit in hits where hit.rect.contains(event.point) {
      if case .seek(let axis) = hit.meaning { return RunInstant(seconds: axis.time(ofColumn: event.point.x - hit.rect.x)) }
    }
    return nil
  }
}
