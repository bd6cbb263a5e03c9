import Events
import HarnessCore
import Recording
import RunModel
import WireFormats

/// A recording as a trace in the JSON format of Chrome ("Trace Event Format", Google 2016), which Perfetto's importer reads: lanes as tracks,
/// rows of the merged stream as instants, signals as counters.
package enum TraceExport {
  /// The process that all tracks are of.
  private static let process: JSONValue = 1

  /// The document.
  package static func text(_ run: ExportedRun) -> String {
    let rows = Array(run.state.rows)
    let lanes = run.lanes
    // The format has no time before 0: what was logged before the run began comes first.
    let begin = ([RunInstant.zero] + rows.map(\.at) + lanes.flatMap { $0.spans.map(\.from) }).min() ?? .zero
    var writer = JSONWriter()
    writer.object {
      $0.field("displayTimeUnit", "ms")
      $0.field("otherData", origin(run))
      $0.field("traceEvents") {
        $0.array {
          $0.value(metadata("process_name", "dubwatch \(escapeUntrusted(run.head.scenario ?? "watch"))", thread: 0))
          var thread = 0
          for lane in lanes {
            thread += 1
            $0.value(metadata("thread_name", escapeUntrusted(lane.name), thread: thread))
            for span in lane.spans { $0.value(self.span(span, lane, thread, begin)) }
          }
          for category in EventRow.Category.allCases {
            let own = rows.filter { $0.category == category }
            guard !own.isEmpty else { continue }
            thread += 1
            $0.value(metadata("thread_name", "events: \(category.rawValue)", thread: thread))
            for row in own { $0.value(instant(row, thread, begin)) }
          }
          for series in run.series { for point in series.points { $0.value(counter(point, series, begin)) } }
        }
      }
    }
    return writer.text + "\n"
  }

  private static func origin(_ run: ExportedRun) -> JSONValue {
    [
      "scenario": run.head.scenario.map(JSONValue.string) ?? .null, "start": .string(run.head.start.iso8601),
      "outcome": .string(run.judged.verdict.isJudged ? run.report.outcome.rawValue : "not judged"),
      "missing": run.missing.map(JSONValue.string) ?? .null,
    ]
  }

  private static func metadata(_ name: String, _ value: String, thread: Int) -> JSONValue {
    ["ph": "M", "pid": process, "tid": .int(thread), "name": .string(name), "args": ["name": .string(value)]]
  }

  private static func span(_ span: RunLane.Span, _ lane: RunLane, _ thread: Int, _ begin: RunInstant) -> JSONValue {
    [
      "ph": "X", "pid": process, "tid": .int(thread), "cat": .string(escapeUntrusted(lane.name)),
      "name": .string(escapeUntrusted(span.word)), "ts": microseconds(span.from, begin),
      "dur": .shortest(max(0, span.to.seconds(since: span.from)) * 1e6), "args": ["severity": .string(span.severity.rawValue)],
    ]
  }

  private static func instant(_ row: EventRow, _ thread: Int, _ begin: RunInstant) -> JSONValue {
    [
      "ph": "i", "s": "t", "pid": process, "tid": .int(thread), "cat": .string(row.category.rawValue),
      "name": .string(escapeUntrusted(row.text)), "ts": microseconds(row.at, begin),
      "args": [
        "number": .string("#\(row.number)"), "service": .string(escapeUntrusted(row.service.text)),
        "severity": .string(row.severity.rawValue),
      ],
    ]
  }

  private static func counter(_ point: Timed<Double>, _ series: RunSeries, _ begin: RunInstant) -> JSONValue {
    [
      "ph": "C", "pid": process, "name": .string(escapeUntrusted(series.name)), "ts": microseconds(point.at, begin),
      "args": ["value": .shortest(point.value)],
    ]
  }

  private static func microseconds(_ instant: RunInstant, _ begin: RunInstant) -> JSONValue {
    .shortest((instant.seconds(since: begin) * 1e6).rounded())
  }
}
