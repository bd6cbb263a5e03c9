extension BrailleChart {
  /// Where the lines are drawn in a rectangle: without the labels at the left.
  package func plot(in rect: Rect) -> Rect {
    let widest = thresholds.map { displayWidth($0.label) }.max() ?? 0
    let wanted = labelWidth ?? (widest == 0 ? 0 : widest + 1)
    // In a very narrow rectangle the lines matter more than the labels.
    return rect.width >= wanted * 2 ? rect.inset(left: max(0, wanted)) : rect
  }

  /// The axis of time over ``plot(in:)``, for clicks.
  package func axis(in rect: Rect, from start: Double, to end: Double) -> TimeAxis {
    TimeAxis(start: start, end: end, columns: plot(in: rect).width)
  }

  /// Draws from `start` at the left edge of the plot to `end` at its right one.
  package func draw(on canvas: inout Canvas, in rect: Rect, from start: Double, to end: Double) {
    let plot = plot(in: rect)
    guard !plot.isEmpty else { return }
    let scale = Scale(low: bounds.lowerBound, high: bounds.upperBound, dots: plot.height * 4)
    drawThresholds(on: &canvas, rect, plot, scale)
    let dotAxis = TimeAxis(start: start, end: end, columns: plot.width * 2)
    var all = DotGrid(columns: plot.width, rows: plot.height)
    for line in series {
      var dots = DotGrid(columns: plot.width, rows: plot.height)
      plotLine(line, dotAxis, scale, into: &dots)
      all.merge(dots)
      dots.draw(on: &canvas, in: plot, style: line.style, glyphs: glyphs, with: all)
    }
    let labels = rightLabels(on: canvas, plot, scale)
    let axis = TimeAxis(start: start, end: end, columns: plot.width)
    for mark in marks {
      guard let column = axis.column(of: mark.time) else { continue }
      canvas.put(String(mark.glyph), x: plot.x + column, y: plot.maxY - 1, style: mark.style, maxWidth: 1, keepsBackground: true)
    }
    canvas.overlay(bands, cursor: cursor, cursorStyle: cursorStyle, axis: axis, in: plot)
    // Last: the mark of a band must not stand in the middle of a word.
    for label in labels {
      canvas.put(" " + label.text, x: label.x, y: label.y, style: label.style, keepsBackground: true)
    }
  }

  private var bounds: ClosedRange<Double> {
    if let range, range.lowerBound.isFinite, range.upperBound.isFinite { return range }
    let values = series.flatMap { $0.samples.compactMap(\.value) } + thresholds.map(\.value)
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    return low < high ? low...high : (low - 1)...(low + 1)
  }

  /// Rows of dots counted from the top; 0 is the highest value.
  private struct Scale {
    var low: Double
    var high: Double
    var dots: Int

    func dot(_ value: Double) -> Int {
      let span = high / 2 - low / 2
      let share = span > 0 ? (high / 2 - value / 2) / span : 0.5
      return Int((min(max(share, 0), 1) * Double(dots - 1)).rounded())
    }
  }

  private func drawThresholds(on canvas: inout Canvas, _ rect: Rect, _ plot: Rect, _ scale: Scale) {
    for threshold in visibleThresholds(scale) {
      let y = plot.y + scale.dot(threshold.value) / 4
      if threshold.isLine {
        canvas.put(
          String(repeating: glyphs.dotted, count: plot.width), x: plot.x, y: y, style: threshold.style, maxWidth: plot.width,
          keepsBackground: true)
      }
      let room = plot.x - rect.x
      canvas.put(
        pad(threshold.label, width: max(0, room - 1), alignment: .right), x: rect.x, y: y, style: threshold.style, maxWidth: max(0, room))
    }
  }

  /// The texts at the right end, where no line is in their way.
  private func rightLabels(on canvas: Canvas, _ plot: Rect, _ scale: Scale) -> [(text: String, x: Int, y: Int, style: Style)] {
    visibleThresholds(scale).compactMap { threshold in
      let width = displayWidth(threshold.right)
      guard width > 0, width + 2 <= plot.width else { return nil }
      let y = plot.y + scale.dot(threshold.value) / 4
      let x = plot.maxX - width - 1
      let free = threshold.isLine ? Cell(glyphs.dotted) : Cell.blank()
      guard (x..<plot.maxX).allSatisfy({ canvas[$0, y].hasSameText(as: free) || canvas[$0, y].isBlank }) else { return nil }
      return (threshold.right, x, y, threshold.style)
    }
  }

  private func visibleThresholds(_ scale: Scale) -> [Threshold] {
    thresholds.filter { $0.value.isFinite && $0.value >= scale.low && $0.value <= scale.high }
  }

  /// Draws each sample's column from its lowest to its highest value, and joins it with the one before unless there is a gap between.
  private func plotLine(_ line: Series, _ axis: TimeAxis, _ scale: Scale, into dots: inout DotGrid) {
    var previous: (time: Double, x: Int, y: Int)?
    for sample in line.samples {
      guard let value = sample.value, value.isFinite, sample.time.isFinite else {
        previous = nil
        continue
      }
      let position = axis.position(of: sample.time)
      guard position >= -Double(axis.columns), position <= Double(axis.columns) * 2 else {
        previous = nil
        continue
      }
      let x = sample.time == axis.end ? axis.columns - 1 : Int(position.rounded(.down))
      let y = scale.dot(value)
      if let last = previous, line.gapAfter.map({ sample.time - last.time <= $0 }) ?? true {
        dots.line(fromX: last.x, last.y, toX: x, y)
      } else {
        dots.set(x, y)
      }
      previous = (sample.time, x, y)
    }
  }
}

