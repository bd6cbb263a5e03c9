import Events
import RunModel
import TerminalCanvas
import WireFormats

/// Draws into a canvas and remembers what can be clicked.
struct Painter {
  var canvas: Canvas
  var hits: [HitRegion] = []
  /// How many lines what lies over the panes can be scrolled down; nil where nothing lies there that scrolls.
  var overlayEnd: Int?
  let scene: Scene

  /// One line of a pane: text from the left, cut with an ellipsis, and text at the right end, which goes first when there is no room.
  mutating func line(_ rect: Rect, _ row: Int, _ left: [Span], right: [Span] = []) {
    let line = rect.row(row)
    guard !line.isEmpty else { return }
    let rightWidth = right.reduce(0) { $0 + displayWidth($1.text) }
    let fits = rightWidth > 0 && line.width - rightWidth >= 8
    let width = fits ? line.width - rightWidth - 1 : line.width
    canvas.putTruncated(left, x: line.x, y: line.y, width: width, ellipsis: scene.glyphs.ellipsis)
    if fits { canvas.put(right, x: line.maxX - rightWidth, y: line.y, maxWidth: rightWidth) }
  }

  /// Says at the right end of a row how much of a list is not shown, and how much of that is bad; nothing where all shows.
  /// - Returns: what is left of the row for what stands in it.
  mutating func more(_ rect: Rect, _ row: Int, _ hidden: Int, bad: Int = 0, word: String = "more") -> Rect {
    let line = rect.row(row)
    guard hidden > 0 else { return line }
    let text = "  +\(hidden) \(word)" + (bad > 0 && bad < hidden ? ", \(bad) bad" : "")
    let width = displayWidth(text)
    guard line.width >= width + 8 else { return line }
    canvas.putTruncated(text, x: line.maxX - width, y: line.y, width: width, style: scene.style(bad > 0 ? .bad : .label))
    return line.inset(right: width)
  }

  /// A sentence over as many lines as it takes, at most `limit`; returns how many.
  @discardableResult
  mutating func paragraph(_ rect: Rect, _ row: Int, _ text: String, _ role: Role, limit: Int) -> Int {
    let lines = [scene.span(text, role)].wrapped(width: rect.width)
    for (index, spans) in lines.prefix(max(0, limit)).enumerated() {
      // What there are no more lines for ends in an ellipsis.
      let rest = index == limit - 1 && lines.count > limit ? [Span(" ")] + lines[limit] : []
      line(rect, row + index, spans + rest)
    }
    return min(lines.count, max(0, limit))
  }

  /// A sentence in the middle of a rectangle.
  mutating func centred(_ rect: Rect, _ words: String) {
    let width = min(rect.width, displayWidth(words) + 2)
    canvas.putTruncated(
      " \(words) ", x: rect.x + (rect.width - width) / 2, y: rect.y + rect.height / 2, width: width, style: scene.style(.dim),
      ellipsis: scene.glyphs.ellipsis)
  }

  /// Marks the selected row of a pane.
  mutating func select(_ rect: Rect, _ row: Int) {
    canvas.mergeStyle(rect.row(row), scene.style(.selection))
  }

  /// Values of a window brought into so many columns: the mean of each, nil where nothing was measured.
  private func columns(_ points: [Timed<Double>], _ count: Int) -> [Double?] {
    guard !points.isEmpty, count > 0 else { return Array(repeating: nil, count: max(0, count)) }
    var sums = Array(repeating: (0.0, 0), count: count)
    let start = scene.axisStart
    let width = sparkSpan / Double(count)
    for point in points where point.value.isFinite && point.at.seconds >= start && point.at.seconds <= start + sparkSpan {
      let index = min(count - 1, max(0, Int((point.at.seconds - start) / width)))
      sums[index].0 += point.value
      sums[index].1 += 1
    }
    let values = sums.map { $0.1 > 0 ? $0.0 / Double($0.1) : nil }
    return values
  }

  /// A sparkline in one row, of a history of the run.
  mutating func spark(x: Int, y: Int, width: Int, role: Role = .chart, _ history: (RunState) -> History<Timed<Double>>?) {
    guard width > 0 else { return }
    var line = Sparkline(values: filled(columns(scene.course(history), width)), style: scene.style(role), glyphs: scene.glyphs)
    line.leavesGap = true
    let rect = Rect(x: x, y: y, width: width, height: 1)
    line.draw(on: &canvas, in: rect)
    let axis = TimeAxis(start: scene.axisStart, end: scene.axisStart + sparkSpan, columns: width)
    canvas.drawCursor(scene.cursor, style: scene.cursorStyle, axis: axis, in: rect)
    hits.append(HitRegion(rect: rect, meaning: .axis(axis)))
  }

  /// What a sparkline spans, in seconds: from the left edge of the axes to now, so that it is always full; paused, as far as the axes do.
  var sparkSpan: Double { max(10, min(scene.newest.now.seconds, scene.axisEnd) - scene.axisStart) }

  /// Columns finer than the interval of scrapes would show gaps that are none: one empty column between two values takes the one before.
  private func filled(_ values: [Double?]) -> [Double?] {
    let gap = max(1, Int((3 / (sparkSpan / Double(max(1, values.count)))).rounded(.up)))
    var result = values
    var last: (index: Int, value: Double)?
    for index in values.indices {
      guard let value = values[index] else { continue }
      if let last, index - last.index > 1, index - last.index <= gap {
        for between in (last.index + 1)..<index { result[between] = last.value }
      }
      last = (index, value)
    }
    return result
  }
}
