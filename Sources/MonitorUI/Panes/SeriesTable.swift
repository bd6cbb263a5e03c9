import HarnessModel
import TerminalCanvas

/// Every series of every endpoint as a table, filtered and sorted. A histogram is one row with its quantiles.
enum SeriesTable {
  struct Row {
    var name: String
    var value: Double
    var rate: Double?
    var quantiles: [Double?] = []
  }

  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let rows = rows(scene.run, scene.ui)
    let selected = scene.ui.selection[.metrics]
    let window = ListWindow(
      count: rows.count, height: max(0, rect.height - 1), offset: (selected ?? 0) - rect.height / 2, selection: selected)
    let columns = [
      TableColumn("series", width: .flex(min: 20, weight: 1), priority: 200), TableColumn("value", width: .fixed(10), alignment: .right),
      TableColumn("rate", width: .fixed(9), alignment: .right, priority: 90),
      TableColumn("p50", width: .fixed(7), alignment: .right, priority: 50),
      TableColumn("p95", width: .fixed(7), alignment: .right, priority: 60),
      TableColumn("p99", width: .fixed(7), alignment: .right, priority: 40),
    ]
    let shown = window.range.map { index in
      let row = rows[index]
      let figures = (0..<3).map { row.quantiles.indices.contains($0) ? row.quantiles[$0].map(Format.number) ?? "–" : "" }
      return [row.name, Format.number(row.value), row.rate.map(Format.rate) ?? ""].map { scene.span($0) } + figures.map { scene.span($0) }
    }
    let table = Table(
      columns: columns, rows: shown, selection: selected.map { min($0, rows.count - 1) - window.offset }, headerStyle: scene.style(.title),
      selectionStyle: scene.style(.selection), glyphs: scene.glyphs)
    let placement = table.draw(on: &p.canvas, in: rect)
    for (row, index) in window.range.enumerated() {
      p.hits.append(HitRegion(rect: placement.body.row(row), meaning: .row(.metrics, item: index, at: nil)))
    }
    if rows.isEmpty {
      let why = scene.ui.filter.isEmpty ? "the endpoint has no series" : "no series contains \"\(scene.ui.filter)\""
      p.line(rect, 1, [scene.span(why, .dim)])
    }
  }

  /// The rows in the order asked for.
  static func rows(_ run: RunState, _ ui: MonitorState) -> [Row] {
    let needle = Needle(ui.filter)
    var rows: [Row] = []
    for (_, scrape) in run.metrics.scrapes.sorted(by: { $0.key < $1.key }) {
      append(scrape, hidden: run.contract.hiddenSuffixes, to: &rows)
    }
    if !ui.filter.isEmpty { rows.removeAll { !needle.isIn($0.name) } }
    switch ui.seriesOrder {
    case .name: rows.sort { $0.name < $1.name }
    case .value: rows.sort { rank($0.value, $0.name) > rank($1.value, $1.name) }
    case .rate: rows.sort { rank($0.rate ?? 0, $0.name) > rank($1.rate ?? 0, $1.name) }
    }
    return rows
  }

  private static func rank(_ value: Double, _ name: String) -> (Double, String) { (value.isNaN ? -.infinity : value, name) }

  private struct Parts {
    var buckets: [(bound: Double, count: Double)] = []
    var count: Double?
    var sum: Double?
    var earlier: Double?
  }

  private static func append(_ scrape: ScrapeTrack, hidden: [String], to rows: inout [Row]) {
    let layout = scrape.last.value.layout
    let values = scrape.last.value.values
    let before = scrape.previous.flatMap { $0.value.layout === layout ? $0.value.values : nil }
    let seconds = scrape.previous.map { scrape.last.at.seconds(since: $0.at) } ?? 0
    func rate(_ index: Int) -> Double? {
      guard seconds > 0, let before, before.indices.contains(index), values[index] >= before[index] else { return nil }
      return (values[index] - before[index]) / seconds
    }
    var histograms: [String: Parts] = [:]
    var order: [String] = []
    var plain: [(text: String, name: String, labels: [Label], index: Int)] = []
    for (index, key) in layout.series.enumerated() where values.indices.contains(index) {
      if hidden.contains(where: key.name.hasSuffix) { continue }
      let labels: [Label] = key.labels.map { ($0.name, $0.value) }
      if key.name.hasSuffix("_bucket"), let bound = labels.first(where: { $0.name == "le" })?.value {
        let name = text(String(key.name.dropLast(7)), labels.filter { $0.name != "le" })
        if histograms[name] == nil { order.append(name) }
        histograms[name, default: Parts()].buckets.append((number(bound), values[index]))
      } else {
        plain.append((text(key.name, labels), key.name, labels, index))
      }
    }
    for (full, name, labels, index) in plain {
      if name.hasSuffix("_count") {
        let base = text(String(name.dropLast(6)), labels)
        if histograms[base] != nil {
          histograms[base]?.count = values[index]
          histograms[base]?.earlier = rate(index)
          continue
        }
      }
      if name.hasSuffix("_sum"), histograms[text(String(name.dropLast(4)), labels)] != nil { continue }
      rows.append(Row(name: full, value: values[index], rate: isCounter(name) ? rate(index) : nil))
    }
    for name in order {
      guard let parts = histograms[name] else { continue }
      let sorted = parts.buckets.sorted { $0.bound < $1.bound }
      let histogram = HistogramValue(
        upperBounds: sorted.map(\.bound), cumulativeCounts: sorted.map(\.count), sum: nil, count: parts.count ?? sorted.last?.count ?? 0)
      rows.append(
        Row(name: name, value: histogram.count, rate: parts.earlier, quantiles: [0.5, 0.95, 0.99].map { histogram.quantile($0) }))
    }
  }

  private static func isCounter(_ name: String) -> Bool { name.hasSuffix("_total") || name.hasSuffix("_sum") || name.hasSuffix("_count") }

  private static func number(_ text: String) -> Double { text == "+Inf" ? .infinity : Double(text) ?? .nan }

  private typealias Label = (name: String, value: String)

  private static func text(_ name: String, _ labels: [Label]) -> String {
    labels.isEmpty ? name : name + "{" + labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
  }
}
