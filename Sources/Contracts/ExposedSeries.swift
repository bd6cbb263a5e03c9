import PrometheusText

/// What a scrape exposes, by name: for comparing it with what a contract promises.
struct ExposedSeries {
  /// A family, or a series that none declares.
  struct Entry {
    var type: MetricType?
    /// The series with exactly this name, with where their values are.
    var series: [(key: SeriesKey, index: Int)] = []
  }

  let scrape: Scrape
  /// By the name that contracts use: a counter's with `_total`, a histogram's family.
  private(set) var entries: [String: Entry] = [:]

  init(_ scrape: Scrape) {
    self.scrape = scrape
    let layout = scrape.layout
    for family in layout.families {
      entries[family.name, default: Entry()].type = family.type
      // OpenMetrics names a counter's family without the ending of its series.
      if family.type == .counter, !family.name.hasSuffix("_total") { entries[family.name + "_total", default: Entry()].type = .counter }
    }
    for (index, key) in layout.series.enumerated() {
      entries[key.name, default: Entry()].series.append((key, index))
      guard let suffix = Self.histogramSuffixes.first(where: key.name.hasSuffix) else { continue }
      let family = String(key.name.dropLast(suffix.count))
      if entries[family] != nil || suffix == "_bucket" { entries[family, default: Entry()].series.append((key, index)) }
    }
  }

  private static let histogramSuffixes = ["_bucket", "_sum", "_count"]

  /// What is there under a name; nil when nothing is.
  subscript(name: String) -> Entry? { entries[name] }

  /// Names that a signal could have: those that are no part of a histogram and no `_created`.
  var names: [String] {
    entries.filter { name, entry in
      guard !name.hasSuffix("_created") else { return false }
      guard let suffix = Self.histogramSuffixes.first(where: name.hasSuffix) else { return true }
      return entries[String(name.dropLast(suffix.count))]?.type != .histogram
    }.keys.sorted()
  }
}
