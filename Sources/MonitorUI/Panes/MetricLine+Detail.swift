import Contracts
import Events
import RunModel
import WireFormats

extension MetricLine {
  /// The line opened whole: what it is, where it comes from, how old it is.
  func detail(_ scene: Scene) -> RowDetail {
    let run = scene.run
    let track = run.metrics.signals[signal]
    let last = track?.last
    var detail = RowDetail("metric \(signal)", at: last?.at)
    detail.add(
      "value", isKnown ? "\(title.trimmingPrefix(while: { $0 == " " })) = \(value)" : "not known: \(note)", isKnown ? .text : .warning)
    detail.add("rate", rate)
    if let binding = run.contract.signals.first(where: { $0.signal == signal }) {
      let labels = binding.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ", ")
      detail.add("series", binding.series + (labels.isEmpty ? "" : "{\(labels)}"))
      detail.add("kind", binding.kind.rawValue + (binding.unit.isEmpty ? "" : ", in \(binding.unit)"))
      if binding.aggregation == .sum { detail.add("several", "series that match are added") }
    } else {
      detail.add("series", "contract \(run.contract.name) names none")
    }
    let endpoint = run.metrics.signals[signal]?.service ?? run.metricsService
    detail.add("read from", run.sources[SourceID(.metrics, endpoint)]?.status.target)
    if let last { detail.add(time: last.at, scene, label: "read at") }
    return detail
  }
}

extension SeriesTable {
  /// A series opened whole.
  static func detail(_ row: Int, _ scene: Scene) -> RowDetail? {
    let list = List(scene.run, scene.ui)
    guard row >= 0, row < list.count else { return nil }
    let series = list[row]
    var detail = RowDetail("series")
    detail.add("series", series.name)
    detail.add("value", "\(value(series)) (\(series.value))")
    detail.add("rate", series.rate.map(Format.rate))
    for (name, quantile) in zip(["p50", "p95", "p99"], series.quantiles) {
      detail.add(name, quantile.map { value($0, series.name) } ?? "not known")
    }
    return detail
  }

  /// A row's value with the unit that its name ends with, as Prometheus' naming has it.
  static func value(_ row: Row) -> String {
    // What a histogram counts is a number, whatever it measures.
    row.quantiles.isEmpty ? value(row.value, row.name) : Format.number(row.value)
  }

  static func value(_ number: Double, _ series: String) -> String {
    var name = series.prefix { $0 != "{" }
    for suffix in ["_total", "_sum"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
    if name.hasSuffix("_count") { return Format.number(number) }
    if name.hasSuffix("_bytes") { return MetricLine.withUnit(number, "bytes") }
    if name.hasSuffix("start_time_seconds"), number > 1e9, number < 1e11 { return "\(Format.timeOfDay(number)) UTC" }
    if name.hasSuffix("_seconds") { return abs(number) < 10 ? Format.milliseconds(number * 1000) : Format.age(number) }
    if name.hasSuffix("_ms") || name.hasSuffix("_milliseconds") { return Format.milliseconds(number) }
    return Format.number(number)
  }
}
