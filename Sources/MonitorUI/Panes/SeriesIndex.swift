import Contracts
import Events
import PrometheusText
import RunModel

/// The rows of the table of series without their values: names, and where in a scrape each finds its value. It changes only with the shape
/// of the scrapes, so it is made once and kept from frame to frame: names of ten thousand series are not put together ten times a second.
struct SeriesIndex: Sendable {
  /// One row.
  struct Entry: Sendable {
    var name: String
    /// Which scrape, by its place in ``scrapes``.
    var scrape: Int
    var kind: Kind
  }

  /// Where a row's value comes from.
  enum Kind: Sendable {
    /// One series.
    case plain(Int, isCounter: Bool)
    /// The buckets of a histogram with their bounds in rising order, and the series of its count.
    case histogram(buckets: [(bound: Double, index: Int)], count: Int?)
  }

  /// What it was made from, in the order of services.
  let scrapes: [(service: ServiceName, layout: SeriesLayout)]
  private let hidden: [String]
  /// In the order of their names.
  let entries: [Entry]

  init(_ run: RunState) {
    scrapes = Self.sources(run)
    hidden = run.contract.hiddenSuffixes
    var all: [Entry] = []
    for (index, source) in scrapes.enumerated() { Self.append(source.layout, index, hidden, to: &all) }
    entries = all.sorted { $0.name < $1.name }
  }

  /// Whether it still fits the scrapes of a run.
  func fits(_ run: RunState) -> Bool {
    let now = Self.sources(run)
    return hidden == run.contract.hiddenSuffixes && now.count == scrapes.count
      && zip(now, scrapes).allSatisfy { $0.service == $1.service && $0.layout === $1.layout }
  }

  private static func sources(_ run: RunState) -> [(service: ServiceName, layout: SeriesLayout)] {
    run.metrics.scrapes.sorted { $0.key < $1.key }.map { ($0.key, $0.value.last.value.layout) }
  }

  private static func append(_ layout: SeriesLayout, _ scrape: Int, _ hidden: [String], to all: inout [Entry]) {
    var buckets: [String: [(bound: Double, index: Int)]] = [:]
    var plain: [(text: String, name: String, labels: [Label], index: Int)] = []
    for (index, key) in layout.series.enumerated() {
      if hidden.contains(where: key.name.hasSuffix) { continue }
      let labels: [Label] = key.labels.map { ($0.name, $0.value) }
      if key.name.hasSuffix("_bucket"), let bound = labels.first(where: { $0.name == "le" })?.value {
        let name = text(String(key.name.dropLast(7)), labels.filter { $0.name != "le" })
        buckets[name, default: []].append((number(bound), index))
      } else {
        plain.append((text(key.name, labels), key.name, labels, index))
      }
    }
    var counts: [String: Int] = [:]
    for (full, name, labels, index) in plain {
      if name.hasSuffix("_count") {
        let base = text(String(name.dropLast(6)), labels)
        if buckets[base] != nil {
          counts[base] = index
          continue
        }
      }
      if name.hasSuffix("_sum"), buckets[text(String(name.dropLast(4)), labels)] != nil { continue }
      all.append(Entry(name: full, scrape: scrape, kind: .plain(index, isCounter: isCounter(name))))
    }
    for (name, list) in buckets {
      let sorted = list.sorted { $0.bound < $1.bound }
      all.append(Entry(name: name, scrape: scrape, kind: .histogram(buckets: sorted, count: counts[name])))
    }
  }

  private static func isCounter(_ name: String) -> Bool { name.hasSuffix("_total") || name.hasSuffix("_sum") || name.hasSuffix("_count") }

  private static func number(_ text: String) -> Double { text == "+Inf" ? .infinity : Double(text) ?? .nan }

  private typealias Label = (name: String, value: String)

  private static func text(_ name: String, _ labels: [Label]) -> String {
    labels.isEmpty ? name : name + "{" + labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
  }
}
