import WireFormats

/// A state over time in one row: `closed ████████████▌`. Edges are drawn in eighths of a column.
package struct Lane: Hashable, Sendable {
  /// A span of time in which the state held.
  package struct Period: Hashable, Sendable {
    /// When it began.
    package var start: Double
    /// When it ended; `nil` while it lasts: drawn up to the axis' end.
    package var end: Double?
    /// Style of the bar.
    package var style: Style
    /// Text over the bar when it fits, as `2.0` in `├─2.0─┤`.
    package var label: String
    /// Whether it is drawn as a bracketed line `├──┤`, as a wait is, rather than as a bar.
    package var isBracket: Bool

    /// Makes a period.
    package init(start: Double, end: Double?, style: Style = .plain, label: String = "", isBracket: Bool = false) {
      self.start = start
      self.end = end
      self.style = style
      self.label = label
      self.isBracket = isBracket
    }
  }

  /// Periods; later ones are drawn over earlier ones.
  package var periods: [Period]
  /// Single moments: a time, a character and its style.
  package var marks: [(time: Double, span: Span)] {
    get { storedMarks.map { ($0.time, $0.span) } }
    set { storedMarks = newValue.map { Mark(time: $0.time, span: $0.span) } }
  }
  /// Spans of time behind.
  package var bands: [TimeBand]
  /// The time cursor.
  package var cursor: Double?
  /// Laid over the cursor's column.
  package var cursorStyle: Style
  /// Characters.
  package var glyphs: GlyphSet
  private var storedMarks: [Mark] = []

  private struct Mark: Hashable {
    var time: Double
    var span: Span
  }

  /// Makes a lane.
  package init(
    periods: [Period], marks: [(time: Double, span: Span)] = [], bands: [TimeBand] = [], cursor: Double? = nil,
    cursorStyle: Style = Style(attributes: .reverse), glyphs: GlyphSet = .unicode
  ) {
    self.periods = periods
    self.bands = bands
    self.cursor = cursor
    self.cursorStyle = cursorStyle
    self.glyphs = glyphs
    self.marks = marks
  }

  /// Draws into the first row of a rectangle, from `start` at its left edge to `end` at its right one.
  package func draw(on canvas: inout Canvas, in rect: Rect, from start: Double, to end: Double) {
    let rect = rect.row(0)
    guard !rect.isEmpty else { return }
    let axis = TimeAxis(start: start, end: end, columns: rect.width)
    for period in periods {
      let last = period.end ?? axis.end
      guard last >= period.start, axis.columns(from: period.start, to: last) != nil else { continue }
      if period.isBracket { drawBracket(period, last, on: &canvas, rect, axis) } else { drawBar(period, last, on: &canvas, rect, axis) }
    }
    for mark in storedMarks {
      guard let column = axis.column(of: mark.time) else { continue }
      canvas.put(
        mark.span.text, x: rect.x + column, y: rect.y, style: mark.span.style, maxWidth: rect.width - column, keepsBackground: true)
    }
    canvas.overlay(bands, cursor: cursor, cursorStyle: cursorStyle, axis: axis, in: rect)
  }

  private func drawBar(_ period: Period, _ last: Double, on canvas: inout Canvas, _ rect: Rect, _ axis: TimeAxis) {
    guard let columns = axis.columns(from: period.start, to: last) else { return }
    let left = max(0, Int((axis.position(of: period.start) * 8).rounded()))
    // What is shorter than an eighth still shows.
    let right = min(rect.width * 8, max(Int((axis.position(of: last) * 8).rounded()), left + 1))
    for column in columns {
      let first = max(0, left - column * 8)
      let end = min(8, right - column * 8)
      guard end > 0, first < 8 else { continue }
      var style = period.style
      var glyph = Blocks.left(eighths: end, glyphs) ?? "#"
      if first > 0, end == 8, glyphs == .unicode, let gap = Blocks.left(eighths: first, .unicode) {
        // There are no blocks that fill from the right in eighths: the gap, with the colours exchanged.
        glyph = gap
        style.attributes.formSymmetricDifference(.reverse)
      }
      if first > 0, end == 8, glyphs != .unicode, first > 4, columns.count > 1 { continue }
      canvas.put(String(glyph), x: rect.x + column, y: rect.y, style: style, maxWidth: 1, keepsBackground: true)
    }
    label(period, columns, style: period.style.adding(.reverse), on: &canvas, rect)
  }

  private func drawBracket(_ period: Period, _ last: Double, on canvas: inout Canvas, _ rect: Rect, _ axis: TimeAxis) {
    guard let columns = axis.columns(from: period.start, to: last) else { return }
    let ascii = glyphs != .unicode
    for column in columns {
      var glyph: Character = ascii ? "-" : "─"
      if column == columns.upperBound, last <= axis.end { glyph = ascii ? "|" : "┤" }
      if column == columns.lowerBound, period.start >= axis.start { glyph = ascii ? "|" : "├" }
      canvas.put(String(glyph), x: rect.x + column, y: rect.y, style: period.style, maxWidth: 1, keepsBackground: true)
    }
    label(period, columns, style: period.style, on: &canvas, rect)
  }

  private func label(_ period: Period, _ columns: ClosedRange<Int>, style: Style, on canvas: inout Canvas, _ rect: Rect) {
    let width = displayWidth(period.label)
    guard width > 0, columns.count >= width + 2 else { return }
    let x = rect.x + columns.lowerBound + (columns.count - width) / 2
    canvas.put(period.label, x: x, y: rect.y, style: style, maxWidth: width, keepsBackground: true)
  }
}
