import HarnessModel
import TerminalCanvas

/// All that a frame is made of: the run at the moment shown, what the user looks at, and how things are drawn.
struct Scene: Sendable {
  let run: RunState
  let ui: MonitorState
  let glyphs: GlyphSet
  /// Columns of the whole screen.
  var screenWidth = 0
  /// The run as it is by now, while an earlier moment shows: what axes draw right of the time cursor. Figures and states are never taken
  /// from it.
  var ahead: RunState?

  var now: RunInstant { run.now }
  var thresholds: Thresholds { run.thresholds }

  /// The left edge of every time axis, in seconds on the run's axis: live, axes fill from the left until they are full, then they move;
  /// paused, they stand still and the time cursor moves over them.
  var axisStart: Double { ui.pausedAxisStart ?? max(0, run.now.seconds - ui.windowSeconds) }
  /// The right edge.
  var axisEnd: Double { axisStart + ui.windowSeconds }
  /// Where the time cursor stands on every axis, in seconds; nil while live.
  var cursor: Double? { ui.cursor?.seconds }
  /// Laid over what stands in the cursor's column.
  var cursorStyle: Style { style(.cursor) }

  /// What a time axis draws of a history: all of its span, also what came after the time cursor.
  func course<Value>(_ history: (RunState) -> History<Timed<Value>>?) -> [Timed<Value>] {
    let first = RunInstant(seconds: axisStart)
    let last = RunInstant(seconds: axisEnd)
    var points = history(run).map { Array($0.slice(from: first, through: last)) } ?? []
    guard let ahead, let later = history(ahead) else { return points }
    points += later.slice(from: first, through: last).drop { $0.at <= now }
    return points
  }

  /// The run that knows what came after the cursor, where one does.
  var newest: RunState { ahead ?? run }

  func style(_ role: Role) -> Style { ui.theme.style(role) }

  func span(_ text: String, _ role: Role = .text) -> Span { Span(text, style(role)) }

  /// Injected faults, as bands behind every axis.
  var bands: [TimeBand] { bands(marked: true) }

  /// The bands; their marks belong to one row of a pane only.
  func bands(marked: Bool) -> [TimeBand] {
    newest.faults.map { fault in
      TimeBand(
        start: fault.began.seconds, end: fault.ended?.seconds ?? newest.now.seconds, background: ui.theme.faultBand,
        mark: !marked ? nil : glyphs == .unicode ? "▾" : "v", style: style(.mark))
    }
  }

  /// Seconds to add to a UTC time for the screen.
  private var offset: Double { ui.usesUTC ? 0 : Double(run.description?.localUTCOffsetSeconds ?? 0) }

  /// The time of day of a moment of the run; before the run is described, the time since it began.
  func clock(_ instant: RunInstant, digits: Int = 0) -> String {
    guard let start = run.description?.startedAt else { return Format.elapsed(instant.seconds) }
    return Format.timeOfDay(start.epochSeconds + instant.seconds + offset, digits: digits)
  }

  /// The time of day now.
  var wallClock: String? {
    run.wallNow.map { Format.timeOfDay($0.epochSeconds + offset) + (ui.usesUTC ? "Z" : "") }
  }

  /// How often a source is read, in seconds; one that fails is tried less often, which makes its last answer no older than it should be.
  func interval(_ kind: SourceKind, _ service: ServiceName) -> Double {
    guard let status = run.sources[SourceID(kind, service)]?.status else { return 1 }
    let interval = status.intervalSeconds ?? 1
    if case .failing(_, _, let retrySeconds) = status.standing { return max(interval, retrySeconds) }
    return interval
  }

  /// How old the last scrape of the worker is, in seconds, when it is too old to be shown as current.
  var metricsStaleSeconds: Double? {
    let worker = run.contract.workerService
    guard let scrape = run.metrics.scrapes[worker] else { return nil }
    let age = now.seconds(since: scrape.last.at)
    return age > Staleness.limit(intervalSeconds: interval(.metrics, worker)) ? age : nil
  }

  /// Whether anything tells what the worker does: its log, or one of these signals. Without, silence is no good news.
  func workerTells(_ signals: SignalID...) -> Bool {
    run.logs[run.contract.workerService]?.isEmpty == false || signals.contains { run.metrics.number($0) != nil }
  }

