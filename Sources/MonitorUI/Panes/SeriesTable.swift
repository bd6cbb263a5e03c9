import Events
import PrometheusText
import RunModel
import TerminalCanvas
import WireFormats

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
    let rows = List(scene.run, scene.ui)
    let selected = scene.ui.selection[.metrics]
    let window = ListWindow(
      count: rows.count, height: max(0, rect.height - 1), offset: (selected ?? 0) - rect.height / 2, selection: selected)
    // Names with their labels come before quantiles, but not before values.
    let least = min(44, max(20, rect.width / 2 + 5))
    let columns = [
      TableColumn("value", width: .fixed(12), alignment: .right), TableColumn("rate", width: .fixed(9), alignment: .right, priority: 90),
      TableColumn("series", width: .flex(min: least, weight: 1), priority: 200),
      TableColumn("p50", width: .fixed(8), alignment: .right, priority: 50),
      TableColumn("p95", width: .fixed(8), alignment: .right, priority: 60),
      TableColumn("p99", width: .fixed(8), alignment: .right, priority: 40),
    ]
    let nameWidth = Table(columns: columns, rows: [], glyphs: scene.glyphs).placement(in: rect).columns[2].width
    let shown = window.range.map { index in
      let row = rows[index]
      let figures = (0..<3).map { row.quantiles.indices.contains($0) ? row.quantiles[$0].map { value($0, row.name) } ?? "–" : "" }
      let name = shortened(row.name, width: nameWidth, ellipsis: scene.glyphs.ellipsis)
      return [value(row), row.rate.map(Format.rate) ?? "", name].map { scene.span($0) } + figures.map { scene.span($0) }
    }
    let table = Table(
      columns: columns, rows: shown, selection: selected.map { min($0, rows.count - 1) - window.offset }, headerStyle: scene.style(.title),
      selectionStyle: scene.style(.selection), glyphs: scene.glyphs)
    let placement = table.draw(on: &p.canvas, in: rect)
    let heads = table.placement(in: rect).columns
    for (index, order) in [MonitorState.SeriesOrder.value, .rate, .name].enumerated() where heads.indices.contains(index) {
      let head = Rect(x: heads[index].x, y: rect.y, width: heads[index].width, height: min(1, rect.height))
      p.hits.append(HitRegion(rect: head, meaning: .order(order)))
    }
    for (row, index) in window.range.enumerated() {
      p.hits.append(HitRegion(rect: placement.body.row(row), meaning: .row(.metrics, item: index, at: nil)))
    }
    if rows.count == 0 {
      let why = scene.ui.filter.isEmpty ? "the endpoint has no series" : "no series contains \"\(scene.ui.filter)\""
      p.line(rect, 1, [scene.span(why, .dim)])
    }
  }

  /// A series' name in so many columns: its labels tell it from its neighbours, so they stay whole as long as there is room for a
  /// beginning and an end of the name before them.
  static func shortened(_ name: String, width: Int, ellipsis: Character) -> String {
    guard let brace = name.firstIndex(of: "{"), displayWidth(name) > width else {
      return truncateMiddle(name, width: width, ellipsis: ellipsis)
    }
    let labels = String(name[brace...])
    let room = width - displayWidth(labels)
    guard room >= 8 else { return truncateMiddle(name, width: width, ellipsis: ellipsis) }
    return truncateMiddle(String(name[..<brace]), width: room, ellipsis: ellipsis) + labels
  }

  /// The rows that a filter lets through, in the order asked for; a row's values are read only where it shows.
  struct List {
    private struct Source {
      var values: [Double]
      var earlier: [Double]?
      var seconds: Double
    }

    private let index: SeriesIndex
    private let order: [Int]
    private let sources: [Source]

    init(_ run: RunState, _ ui: MonitorState) {
      let index = MetricsPane.seriesIndex(ui).flatMap { $0.fits(run) ? $0 : nil } ?? SeriesIndex(run)
      self.index = index
      let sources = index.scrapes.map { source -> Source in
        guard let track = run.metrics.scrapes[source.service] else { return Source(values: [], earlier: nil, seconds: 0) }
        return Source(
          values: track.last.value.values,
          earlier: track.previous.flatMap { $0.value.layout === source.layout ? $0.value.values : nil },
          seconds: track.previous.map { track.last.at.seconds(since: $0.at) } ?? 0)
      }
      self.sources = sources
      var kept = Array(index.entries.indices)
      if !ui.filter.isEmpty {
        let needle = Needle(ui.filter)
        kept = kept.filter { needle.isIn(index.entries[$0].name) }
      }
      let key: (SeriesIndex.Entry) -> Double
      switch ui.seriesOrder {
      case .name:
        order = kept
        return
      case .value: key = { Self.value($0, sources) }
      case .rate: key = { Self.rate($0, sources) ?? 0 }
      }
      // Largest first; what is no number comes last; equal ones by name.
      let keys = kept.map { position -> (key: Double, position: Int) in
        let value = key(index.entries[position])
        return (value.isNaN ? -.infinity : value, position)
      }
      order = keys.sorted { ($0.key, -$0.position) > ($1.key, -$1.position) }.map(\.position)
    }

    var count: Int { order.count }
    func name(_ row: Int) -> String { index.entries[order[row]].name }

    /// A row with its values.
    subscript(row: Int) -> Row {
      let entry = index.entries[order[row]]
      var result = Row(name: entry.name, value: Self.value(entry, sources), rate: nil)
      switch entry.kind {
      case .plain(_, let isCounter): result.rate = isCounter ? Self.rate(entry, sources) : nil
      case .histogram(let buckets, _):
        result.rate = Self.rate(entry, sources)
        let values = sources[entry.scrape].values
        let histogram = HistogramValue(
          upperBounds: buckets.map(\.bound), cumulativeCounts: buckets.map { Self.value($0.index, values) }, sum: nil, count: result.value)
        result.quantiles = [0.5, 0.95, 0.99].map { histogram.quantile($0) }
      }
      return result
    }

    private static func value(_ index: Int, _ values: [Double]) -> Double { values.indices.contains(index) ? values[index] : .nan }

    private static func value(_ entry: SeriesIndex.Entry, _ sources: [Source]) -> Double {
      let values = sources[entry.scrape].values
      switch entry.kind {
      case .plain(let index, _): return value(index, values)
      case .histogram(let buckets, let count): return (count ?? buckets.last?.index).map { value($0, values) } ?? 0
      }
    }

    /// Increase per second since the scrape before; nil for a gauge, and where the counter fell.
    private static func rate(_ entry: SeriesIndex.Entry, _ sources: [Source]) -> Double? {
      let index: Int
      switch entry.kind {
      case .plain(let own, let isCounter):
        guard isCounter else { return nil }
        index = own
      case .histogram(_, let count):
        guard let count else { return nil }
        index = count
      }
      let source = sources[entry.scrape]
      guard source.seconds > 0, let earlier = source.earlier, earlier.indices.contains(index), source.values.indices.contains(index),
        source.values[index] >= earlier[index]
      else { return nil }
      return (source.values[index] - earlier[index]) / source.seconds
    }
  }
}
