import Events
import PrometheusText
import RunModel
import WireFormats

/// Every series of a recording with its times, as OpenMetrics 1.0 text: what `promtool tsdb create-blocks-from openmetrics` reads.
///
/// Names and labels stay those that the services expose, a label `dubwatch_service` says whose they are: a query that works on the live
/// series works on these. A counter stays one; every other sample name is a family of its own of type `unknown`, as the parts of a histogram
/// must come one after the other and would be told by one time each. Times are those of the run's axis, in seconds with milliseconds.
package enum OpenMetricsExport {
  private struct Point {
    let milliseconds: Int64
    let value: Double
  }

  /// The text of a recording that was read with its scrapes.
  package static func text(_ run: ExportedRun) -> String {
    var families: [String: [String: [Point]]] = [:]
    var counters: Set<String> = []
    for (service, scrapes) in run.scrapes.sorted(by: { $0.key < $1.key }) {
      collect(scrapes, of: service, run, into: &families, &counters)
    }
    addOwn(run, to: &families)
    let names = Set(families.keys)
    var text = ""
    for (name, series) in families.sorted(by: { $0.key < $1.key }) {
      let base = name.hasSuffix("_total") ? String(name.dropLast(6)) : name
      // A counter's family claims its bare name and that of its creation: where those are series too, none of them is told as a counter.
      let isCounter = counters.contains(name) && !names.contains(base) && !names.contains(base + "_created")
      text += "# TYPE \(isCounter ? base : name) \(isCounter ? "counter" : "unknown")\n"
      for (labels, points) in series.sorted(by: { $0.key < $1.key }) {
        for point in points { text += "\(name){\(labels)} \(NumberText.go(point.value)) \(seconds(point.milliseconds))\n" }
      }
    }
    return text + "# EOF\n"
  }

  private static func collect(
    _ scrapes: [ExportedRun.TimedScrape], of service: ServiceName, _ run: ExportedRun, into families: inout [String: [String: [Point]]],
    _ counters: inout Set<String>
  ) {
    var layout: SeriesLayout?
    var series: [(name: String, labels: String)] = []
    for timed in scrapes {
      if layout !== timed.scrape.layout {
        layout = timed.scrape.layout
        series = timed.scrape.layout.series.map { ($0.name, labels($0.labels, service)) }
        for index in series.indices where isCounter(index, in: timed.scrape) { counters.insert(series[index].name) }
      }
      let at = milliseconds(timed.at, run)
      for (key, value) in zip(series, timed.scrape.values) { add(Point(milliseconds: at, value: value), key.name, key.labels, &families) }
    }
    for name in counters where families[name]?.values.contains(where: { $0.contains { !($0.value >= 0) } }) == true {
      // What is negative or not a number is no count, whatever its type line says.
      counters.remove(name)
    }
  }

  /// What dubwatch itself saw, under names of its own.
  private static func addOwn(_ run: ExportedRun, to families: inout [String: [String: [Point]]]) {
    for (service, changes) in run.health {
      let name = labels([], service)
      for change in changes {
        let value = change.value.map { $0 ? 1.0 : 0 } ?? .nan
        add(Point(milliseconds: milliseconds(change.at, run), value: value), "dubwatch_healthy", name, &families)
      }
    }
    for series in run.series where series.unit == "ms" {
      let name = labels([SeriesLabel(name: "figure", value: series.name)], nil)
      for point in series.points {
        add(Point(milliseconds: milliseconds(point.at, run), value: point.value), "dubwatch_sync_milliseconds", name, &families)
      }
    }
  }

  private static func add(_ point: Point, _ name: String, _ labels: String, _ families: inout [String: [String: [Point]]]) {
    // A series has one value a time.
    if let last = families[name]?[labels]?.last, last.milliseconds >= point.milliseconds { return }
    families[name, default: [:]][labels, default: []].append(point)
  }

  private static func isCounter(_ index: Int, in scrape: Scrape) -> Bool {
    let family = scrape.layout.families[scrape.layout.familyIndex(at: index)]
    return family.type == .counter && scrape.layout.key(at: index).name.hasSuffix("_total")
  }

  private static func milliseconds(_ instant: RunInstant, _ run: ExportedRun) -> Int64 {
    Int64(exactly: (run.wall(instant).epochSeconds * 1000).rounded()) ?? 0
  }

  private static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(NumberText.padded(Int(abs(milliseconds % 1000)), 3))"
  }

  private static func labels(_ labels: [SeriesLabel], _ service: ServiceName?) -> String {
    let all = labels + (service.map { [SeriesLabel(name: "dubwatch_service", value: $0.text)] } ?? [])
    return all.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
  }

  /// As OpenMetrics 1.0 has it (section "ABNF", escaped-string).
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
  }
}
