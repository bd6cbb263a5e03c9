import Contracts
import Events
import PrometheusText

/// Raw samples of one worker, put together again as the pages that were scraped. Pure.
///
/// An engine stamps every sample of a scrape with the scrape's own time, so that samples of one time are one page. A worker that gives its
/// samples times of its own has no pages to be found again.
package enum EngineHistory {
  /// What the engine itself adds to a scrape.
  private static let added: Set<String> = [
    "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added",
    "scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes", "scrape_samples_limit", "scrape_response_size_bytes",
    "scrape_series_current", "scrape_series_limit", "ALERTS", "ALERTS_FOR_STATE",
  ]

  /// The query for all raw samples of a worker.
  /// - Parameter seconds: how far back; at least one is asked for, and at most some months.
  package static func query(_ worker: WorkerKey, match: LabelMatchers, seconds: Double) -> String {
    let named = match.adding("instance", worker.instance)
    let all = worker.job.isEmpty ? named : named.adding("job", worker.job)
    return "\(all.text)[\(max(1, Int(min(seconds, 1e7).rounded(.up))))s]"
  }

  /// The pages that came later than a time, oldest first, each in the text format with the types that the contract knows.
  /// - Parameter until: what is later was not scraped by then, whatever its stamp says: it would hide all that comes.
  package static func pages(
    _ result: EngineResult, contract: Contract, after: Double, until: Double
  ) -> [(time: Double, text: String)] {
    var byTime: [Double: [(family: String, line: String)]] = [:]
    let types = Self.types(contract)
    for series in result.series {
      guard let name = series.labels["__name__"], !added.contains(name) else { continue }
      // What the engine put to the worker's own labels; where the worker has such labels itself, they were renamed `exported_…`.
      let labels = series.labels.filter { !["__name__", "job", "instance"].contains($0.key) }.sorted { $0.key < $1.key }
      let key = SeriesKey(name: name, labels: labels.map { SeriesLabel(name: $0.key, value: $0.value) })
      let family = family(of: name, types)
      for point in series.points where point.time > after && point.time <= until {
        byTime[point.time, default: []].append((family, "\(key) \(number(point.value))\n"))
      }
    }
    return byTime.keys.sorted().map { time in
      var text = ""
      var last: String?
      for (family, line) in (byTime[time] ?? []).sorted(by: { ($0.family, $0.line) < ($1.family, $1.line) }) {
        if family != last, let type = types[family] { text += "# TYPE \(family) \(type)\n" }
        last = family
        text += line
      }
      return (time, text)
    }
  }

  private static func types(_ contract: Contract) -> [String: String] {
    Dictionary(contract.signals.map { ($0.series, $0.kind.rawValue) }, uniquingKeysWith: { first, _ in first })
  }

  /// A histogram's series belong together.
  private static func family(of name: String, _ types: [String: String]) -> String {
    for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
      let family = String(name.dropLast(suffix.count))
      if types[family] == "histogram" { return family }
    }
    return name
  }

  private static func number(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : "\(value)"
  }
}
