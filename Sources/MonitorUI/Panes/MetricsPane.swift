import Contracts
import Events
import RunModel
import TerminalCanvas
import WireFormats

extension Pane {
  /// Signals and series.
  package static let metrics = Pane("metrics")
}

/// The seven metrics of the contract, then its other signals; zoomed, every series there is.
enum MetricsPane: PaneView {
  static let pane = Pane.metrics
  static let words = "Metrics"
  static let isOfWorker = true
  static let place = PanePlace(
    large: .init(strip: 1, column: 0, width: .init(least: 44, weight: 3), height: .init(least: 10, weight: 1)),
    medium: .init(strip: 1, column: 0, width: .init(least: 36, weight: 4), height: .init(least: 6)), rank: 4)

  static func title(_ scene: Scene, _ rect: Rect) -> String {
    isZoomed(scene.ui) ? "\(words) · all series by \(scene.ui.seriesOrder.rawValue)" : words
  }

  static func note(_ scene: Scene) -> String {
    if let stale = scene.metricsStaleSeconds { return "stale \(Format.wholeAge(stale))" }
    return scene.run.restartedAt.map { "restarted \(Format.wholeAge(scene.now.seconds(since: $0))) ago" } ?? ""
  }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    guard isZoomed(ui) else { return MetricLine.all(run).enumerated().map { PaneItem(id: $0, instant: nil, text: $1.title) } }
    let list = SeriesTable.List(run, ui)
    return (0..<list.count).map { PaneItem(id: $0, instant: nil, text: list.name($0)) }
  }

  static func filters(_ ui: MonitorState) -> Bool { isZoomed(ui) }

  static func copied(_ item: PaneItem, _ run: RunState, _ ui: MonitorState) -> String {
    guard !isZoomed(ui), case let lines = MetricLine.all(run), lines.indices.contains(item.id) else { return item.text }
    let line = lines[item.id]
    let said = line.isKnown ? line.value : line.note.isEmpty ? "not known" : line.note
    return "\(run.clock(run.now, isUTC: ui.usesUTC, digits: 3)) \(item.text.drop { $0 == " " }): \(said)\(line.rate.map { " \($0)" } ?? "")"
  }

  /// The names of all series, while their table shows.
  static func keep(_ ui: inout MonitorState, _ run: RunState) {
    guard isZoomed(ui) else {
      ui.kept[pane] = nil
      return
    }
    if seriesIndex(ui)?.fits(run) != true { ui.kept[pane] = SeriesIndex(run) }
  }

  static func seriesIndex(_ ui: MonitorState) -> SeriesIndex? { ui.kept[pane] as? SeriesIndex }

  static func detail(_ item: PaneItem, _ scene: Scene) -> RowDetail? {
    guard !isZoomed(scene.ui) else { return SeriesTable.detail(item.id, scene) }
    let lines = MetricLine.all(scene.run)
    guard lines.indices.contains(item.id) else { return nil }
    return lines[item.id].detail(scene)
  }

  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    let lines = showsLines(scene) ? min(16, MetricLine.all(scene.run).count { $0.isExposed } + 1) : 0
    guard let words = absence(scene) else { return PaneDemand(rows: lines, scene.metricsStaleSeconds == nil ? .usual : .wrong) }
    // As many lines as the reason takes where the pane is narrowest.
    let rows = min(8, [scene.span(words)].wrapped(width: min(PaneDemand.quietWidth, place.medium.width.least - 3)).count)
    return PaneDemand(rows: rows + lines, scene.metricsTrouble != nil ? .wrong : lines > 0 ? .usual : .quiet)
  }

  /// Whether there are figures, of whatever endpoint.
  private static func showsLines(_ scene: Scene) -> Bool { !scene.run.metrics.scrapes.isEmpty || !scene.run.metrics.signals.isEmpty }

  /// Why there are none of the worker itself; nil where there are.
  private static func absence(_ scene: Scene) -> String? {
    if scene.hasMetrics || scene.run.metrics.signals.values.contains(where: { $0.service == scene.run.metricsService }) { return nil }
    return scene.metricsAbsence
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    var rect = rect
    if let words = absence(scene) {
      let hasLines = showsLines(scene)
      // A short pane gives the reason the room that two figures leave.
      let limit = hasLines ? max(1, rect.height - 2) : rect.height
      let used = p.paragraph(rect, 0, words, scene.metricsTrouble == nil ? .dim : .warning, limit: limit)
      guard hasLines, used < rect.height else { return }
      rect = rect.inset(top: used)
    }
    if isZoomed(scene.ui) { return SeriesTable.draw(&p, rect) }
    let selected = selection(scene.ui)
    // What is selected shows, however little room there is.
    if rect.height < 6, selected == nil { return drawPacked(&p, rect) }
    let lines = MetricLine.all(scene.run)
    // Below the bars the axis that they share.
    let hasAxis = rect.height >= 8 && !lines.isEmpty
    let whole = rect
    if hasAxis { rect = rect.inset(bottom: 1) }
    let window = ListWindow(count: lines.count, height: rect.height, selection: selected)
    let last = p.more(rect, rect.height - 1, lines.count - window.range.count)
    for (row, index) in window.range.enumerated() {
      draw(&p, rect, row, lines[index], within: row == rect.height - 1 ? last : rect.row(row))
      p.hits.append(HitRegion(rect: rect.row(row), meaning: .row(.metrics, item: index, at: nil)))
      if selected == index { p.select(rect, row) }
    }
    guard hasAxis else { return }
    let columns = columns(rect.width)
    p.sparkAxis(whole.row(window.range.count), words: columns.title + columns.value, right: columns.rate)
  }

  /// Columns of titles, values and rates; sparklines have what is left.
  private static func columns(_ width: Int) -> (title: Int, value: Int, rate: Int) {
    let rate = width >= 40 ? 10 : width >= 36 ? 9 : 0
    return (max(8, min(24, width - 9 - max(0, rate - 1) - 7)), 9, rate)
  }

  /// Title, value at the right of its column, sparkline, rate: in the columns of the pane, as far as there is room in the row.
  private static func draw(_ p: inout Painter, _ rect: Rect, _ row: Int, _ line: MetricLine, within free: Rect) {
    let scene = p.scene
    let y = rect.row(row).y
    let columns = columns(rect.width)
    let (valueWidth, rateWidth) = (columns.value, columns.rate)
    // Where what the row must say beside it leaves too little, the value stands before its column, never in what is said.
    let titleWidth = min(columns.title, max(0, free.width - valueWidth))
    p.canvas.putTruncated(line.title, x: rect.x, y: y, width: titleWidth, style: scene.style(.text), ellipsis: scene.glyphs.ellipsis)
    let isStale = line.isStale
    p.canvas.putTruncated(
      line.value, x: rect.x + titleWidth, y: y, width: min(valueWidth, free.width - titleWidth),
      style: scene.style(!line.isKnown || isStale ? .dim : .text), ellipsis: scene.glyphs.ellipsis, alignment: .right)
    let start = titleWidth + valueWidth + 1
    // The sparkline stands in the columns of the others; the rate gives its place to what the row must say beside it.
    let room = min(rect.width - rateWidth, free.width) - start
    if line.isKnown {
      p.spark(x: rect.x + start, y: y, width: max(0, room), line.points)
    } else {
      p.canvas.putTruncated(
        line.note(within: free.width - start), x: rect.x + start, y: y, width: max(0, free.width - start), style: scene.style(.dim),
        ellipsis: scene.glyphs.ellipsis)
    }
    if rateWidth > 0, free.width == rect.width, let rate = line.rate {
      p.canvas.putTruncated(
        rate, x: free.maxX - rateWidth, y: y, width: rateWidth, style: scene.style(.dim), ellipsis: scene.glyphs.ellipsis,
        alignment: .right)
    }
  }

  /// Four lines that hold the most of it.
  private static func drawPacked(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    func value(_ signal: SignalID) -> String { MetricLine.line(signal, "", scene.run).value }
    let role: Role = scene.metricsStaleSeconds == nil ? .text : .dim
    func items(_ list: [(String, SignalID)]) -> [Span] {
      let shown = list.filter { MetricLine.line($0.1, "", scene.run).isExposed }
      return shown.enumerated().flatMap { index, item in
        [scene.span("\(index == 0 ? "" : "  ")\(item.0) ", .label), scene.span(value(item.1), role)]
      }
    }
    p.line(rect, 0, items([("sent", .fragmentsSent), ("processed", .fragmentsProcessed), ("fallback", .fragmentsFallback)]))
    p.line(rect, 1, items([("in flight", .inflightFragments), ("claim", .syncClaim)]))
    p.line(rect, 2, items([("backpressure", .backpressureEvents), ("reconnect", .reconnections)]))
    let latency = MetricLine.line(.speechLatency, "", scene.run)
    guard latency.isExposed else { return p.line(rect, 3, items([("breaker", .breakerState)])) }
    p.line(rect, 3, items([("sts rtt p95", .speechLatency)]))
    let start = 12 + displayWidth(latency.value) + 1
    if rect.height > 3, rect.width > start + 4 {
      p.spark(x: rect.x + start, y: rect.row(3).y, width: rect.width - start, latency.points)
    }
  }
}
