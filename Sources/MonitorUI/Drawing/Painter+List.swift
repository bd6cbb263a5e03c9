import TerminalCanvas
import WireFormats

extension Painter {
  /// Draws a list that follows its end unless a row is selected, and remembers what a click on each row means.
  /// - Parameters:
  ///   - indent: columns that lines after the first of a row stand in, where rows go on in the next line.
  ///   - spans: a row; asked for those alone that show.
  mutating func list(
    _ rect: Rect, count: Int, selected: Int?, indent: Int, meaning: (Int) -> HitRegion.Meaning, spans: (Int) -> [Span]
  ) {
    guard !rect.isEmpty, count > 0 else { return }
    if scene.ui.wraps { return wrappedList(rect, count, selected, indent, meaning, spans) }
    let window = ListWindow(count: count, height: rect.height, offset: selected.map { $0 - rect.height / 2 } ?? .max, selection: selected)
    ListView(
      rows: window.range.map(spans), window: window, selection: selected, selectionStyle: scene.style(.selection),
      barStyle: scene.style(.dim), glyphs: scene.glyphs
    ).draw(on: &canvas, in: rect)
    for (row, index) in window.range.enumerated() { hits.append(HitRegion(rect: rect.row(row), meaning: meaning(index))) }
  }

  /// The same with rows that go on in the next line: the newest that fit, or those around the selected one.
  private mutating func wrappedList(
    _ rect: Rect, _ count: Int, _ selected: Int?, _ indent: Int, _ meaning: (Int) -> HitRegion.Meaning, _ spans: (Int) -> [Span]
  ) {
    let anchor = min(count - 1, max(0, selected ?? count - 1))
    func lines(_ index: Int) -> [[Span]] { spans(index).wrapped(width: rect.width, indent: indent) }
    var shown = [(index: anchor, lines: lines(anchor))]
    var used = shown[0].lines.count
    var before = anchor - 1
    var after = anchor + 1
    while used < rect.height, before >= 0 || after < count {
      // Half of the room for what comes after a selected row, the rest for what came before.
      let isAfter = after < count && (before < 0 || (after - anchor) <= (anchor - before))
      let index = isAfter ? after : before
      let more = lines(index)
      if isAfter {
        shown.append((index, more))
        after += 1
      } else {
        shown.insert((index, more), at: 0)
        before -= 1
      }
      used += more.count
    }
    // The selected row shows whole where it can: what is too much goes from the side away from it.
    let all = shown.flatMap { row in row.lines.map { (index: row.index, spans: $0) } }
    let first = all.firstIndex { $0.index == anchor } ?? 0
    let height = shown.first { $0.index == anchor }?.lines.count ?? 1
    let start = min(max(0, all.count - rect.height), max(0, selected == nil ? all.count : first + height - rect.height))
    for (row, line) in all.dropFirst(selected == nil ? max(0, all.count - rect.height) : start).prefix(rect.height).enumerated() {
      self.line(rect, row, line.spans)
      if line.index == selected { select(rect, row) }
      hits.append(HitRegion(rect: rect.row(row), meaning: meaning(line.index)))
    }
  }
}
