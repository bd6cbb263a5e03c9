/// How time maps to columns. Times are seconds on any one clock.
package struct TimeAxis: Hashable, Sendable {
  /// Time at the left edge of the first column.
  package let start: Double
  /// Time at the right edge of the last column; after ``start``.
  package let end: Double
  /// Columns, 0 or more.
  package let columns: Int

  /// Makes an axis. What is not finite or not in order becomes an axis of one second.
  package init(start: Double, end: Double, columns: Int) {
    let start = start.isFinite ? start : 0
    self.start = start
    self.end = end.isFinite && end > start ? end : start + max(1, abs(start) * 1e-9)
    self.columns = max(0, columns)
  }

  /// Position in columns from the left edge; not clamped. Not finite times lie at the left edge.
  package func position(of time: Double) -> Double {
    let share = (time - start) / (end - start)
    return share.isFinite ? min(max(share, -1e6), 1e6) * Double(columns) : 0
  }

  /// The column that contains a time; `nil` outside of the axis. The end belongs to the last column.
  package func column(of time: Double) -> Int? {
    guard columns > 0, time >= start, time <= end else { return nil }
    return min(columns - 1, Int(position(of: time)))
  }

  /// The time in the middle of a column, for a click.
  package func time(ofColumn column: Int) -> Double {
    guard columns > 0 else { return start }
    return start + (Double(min(max(0, column), columns - 1)) + 0.5) * (end - start) / Double(columns)
  }

  /// The columns that a span of time touches, at least one when it touches the axis at all; `nil` outside.
  package func columns(from first: Double, to last: Double) -> ClosedRange<Int>? {
    guard columns > 0, first <= last, last >= start, first <= end else { return nil }
    let left = column(of: max(first, start)) ?? 0
    let right = column(of: min(last, end)) ?? (columns - 1)
    return left...max(left, right)
  }
}

/// A span of time drawn behind charts and lanes, as an injected fault is.
package struct TimeBand: Hashable, Sendable {
  /// When it began.
  package var start: Double
  /// When it ended; `nil` while it lasts.
  package var end: Double?
  /// Background; `nil` leaves it as it is.
  package var background: Color?
  /// One character for every cell of it in which nothing stands, for terminals without shades.
  package var fill: Span?
  /// A character at its first column, in the top row, for screens without colours.
  package var mark: Character?
  /// Style of the mark.
  package var style: Style

  /// Makes a band.
  package init(
    start: Double, end: Double?, background: Color?, fill: Span? = nil, mark: Character? = nil, style: Style = .plain
  ) {
    self.start = start
    self.end = end
    self.background = background
    self.fill = fill
    self.mark = mark
    self.style = style
  }
}

extension Canvas {
  /// Draws bands behind, and the cursor's column over, what is in `rect`.
  mutating func overlay(_ bands: [TimeBand], cursor: Double?, cursorStyle: Style, axis: TimeAxis, in rect: Rect) {
    for band in bands {
      guard let columns = axis.columns(from: band.start, to: band.end ?? .greatestFiniteMagnitude) else { continue }
      let area = Rect(x: rect.x + columns.lowerBound, y: rect.y, width: columns.count, height: rect.height).intersection(rect)
      if let background = band.background { self.band(area, background: background) }
      if let fill = band.fill { self.fill(area, empty: fill) }
      if let mark = band.mark, !area.isEmpty, band.start >= axis.start {
        put(String(mark), x: area.x, y: area.y, style: band.style, maxWidth: 1, keepsBackground: true)
      }
    }
    drawCursor(cursor, style: cursorStyle, axis: axis, in: rect)
  }

  private mutating func fill(_ area: Rect, empty span: Span) {
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX where self[x, y].isBlank {
        put(span.text, x: x, y: y, style: span.style, maxWidth: 1, keepsBackground: true)
      }
    }
  }

  /// Draws the time cursor's column: a line where nothing stands, and its style over what does.
  package mutating func drawCursor(_ cursor: Double?, style: Style, axis: TimeAxis, in rect: Rect) {
    guard let cursor, let column = axis.column(of: cursor) else { return }
    let area = Rect(x: rect.x + column, y: rect.y, width: 1, height: rect.height).intersection(rect)
    for y in area.y..<area.maxY where area.width > 0 {
      if self[area.x, y].isBlank {
        var line = style
        line.attributes.remove(.reverse)
        put("│", x: area.x, y: y, style: line, maxWidth: 1, keepsBackground: true)
      } else if self[area.x, y].isDrawing {
        // With its colours exchanged a low bar would look like a high one.
        var line = style
        line.attributes.remove(.reverse)
        mergeStyle(Rect(x: area.x, y: y, width: 1, height: 1), line.adding([.bold, .underline]))
      } else {
        mergeStyle(Rect(x: area.x, y: y, width: 1, height: 1), style)
      }
    }
  }
}
