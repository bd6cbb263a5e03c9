import PrometheusText

/// What a scrape exposes, by name: for comparing it with what a contract promises.
struct ExposedSeries {
  /// A family, or a series that none declares.
  struct Entry {
    var type: MetricType?
    var help: String?
    /// The series with exactly this name, and the parts of a histogram or summary of this name, with where their values are.
    var series: [(key: SeriesKey, index: Int)] = []

    /// The sets of labels that a histogram is there with.
    var histogramCount: Int {
      Set(series.map { $0.key.labels.filter { $0.name != "le" } }).count
    }
  }

  let scrape: Scrape
  /// By the name that contracts use: a counter's with `_total`, a histogram's family.
  private(set) var entries: [String: Entry] = [:]

  init(_ scrape: Scrape) {
    self.scrape = scrape
    let layout = scrape.layout
    for family in layout.families {
      entries[family.name, default: Entry()].type = family.type
      entries[family.name, default: Entry()].help = family.help
      // OpenMetrics names a counter's family without the ending of its series.
      if family.type == .counter, !family.name.hasSuffix("_total") {
        entries[family.name + "_total", default: Entry()].type = .counter
        entries[family.name + "_total", default: Entry()].help = family.help
      }
    }
    for (index, key) in layout.series.enumerated() {
      entries[key.name, default: Entry()].series.append((key, index))
      let declared = layout.families[layout.familyIndex(at: index)]
      // Two families may have one name and two types: what a series was read under is what it is.
      if declared.name == key.name { entries[key.name]?.type = declared.type }
      guard let suffix = Self.partSuffixes.first(where: key.name.hasSuffix) else { continue }
      let family = String(key.name.dropLast(suffix.count))
      if entries[family] != nil || suffix == "_bucket" { entries[family, default: Entry()].series.append((key, index)) }
    }
  }

  private static let partSuffixes = ["_bucket", "_sum", "_count"]

  /// What is there under a name; nil when nothing is.
  subscript(name: String) -> Entry? { entries[name] }

  /// Whether a name is that of a histogram, declared or not.
  func isHistogram(_ name: String) -> Bool {
    guard let entry = entries[name] else { return false }
    if entry.type == .histogram { return true }
    return (entry.type ?? .unknown) == .unknown && entry.series.contains { $0.key.name == name + "_bucket" && $0.key["le"] != nil }
  }

  /// Names that a signal could have: those that are no part of a histogram and no `_created`.
  var names: [String] {
    entries.keys.filter { name in
      guard !name.hasSuffix("_created") else { return false }
      guard let suffix = Self.partSuffixes.first(where: name.hasSuffix) else { return true }
      return !isHistogram(String(name.dropLast(suffix.count)))
    }.sorted()
  }
}
