import Events
import HarnessCore
import MCAP
import Recording
import RunModel
import WireFormats

/// The formats that a recording is exported to: rows of a table.
package struct ExportFormat: Sendable {
  /// Its word, as the command line has it: `html`.
  package let name: String
  /// What it is, as one clause.
  package let meaning: String
  /// Writes a recording, a piece at a time; the writer gives false when nobody reads any more.
  package let write: @Sendable (_ path: String, _ options: Options, _ write: (String) -> Bool) async throws(Problem) -> Void

  /// What some of them can be told.
  package struct Options: Sendable {
    /// The signal of a table.
    package var signal = ""
    /// How a cast is made.
    package var cast = CastExport()
    /// What a comparison says, for a page.
    package var comparison: [String] = []

    /// Nothing told.
    package init() {}
  }

  /// All of them, in the order of the manual.
  package static let all: [ExportFormat] = [
    ExportFormat(name: "html", meaning: "one page with verdict, charts and events, that needs nothing beside it") {
      path, options, write throws(Problem) in
      _ = write(HTMLExport.page(try ExportedRun(path: path), comparison: options.comparison))
    },
    ExportFormat(name: "cast", meaning: "the screen as a cast of asciinema") { path, options, write async throws(Problem) in
      let history: RecordedHistory
      do throws(Problem) { history = try RecordedHistory(try file(path)) } catch { throw error.at(path) }
      try await options.cast.write(history, to: write)
    },
    ExportFormat(name: "jsonl", meaning: "every event as a line of JSON") { path, _, write throws(Problem) in
      let source = try file(path)
      do throws(Problem) { try JSONLinesExport.write(source, to: write) } catch { throw error.at(path) }
    },
    ExportFormat(name: "junit", meaning: "the recorded verdict as JUnit XML") { path, _, write throws(Problem) in
      let run = try ExportedRun(path: path)
      guard run.judged.verdict.isJudged else {
        throw Problem(.badInput, "\(path): the recording is of a run that was not judged: it has no verdict")
      }
      _ = write(JUnitReport.xml([run.report]))
    },
    ExportFormat(name: "openmetrics", meaning: "every series with its times, for promtool tsdb create-blocks-from openmetrics") {
      path, _, write throws(Problem) in _ = write(OpenMetricsExport.text(try ExportedRun(path: path, keepsScrapes: true)))
    },
    ExportFormat(name: "csv", meaning: "a signal of the contract as a table") { path, options, write throws(Problem) in
      let source = try file(path)
      do throws(Problem) { _ = write(try CSVExport.text(source, signal: options.signal)) } catch { throw error.at(path) }
    },
    ExportFormat(name: "trace", meaning: "a trace for Perfetto: lanes as tracks, signals as counters") { path, _, write throws(Problem) in
      _ = write(TraceExport.text(try ExportedRun(path: path)))
    },
  ]

  private static func file(_ path: String) throws(Problem) -> MCAPFile {
    do throws(MCAPError) { return try MCAPFile(path: path) } catch { throw Problem(.file, "\(path): \(error)") }
  }
}
