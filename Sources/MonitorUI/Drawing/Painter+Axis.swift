import Events
import RunModel
import TerminalCanvas
import WireFormats

/// The line under a chart: what span of time it shows, where now is, and which fault began where.
extension Painter {
  /// The axis of charts that all panes share.
  mutating func axis(_ rect: Rect) {
    let scene = scene
    let now = scene.newest.now.seconds
    let axis = TimeAxis(start: scene.axisStart, end: scene.axisEnd, columns: rect.width)
    let left = scene.axisStart <= 0 ? "start" : "\(Format.wholeAge(max(0, now - scene.axisStart).rounded())) ago"
    // Far in the past now lies beyond it; while a run is young it reaches further than now.
    let right = now > scene.axisEnd ? "\(Format.wholeAge(now - scene.axisEnd)) ago" : "\(Format.wholeAge(scene.ui.windowSeconds)) wide"
    self.axis(rect, axis, left: left, right: right, now: now > scene.axisEnd ? nil : now)
  }

  /// The axis of sparklines, with what they span in words before it: they end now, or, of an earlier moment, where the axes of charts do.
  /// - Parameter words: columns for the words.
  mutating func sparkAxis(_ rect: Rect, words: Int, right: Int) {
    let scene = scene
    let now = scene.newest.now.seconds
    let end = scene.axisStart + sparkSpan
    let isPast = now > end + 0.5
    line(
      rect.inset(right: max(0, rect.width - words)), 0,
      [scene.span("bars: \(Format.wholeAge(sparkSpan.rounded()))\(isPast ? "" : " to now")", .dim)])
    let line = rect.inset(left: words + 1, right: right)
    let left = scene.axisStart <= 0 ? "start" : "\(Format.wholeAge(max(0, now - scene.axisStart).rounded())) ago"
    axis(
      line, TimeAxis(start: scene.axisStart, end: end, columns: line.width), left: left,
      right: isPast ? "\(Format.wholeAge(now - end)) ago" : "now")
  }

  /// One line of an axis: labels at its ends, "now" ending where now is, and each fault at its beginning, with its sentence where there is
  /// room. A label gives way to a fault.
  mutating func axis(_ rect: Rect, _ axis: TimeAxis, left: String, right: String, now: Double? = nil) {
    let wide = "\(Format.wholeAge(axis.end - axis.start)) wide"
    let line = rect.row(0)
    guard line.width >= 12, line.height > 0 else { return }
    let glyphs = scene.glyphs
    canvas.put(
      String(repeating: glyphs.dotted, count: line.width), x: line.x, y: line.y, style: scene.style(.threshold), maxWidth: line.width)
    var free = Array(repeating: true, count: line.width)
    let faults = scene.newest.faults.compactMap { fault in axis.column(of: fault.began.seconds).map { (column: $0, fault: fault) } }
    for (column, _) in faults {
      canvas.put([scene.span(String(glyphs.fault), .mark)], x: line.x + column, y: line.y, maxWidth: 1)
      free[column] = false
    }
    @discardableResult func place(_ text: String, at start: Int, _ role: Role) -> Bool {
      let width = displayWidth(text)
      guard width > 0, start >= 0, start + width <= line.width, free[start..<(start + width)].allSatisfy({ $0 }) else { return false }
      canvas.put([scene.span(text, role)], x: line.x + start, y: line.y, maxWidth: width)
      // A blank on both sides keeps words apart.
      for column in max(0, start - 1)..<min(line.width, start + width + 1) { free[column] = false }
      return true
    }
    if let column = now.flatMap(axis.column(of:)), !place("now", at: max(0, column - 2), .label) { place("now", at: column + 1, .label) }
    let isLeft = place(left, at: 0, .dim)
    let isRight = place(right, at: line.width - displayWidth(right), .dim)
    // How wide it is can be said anywhere.
    if !isLeft, !isRight, let gap = Self.gaps(free).first(where: { $0.count >= displayWidth(wide) + 2 }) {
      place(wide, at: gap.lowerBound + 1, .dim)
    }
    for (column, fault) in faults {
      let room = free[(column + 1)...].prefix { $0 }.count - 2
      let words = fault.title ?? "\(fault.kind) \(fault.detail)"
      guard room >= 12 else { continue }
      place(truncate(glyphs.spelled(words), width: room, ellipsis: glyphs.ellipsis), at: column + 2, .warning)
    }
    if let cursor = scene.cursor { canvas.drawCursor(cursor, style: scene.cursorStyle, axis: axis, in: line) }
    hits.append(HitRegion(rect: line, meaning: .axis(axis)))
  }

  /// Columns side by side that are free.
  private static func gaps(_ free: [Bool]) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var start: Int?
    for (column, isFree) in (free + [false]).enumerated() {
      if isFree {
        start = start ?? column
      } else if let begin = start {
        gaps.append(begin..<column)
        start = nil
      }
    }
    return gaps
  }
}