  /// Why the worker's metrics cannot be had; nil when they can, or nothing is known.
  var metricsTrouble: String? {
    run.sources[SourceID(.metrics, run.contract.workerService)]?.status.standing.reason
  }

  func glyph(_ severity: EventRow.Severity) -> Span {
    switch severity {
    case .routine: Span(" ")
    case .info: span(glyphs == .unicode ? "·" : "-", .info)
    case .good: span(String(glyphs.good), .good)
    case .warning: span(String(glyphs.warning), .warning)
    case .bad: span(String(glyphs.bad), .bad)
    }
  }

  func role(_ severity: EventRow.Severity) -> Role {
    switch severity {
    case .routine, .info, .good: .text
    case .warning: .warning
    case .bad: .bad
    }
  }

  /// "✓" or "✗" with its colour.
  func verdict(_ good: Bool) -> Span { good ? span(String(glyphs.check), .good) : span(String(glyphs.bad), .bad) }
}

/// A part of the screen that a click means something in.
public struct HitRegion: Hashable, Sendable {
  enum Meaning: Hashable, Sendable {
    case row(Pane, item: Int, at: RunInstant?)
    case axis(TimeAxis)
  }

  let rect: Rect
  let meaning: Meaning
}

/// A rendered frame and what its parts mean to the mouse.
public struct Frame: Sendable {
  /// What shows.
  public var canvas: Canvas
  /// Clickable parts; later ones lie over earlier ones.
  public var hits: [HitRegion] = []
  /// Where everything is.
  public var layout: ScreenLayout

  /// What a mouse event means; nil for nothing.
  public func action(for event: MouseEvent) -> MonitorAction? {
    guard let pane = layout.pane(at: event.point) else { return nil }
    switch event.kind {
    case .scrollUp: return .scroll(pane, rows: -3)
    case .scrollDown: return .scroll(pane, rows: 3)
    case .press where event.button == .left || event.button == .none:
      guard let hit = hits.last(where: { $0.rect.contains(event.point) }) else { return .focus(pane) }
      switch hit.meaning {
      case .row(let pane, let item, let instant): return .select(pane, item: item, at: instant)
      case .axis(let axis): return .point(pane, at: RunInstant(seconds: axis.time(ofColumn: event.point.x - hit.rect.x)))
      }
    case .press, .release, .drag: return nil
    }
  }
}

/// Draws into a canvas and remembers what can be clicked.
struct Painter {
  var canvas: Canvas
  var hits: [HitRegion] = []
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

  /// A sentence over as many lines as it takes, at most `limit`; returns how many.
  @discardableResult
  mutating func paragraph(_ rect: Rect, _ row: Int, _ text: String, _ role: Role, limit: Int) -> Int {
    let words = text.split(separator: " ").map(String.init)
    var lines: [String] = []
    for word in words {
      if let last = lines.last, displayWidth(last) + 1 + displayWidth(word) <= rect.width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    for (index, text) in lines.prefix(max(0, limit)).enumerated() {
      let isCut = index == limit - 1 && lines.count > limit
      line(rect, row + index, [scene.span(isCut ? text + String(scene.glyphs.ellipsis) : text, role)])
    }
    return min(lines.count, max(0, limit))
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
    let line = Sparkline(values: filled(columns(scene.course(history), width)), style: scene.style(role), glyphs: scene.glyphs)
    let rect = Rect(x: x, y: y, width: width, height: 1)
    line.draw(on: &canvas, in: rect)
    let axis = TimeAxis(start: scene.axisStart, end: scene.axisStart + sparkSpan, columns: width)
    canvas.drawCursor(scene.cursor, style: scene.cursorStyle, axis: axis, in: rect)
    hits.append(HitRegion(rect: rect, meaning: .axis(axis)))
  }

  /// What a sparkline spans, in seconds: from the left edge of the axes to now, so that it is always full; paused, as far as the axes do.
  private var sparkSpan: Double { max(10, min(scene.newest.now.seconds, scene.axisEnd) - scene.axisStart) }

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
