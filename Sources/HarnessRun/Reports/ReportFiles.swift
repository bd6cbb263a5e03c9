import HarnessCore
import WireFormats

/// The files that a judged run writes.
package struct ReportFiles: Sendable {
  /// The path of the JUnit XML; nil for none.
  package var junit: String?
  /// The path of the JSON; nil for none.
  package var json: String?

  /// Files of these paths.
  package init(junit: String?, json: String?) {
    self.junit = junit
    self.json = json
  }

  /// The paths of those that are written.
  var paths: [String] { [junit, json].compactMap(\.self) }

  /// Fails before anything is started when a file could not be written at the end.
  func check() throws(Problem) {
    if let junit, junit == json { throw Problem(.conflict, "--junit and --json name the same file: \(junit)") }
    for path in paths {
      do { try FileOutput.checkWritable(path) } catch { throw Problem(error, otherwise: .output).at("a report cannot be written") }
    }
  }

  /// Writes what was judged so far, over what an earlier call wrote. A reader sees the old file or the new one, never half of one.
  /// - Parameter planned: how many runs were asked for; several are a list in JSON, however many of them came about.
  /// - Returns: why a report could not be written; each is tried, whatever became of the others.
  func write(_ results: [ScenarioResult], planned: Int) -> [Problem] {
    let reports = results.map { RunReport($0) }
    let texts: [(path: String?, text: () -> String)] = [
      (junit, { JUnitReport.xml(reports) }),
      (json, { planned == 1 && reports.count == 1 ? reports[0].json() : RunReport.json(reports) }),
    ]
    return texts.compactMap { report in
      guard let path = report.path else { return nil }
      do throws(Problem) {
        try FileOutput.replace(path, with: report.text())
        return nil
      } catch {
        return error.at("a report cannot be written")
      }
    }
  }
}
