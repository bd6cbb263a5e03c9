import PrometheusText
import WireFormats

/// Writes scrapes as `prom2json` does.
///
/// One array of families, `{"name","help","type","metrics"}`, the type in upper case; a metric is `{"labels","timestamp_ms","value"}`,
/// a summary has `quantiles`, a histogram `buckets`, both `count` and `sum`; all numbers are strings in Go's spelling; keys of maps
/// are sorted, empty maps left out. Families stand in the order of the exposition (prom2json's order is arbitrary); families
/// without samples are left out. OpenMetrics counters and infos get the names they have in 0.0.4, `_created` samples are left out.
package enum PrometheusJSON {
  /// The JSON text, on one line, without a newline at its end.
  package static func encode(_ scrape: Scrape) -> String {
    var writer = JSONWriter(.go)
    var indices = [[Int]](repeating: [], count: scrape.layout.families.count)
    for index in 0..<scrape.count { indices[scrape.layout.familyIndex(at: index)].append(index) }
    writer.array {
      for (family, samples) in zip(scrape.layout.families, indices) where !samples.isEmpty {
        let points = FamilyPoints(family, samples, scrape)
        if !points.isEmpty { points.write(into: &$0) }
      }
    }
    return writer.text
  }
}

/// The samples of one family, put together to what JSON shows as one metric.
private struct FamilyPoints {
  private let name: String
  private let family: MetricFamily
  private var points: [MetricPoint] = []
  private var indexOfLabels: [[SeriesLabel]: Int] = [:]

  private struct MetricPoint {
    var labels: [SeriesLabel]
    var timestamp: Int64?
    var value = 0.0
    /// Buckets or quantiles: the spelling of the bound, and the value.
    var parts: [(bound: String, value: Double)] = []
    var count = 0.0
    var sum = 0.0
  }

  var isEmpty: Bool { points.isEmpty }

  init(_ family: MetricFamily, _ samples: [Int], _ scrape: Scrape) {
    self.family = family
    let isOpenMetrics = scrape.layout.format == .openMetrics
    switch family.type {
    case .counter where isOpenMetrics: name = family.name + "_total"
    case .info where isOpenMetrics: name = family.name + "_info"
    default: name = family.name
    }
    for index in samples {
      let key = scrape.layout.key(at: index)
      let suffix = String(decoding: key.name.utf8.dropFirst(family.name.utf8.count), as: UTF8.self)
      if isOpenMetrics, suffix == "_created" { continue }
      add(key, suffix, scrape.values[index], scrape.timestamp(at: index))
    }
  }

  private var boundLabel: String? {
    switch family.type {
    case .histogram, .gaugehistogram: "le"
    case .summary: "quantile"
    case .counter, .gauge, .unknown, .info, .stateset: nil
    }
  }

  private mutating func add(_ key: SeriesKey, _ suffix: String, _ value: Double, _ timestamp: Int64?) {
    guard let boundLabel else {
      points.append(MetricPoint(labels: key.labels, timestamp: timestamp, value: value))
      return
    }
    let labels = key.labels.filter { $0.name != boundLabel }
    let index = indexOfLabels[labels] ?? points.count
    if index == points.count {
      indexOfLabels[labels] = index
      points.append(MetricPoint(labels: labels))
    }
    if let timestamp { points[index].timestamp = timestamp }
    switch suffix {
    case "_count", "_gcount": points[index].count = value
    case "_sum", "_gsum": points[index].sum = value
    default:
      if let bound = key[boundLabel].flatMap(ExpositionParser.number) { points[index].parts.append((NumberText.go(bound), value)) }
    }
  }

  func write(into writer: inout JSONWriter) {
    writer.object {
      $0.field("name", name)
      $0.field("help", family.help ?? "")
      $0.field("type", family.type.protobufName)
      $0.field("metrics") {
        $0.array { for point in points { write(point, into: &$0) } }
      }
    }
  }

  private func write(_ point: MetricPoint, into writer: inout JSONWriter) {
    writer.object {
      if !point.labels.isEmpty { $0.map("labels", point.labels.map { ($0.name, $0.value) }) }
      if let timestamp = point.timestamp { $0.field("timestamp_ms", String(timestamp)) }
      switch family.type {
      case .summary:
        if !point.parts.isEmpty { $0.map("quantiles", point.parts.map { ($0.bound, NumberText.go($0.value)) }) }
        $0.field("count", count(point.count))
        $0.field("sum", NumberText.go(point.sum))
      case .histogram, .gaugehistogram:
        // One count that is no whole number makes the histogram one of floats.
        let isWhole = ([point.count] + point.parts.map(\.value)).allSatisfy { UInt64(exactly: $0) != nil }
        let text = { (value: Double) in isWhole ? count(value) : NumberText.go(value) }
        if !point.parts.isEmpty { $0.map("buckets", point.parts.map { ($0.bound, text($0.value)) }) }
        $0.field("count", text(point.count))
        $0.field("sum", NumberText.go(point.sum))
      case .counter, .gauge, .unknown, .info, .stateset:
        $0.field("value", NumberText.go(point.value))
      }
    }
  }
}

extension MetricType {
  /// The name in Prometheus' protobuf, which prom2json prints; types that it does not have, in upper case.
  fileprivate var protobufName: String {
    switch self {
    case .unknown: "UNTYPED"
    case .gaugehistogram: "GAUGE_HISTOGRAM"
    case .counter, .gauge, .histogram, .summary, .info, .stateset: rawValue.uppercased()
    }
  }
}

/// As `fmt.Sprint(uint64)`; the float's text when it is no count.
private func count(_ value: Double) -> String {
  UInt64(exactly: value.rounded(.towardZero)).map { String($0) } ?? NumberText.go(value)
}

extension JSONWriter {
  /// A map of strings, sorted by the bytes of its keys; of entries with the same key the last counts.
  fileprivate mutating func map(_ name: String, _ entries: [(key: String, value: String)]) {
    let sorted = entries.enumerated().sorted { left, right in
      if left.element.key.utf8.elementsEqual(right.element.key.utf8) { return left.offset < right.offset }
      return left.element.key.utf8.lexicographicallyPrecedes(right.element.key.utf8)
    }
    field(name) {
      $0.object {
        for (index, entry) in sorted.enumerated() {
          let isLast = index + 1 == sorted.count || !sorted[index + 1].element.key.utf8.elementsEqual(entry.element.key.utf8)
          if isLast { $0.field(entry.element.key, entry.element.value) }
        }
      }
    }
  }
}