/// Dots of a chart: two by four in a cell.
struct DotGrid {
  let columns: Int
  let rows: Int
  private var cells: [UInt8]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: 0, count: columns * rows)
  }

  /// Sets one dot; outside of the grid nothing happens.
  mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < columns * 2, y < rows * 4 else { return }
    let bits: [UInt8] = x % 2 == 0 ? [0x01, 0x02, 0x04, 0x40] : [0x08, 0x10, 0x20, 0x80]
    cells[(y / 4) * columns + x / 2] |= bits[y % 4]
  }

  /// Sets the dots between two (Bresenham).
  mutating func line(fromX x0: Int, _ y0: Int, toX x1: Int, _ y1: Int) {
    let dx = abs(x1 - x0)
    let dy = -abs(y1 - y0)
    var error = dx + dy
    var x = x0
    var y = y0
    while true {
      set(x, y)
      if x == x1, y == y1 { return }
      let twice = error * 2
      if twice >= dy {
        error += dy
        x += x0 < x1 ? 1 : -1
      }
      if twice <= dx {
        error += dx
        y += y0 < y1 ? 1 : -1
      }
    }
  }

  /// Adds the dots of another grid of the same size.
  mutating func merge(_ other: DotGrid) {
    for index in cells.indices where other.cells.indices.contains(index) { cells[index] |= other.cells[index] }
  }

  /// Draws the cells that have dots, with those that earlier lines left in them; `*` where there is no braille.
  func draw(on canvas: inout Canvas, in rect: Rect, style: Style, glyphs: GlyphSet, with all: DotGrid) {
    for row in 0..<rows {
      for column in 0..<columns {
        guard cells[row * columns + column] != 0 else { continue }
        let bits = all.cells[row * columns + column]
        guard let scalar = Unicode.Scalar(0x2800 + UInt32(bits)) else { continue }
        let glyph = glyphs == .unicode ? String(Character(scalar)) : "*"
        canvas.put(glyph, x: rect.x + column, y: rect.y + row, style: style, maxWidth: 1, keepsBackground: true)
      }
    }
  }
}
