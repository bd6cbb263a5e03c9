import Contracts
import Events
import MediaSync
import RunModel
import TerminalCanvas

extension Pane {
  /// The offset between picture and sound.
  package static let sync = Pane("sync")
}

/// The offset between picture and sound, as a signed ribbon over time. Of a probed stream the content offset, else its timestamp
/// alignment; without a stream what the service claims. Whichever it is says its name, and what is not measured is said, never filled in.
enum SyncPane: PaneView {
  static let pane = Pane.sync
  static let words = "A/V sync"
  static let place = PanePlace(
    large: .init(strip: 0, column: 1, width: .init(least: 78, weight: 4), height: .init(least: 9, weight: 2)),
    medium: .init(strip: 0, column: 1, width: .init(least: 44, weight: 5), height: .init(least: 6)), rank: 7)

  static func title(_ scene: Scene, _ rect: Rect) -> String {
    let isWide = rect.width >= 50
    guard let track = scene.run.shownStream(scene.ui.stream) else {
      return "\(words) · \(isWide ? "what the service claims" : "claimed")"
    }
    guard isWide else { return scene.run.streams.all.count > 1 ? "\(words) · \(track.name)" : words }
    let view = SyncView(track, scene)
    let dubbed = track.heard.isEmpty ? nil : HeardCount(track.heard.map(\.value))
    if let dubbed { return "\(words) · \(track.name) · \(dubbed.dubbed) of \(dubbed.segments) dubbed" }
    return "\(words) · \(track.name)\(view.figure == .alignment && view.summary != nil ? " · timestamp alignment" : "")"
  }

  static func note(_ scene: Scene) -> String {
    guard scene.run.streams.all.isEmpty else { return "" }
    return scene.metricsStaleSeconds.map { "stale \(Format.wholeAge($0))" } ?? ""
  }

  static func items(_ run: RunState, _ ui: MonitorState) -> [PaneItem] {
    let segments = run.shownStream(ui.stream).map { SyncSegments($0).all } ?? []
    return segments.map { segment in
      let content = segment.content.map { " content \(Format.signed($0.offsetMilliseconds)) ms" } ?? ""
      let timestamps = segment.alignment.map { " timestamps \(Format.signed($0.deltaMilliseconds)) ms" } ?? ""
      return PaneItem(id: segment.index, instant: segment.at, text: "segment \(segment.index)\(content)\(timestamps)")
    }
  }

