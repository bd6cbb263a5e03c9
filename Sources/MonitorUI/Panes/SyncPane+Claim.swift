import Contracts
import Events
import RunModel
import TerminalCanvas

/// What the service claims of A/V sync: all there is while no stream is probed.
extension SyncPane {
  static let notMeasured = "content offset and timestamps: not measured, no stream is probed"

  static func drawClaim(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let sync = scene.run.sync
    let footer = rect.height >= 7 ? 3 : rect.height >= 4 ? 1 : 0
    let chart = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - footer)
    drawChart(&p, chart, scene.course { $0.sync.claims })
    guard footer > 0 else { return }
    let summary = SyncSummary(Array(sync.claims), thresholdMilliseconds: scene.thresholds.syncMilliseconds)
    p.line(rect, rect.height - footer, claim(summary, scene, isNarrow: rect.width < 60))
    guard footer > 1 else { return }
    p.line(rect, rect.height - 2, within(summary, scene))
    p.line(rect, rect.height - 1, [scene.span(notMeasured, .dim)])
  }

  private static func drawChart(_ p: inout Painter, _ rect: Rect, _ points: [Timed<Double>]) {
    let scene = p.scene
    guard rect.height > 0 else { return }
    let limit = scene.thresholds.syncMilliseconds
    let isUnsigned = scene.run.sync.claimIsUnsigned
    let largest = points.map { abs($0.value) }.max() ?? 0
    let top = chartTop(limit: limit, largest: largest)
    let unsigned = [
      BrailleChart.Threshold(0, label: "0", style: scene.style(.threshold), isLine: false),
      BrailleChart.Threshold(limit, label: Format.fixed(limit, 0), right: "sign unknown", style: scene.style(.threshold)),
    ]
    let gap = 3 * max(scene.interval(.metrics, scene.run.metricsService), scene.thresholds.segmentSeconds)
    let samples = points.map { BrailleChart.ChartSample(time: $0.at.seconds, value: $0.value) }
    let chart = BrailleChart(
      series: [BrailleChart.Series(samples, style: scene.style(.chart), gapAfter: gap)],
      range: isUnsigned ? 0...top : -top...top, thresholds: isUnsigned ? unsigned : thresholds(limit, scene),
      cursor: scene.cursor, cursorStyle: scene.cursorStyle, glyphs: scene.glyphs)
    draw(&p, rect, chart)
    if points.isEmpty { p.centred(rect, scene.run.sync.claims.isEmpty ? reason(scene) : "no claim in this span of time") }
  }

  private static func reason(_ scene: Scene) -> String {
    if let several = scene.run.sync.severalClaims {
      let key = scene.ui.bindings.keys[.worker(1)]?.first.map { ": \(KeyText.text($0)) chooses" } ?? ""
      return "\(several) streams claim something, each of its own\(key)"
    }
    if !scene.hasMetrics, scene.run.sync.claims.isEmpty { return scene.metricsAbsence }
    if let trouble = scene.metricsTrouble { return "no metrics of \(trouble.endpoint): \(trouble.reason)" }
    if !scene.run.contract.signals.isEmpty, !scene.run.contract.signals.contains(where: { $0.signal == .syncClaim }) {
      return "contract \(scene.run.contract.name) names no sync metric"
    }
    return "the service claims nothing yet"
  }

  static func claim(_ summary: SyncSummary?, _ scene: Scene, isNarrow: Bool) -> [Span] {
    guard let summary else { return [scene.span("service claims \(scene.glyphs.dash)", .dim)] }
    let isUnsigned = scene.run.sync.claimIsUnsigned
    let sign = isUnsigned ? "sign unknown" : Self.sign(summary.latest)
    let value = isUnsigned ? Format.fixed(summary.latest, 0) : signed(summary.latest)
    let isOut = !isUnsigned && abs(summary.latest) >= scene.thresholds.syncMilliseconds
    let stale = scene.claimStaleSeconds.map { " (\(Format.wholeAge($0)) old)" } ?? ""
    var spans = [
      scene.span(isNarrow ? "claims " : "service claims ", .label),
      scene.span("\(value) ms \(sign)\(stale)", stale.isEmpty ? isOut ? .warning : .text : .warning),
    ]
    spans.append(
      scene.span("  p50 \(Format.fixed(summary.p50, 0)) p95 \(Format.fixed(summary.p95, 0)) max \(Format.fixed(summary.max, 0))"))
    if !isNarrow, !isUnsigned, let drift = summary.driftPerMinute { spans.append(scene.span("  drift \(Format.signed(drift, 1)) ms/min")) }
    return spans
  }

  private static func within(_ summary: SyncSummary?, _ scene: Scene) -> [Span] {
    guard let summary else { return [] }
    if scene.run.sync.claimIsUnsigned {
      // The gauge of the service as built compares the times of segments; in healthy runs it lies far beyond any threshold.
      // Of an absolute value nobody can say whether audio gets later or earlier.
      let drift = summary.driftPerMinute.map { "changes \(Format.fixed(abs($0), 1)) ms/min  " } ?? ""
      return [scene.span("an absolute value of segment times, not of the output  \(drift)", .dim)]
    }
    let limit = Format.fixed(scene.thresholds.syncMilliseconds, 0)
    let share = Double(summary.within) / Double(max(1, summary.count))
    let needed = scene.thresholds.syncShare
    var spans = [
      scene.span("claims within \(limit) ms: \(summary.within)/\(summary.count)  \(Format.fixed(share * 100, 0)) % "),
      scene.span("of \(Format.fixed(needed * 100, 0)) % ", .dim),
      // What was good when it was last heard of is no good news.
      scene.claimStaleSeconds == nil ? scene.verdict(share >= needed) : scene.span(String(scene.glyphs.unknown), .unknown),
    ]
    if let correction = scene.run.sync.corrections.last {
      spans.append(
        scene.span("  corrections \(scene.run.sync.corrections.total), last \(Format.signed(correction.value)) ms", .dim))
    }
    return spans
  }
}