  /// A chart of ten rows, its axis, and the figures below it.
  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    guard !scene.run.streams.all.isEmpty || !scene.run.sync.claims.isEmpty else { return PaneDemand(rows: 5) }
    let names = Set(scene.run.streams.all.map(\.name))
    return PaneDemand(rows: 14, scene.alarms.contains { names.contains($0.service) } ? .wrong : .usual)
  }

  static func changedAt(_ run: RunState) -> RunInstant? {
    let names = Set(run.streams.all.map(\.name))
    return run.alarms.filter { names.contains($0.service) }.map(\.since).max()
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    guard let track = scene.run.shownStream(scene.ui.stream) else { return drawClaim(&p, rect) }
    let view = SyncView(track, scene)
    let isZoomed = isZoomed(scene.ui)
    let table = isZoomed && rect.height >= 14 ? min(view.segments.all.count, rect.height / 3) : 0
    let lines = rect.height >= 8 ? 3 : rect.height >= 6 ? 2 : 1
    // Of a stream whose marks have numbers it is the one thing that nobody else tells: it goes before the share.
    let hearsSegments = lines > 1 && !track.heard.isEmpty
    let heardRows = hearsSegments && rect.height >= 9 ? 1 : 0
    let footer = min(rect.height, lines + heardRows + (isZoomed && lines == 3 ? 1 : 0) + table)
    ribbon(&p, Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - footer), view)
    let top = rect.height - footer
    guard lines > 1 else {
      let line = compactLine(view, scene, width: rect.width)
      return p.line(rect, top, line.left, right: line.right)
    }
    p.line(rect, top, figuresLine(view, scene))
    segmentsLine(&p, rect, top + 1, view, hasShareLine: lines > 2)
    guard lines > 2 else { return }
    if hearsSegments { p.line(rect, top + 2, heardLine(track, scene)) }
    guard !hearsSegments || heardRows > 0 else { return }
    p.line(rect, top + 2 + heardRows, shareLine(view, scene, width: rect.width))
    guard isZoomed else { return }
    p.line(rect, top + 3 + heardRows, [scene.span(view.facts, .dim)])
    segmentTable(&p, rect, top + 4 + heardRows, table, view)
  }

  // MARK: the ribbon

  private static func ribbon(_ p: inout Painter, _ rect: Rect, _ view: SyncView) {
    guard rect.height > 0 else { return }
    let scene = p.scene
    let name = view.track.name
    let usesContent = view.figure == .content
    let marks = usesContent ? scene.course { $0.streams[name]?.marks } : []
    let breaks = scene.course { $0.streams[name]?.breaks }
    let offsets = scene.course { $0.streams[name]?.contentOffsets }
    let deltas = scene.course { $0.streams[name]?.alignments }
    let segment = max(1, scene.thresholds.segmentSeconds)
    let values: [Timed<Double>]
    if usesContent {
      values = marks.filter(\.value.isScored).map { Timed($0.value.offsetMilliseconds, at: $0.at) }
    } else {
      values = deltas.map { Timed($0.value.deltaMilliseconds, at: $0.at) }
    }
    let medians = usesContent ? offsets.map { Timed($0.value.offsetMilliseconds, at: $0.at) } : []
    // A mark every 1.6 s at most: one that was missed is no gap, two are.
    let line = BrailleChart.Series(
      samples(values, brokenAt: breaks), style: scene.style(.chart), gapAfter: usesContent ? 3.5 : 2.5 * segment)
    let unscored = marks.filter { !$0.value.isScored }.map {
      BrailleChart.ChartSample(time: $0.at.seconds, value: $0.value.offsetMilliseconds)
    }
    var series = [BrailleChart.Series(unscored, style: scene.style(.dim), gapAfter: 0), line]
    let limit = scene.thresholds.syncMilliseconds
    for isWithin in [true, false] {
      let shown = medians.filter { (abs($0.value) < limit) == isWithin }
      series.append(
        BrailleChart.Series(
          shown.flatMap { median in
            let end = median.at.seconds
            let flat = [end - segment * 0.9, end].map { BrailleChart.ChartSample(time: $0, value: median.value) }
            return [BrailleChart.ChartSample(time: end - segment, value: nil)] + flat
          }, style: scene.style(isWithin ? .good : .bad)))
    }
    let largest = (values + medians).filter(\.value.isFinite).map { abs($0.value) }.max() ?? 0
    let top = chartTop(limit: limit, largest: largest)
    let chart = BrailleChart(
      series: series, range: -top...top, thresholds: thresholds(limit, scene),
      marks: breaks.compactMap { point in
        breakGlyph(point.value, scene.glyphs).map { BrailleChart.Mark(time: point.at.seconds, glyph: $0, style: scene.style(.mark)) }
      }, cursor: scene.cursor, cursorStyle: scene.cursorStyle, glyphs: scene.glyphs)
    draw(&p, rect, chart)
    if values.isEmpty, medians.isEmpty { p.centred(rect, nothing(view, scene)) }
  }

  static func draw(_ p: inout Painter, _ rect: Rect, _ chart: BrailleChart) {
    let scene = p.scene
    // From five rows on the last is the axis, and faults stand there.
    let hasAxis = rect.height >= 5
    var chart = chart
    chart.bands = scene.bands(marked: !hasAxis)
    let area = rect.inset(bottom: hasAxis ? 1 : 0)
    let plot = chart.plot(in: area)
    chart.draw(on: &p.canvas, in: area, from: scene.axisStart, to: scene.axisEnd)
    p.hits.append(
      HitRegion(rect: plot, meaning: .axis(chart.axis(in: area, from: scene.axisStart, to: scene.axisEnd))))
    if hasAxis { p.axis(Rect(x: plot.x, y: rect.maxY - 1, width: plot.width, height: 1)) }
  }

  static func thresholds(_ limit: Double, _ scene: Scene) -> [BrailleChart.Threshold] {
    let label = Format.fixed(limit, 0)
    let line = scene.style(.threshold)
    return [
      BrailleChart.Threshold(0, label: "0", style: line, isLine: false),
      BrailleChart.Threshold(limit, label: "+\(label)", right: "late", style: line),
      BrailleChart.Threshold(-limit, label: "-\(label)", right: "early", style: line),
    ]
  }

  /// Points with a hole wherever the stream itself broke: nothing is joined over a gap, a seam or a wrap.
  private static func samples(_ points: [Timed<Double>], brokenAt breaks: [Timed<StreamHappening>]) -> [BrailleChart.ChartSample] {
    let holes = breaks.map { BrailleChart.ChartSample(time: $0.at.seconds, value: nil) }
    return (points.map { BrailleChart.ChartSample(time: $0.at.seconds, value: $0.value) } + holes).sorted { $0.time < $1.time }
  }

  static func breakGlyph(_ happening: StreamHappening, _ glyphs: GlyphSet) -> Character? {
    switch happening {
    case .gap: glyphs == .unicode ? "×" : "x"
    case .seam, .defect: glyphs == .unicode ? "◆" : "*"
    case .wrap: glyphs == .unicode ? "◇" : "o"
    case .opened, .closed, .readerLost, .stalled, .resumed, .alignment, .mark, .contentOffset, .heard, .content, .fit, .span: nil
    }
  }

  /// What the top of the ribbon stands for: in steps, so that it does not jump with every value.
  static func chartTop(limit: Double, largest: Double) -> Double {
    let least = max(1, limit * 1.2)
    guard largest.isFinite, largest * 1.05 > least else { return least }
    var unit = 1.0
    while unit < 1e12 {
      for step in [1.0, 1.5, 2, 3, 5, 7] where step * unit >= largest * 1.05 { return step * unit }
      unit *= 10
    }
    return unit
  }

  private static func nothing(_ view: SyncView, _ scene: Scene) -> String {
    if let trouble = view.trouble(scene) { return trouble.words }
    if view.summary != nil { return "no \(view.figure == .content ? "mark" : "segment") in this span of time" }
    return view.contentTrouble(scene).map { "content offset: \($0)" } ?? "nothing measured yet"
  }
}
