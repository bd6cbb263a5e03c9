import Contracts
import Events
import HarnessCore
import Recording
import RunModel
import WireFormats

/// A recording as one page that needs nothing beside it: no network, no other file.
package enum HTMLExport {
  /// Rows of the table of events at most; what goes its way is left out first, what is wrong never.
  private static let rowLimit = 5000

  /// The page.
  /// - Parameter comparison: what a comparison with other runs says, a line each; empty where there is none.
  package static func page(_ run: ExportedRun, comparison: [String] = []) -> String {
    let charts = PageCharts(run)
    let name = run.head.scenario ?? "watch"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
      base-uri 'none'; form-action 'none'">
      <title>\(HTML.text("\(name): \(outcome(run).word)"))</title>
      <style>
      \(resource(PackageResources.page_css))</style>
      </head>
      <body>
      <main>
      \(header(run, name))
      \(comparison.isEmpty ? "" : section("comparison", "Comparison", HTML.element("pre", [], HTML.lines(comparison))))
      \(section("verdict", "Verdict", PageVerdict.markup(run)))
      \(section("charts", "Over time", cursor(charts.axis) + charts.markup))
      \(section("events", "Events", events(run)))
      </main>
      <script type="application/json" id="data">\(data(charts))</script>
      <script>
      \(resource(PackageResources.page_js))</script>
      </body>
      </html>

      """
  }

  private static func resource(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// JSON in which nothing can end the element that it stands in: `<`, `>` and `&` are escapes.
  private static func data(_ charts: PageCharts) -> String {
    var writer = JSONWriter(.go)
    writer.value(charts.data)
    return writer.text
  }

  private static func section(_ id: String, _ title: String, _ content: String) -> String {
    "<section id=\"\(id)\" aria-labelledby=\"\(id)-title\"><h2 id=\"\(id)-title\">\(title)</h2>\n\(content)\n</section>"
  }

  private static func outcome(_ run: ExportedRun) -> (word: String, severity: EventRow.Severity) {
    guard run.judged.verdict.isJudged else { return ("not judged", .info) }
    switch run.report.outcome {
    case .passed: return ("PASSED", .good)
    case .failed: return ("FAILED", .bad)
    case .inconclusive: return ("INCONCLUSIVE", .warning)
    case .open: return ("ended before its verdict", .warning)
    }
  }

  private static func header(_ run: ExportedRun, _ name: String) -> String {
    let outcome = outcome(run)
    var facts: [(String, String)] = [
      ("environment", run.head.environment), ("contract", run.state.contract.name), ("began", run.head.start.iso8601),
      ("length", PageAxis.time(run.state.now.seconds)), ("speed", NumberText.shortest(run.head.speed)),
    ]
    facts += run.head.origin.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let list = facts.map { "<dt>\(HTML.text($0.0))</dt><dd>\(HTML.text($0.1.isEmpty ? "not known" : $0.1))</dd>" }.joined()
    let missing = run.missing.map { "<p class=\"missing\" role=\"note\">\(HTML.text("Not known: \($0)."))</p>" } ?? ""
    return "<header><h1>\(HTML.text(name)) <span class=\"outcome \(outcome.severity.rawValue)\">\(HTML.text(outcome.word))</span></h1>"
      + "\(missing)<dl>\(list)</dl></header>"
  }

  private static func cursor(_ axis: PageAxis) -> String {
    let (from, to) = (Int(axis.from.seconds * 1000), Int((axis.to.seconds * 1000).rounded(.up)))
    return "<p class=\"cursor-line\"><label for=\"cursor\">Time of the cursor</label> "
      + "<input type=\"range\" id=\"cursor\" min=\"\(from)\" max=\"\(to)\" value=\"\(to)\" step=\"100\"> "
      + "<output id=\"time\" for=\"cursor\"></output></p>\n"
  }

  private static func events(_ run: ExportedRun) -> String {
    let all = Array(run.state.rows)
    var rows = all
    if rows.count > rowLimit { rows = rows.filter { $0.severity != .routine } }
    if rows.count > rowLimit {
      var room = rowLimit - rows.count { $0.severity == .bad || $0.severity == .warning }
      rows = rows.filter { row in
        if row.severity == .bad || row.severity == .warning { return true }
        room -= 1
        return room >= 0
      }
    }
    let caption =
      rows.count == all.count
      ? "\(Figure.count(all.count, "event"))" : "of \(all.count) events \(rows.count) shown; nothing that is wrong is left out"
    let words = Set(rows.map(\.category.rawValue)).sorted()
    let options = (["all"] + words).map { "<option>\(HTML.text($0))</option>" }.joined()
    let filter =
      "<p class=\"filter\"><label>Filter <input type=\"search\" id=\"filter\"></label> "
      + "<label>About <select id=\"category\">\(options)</select></label> <output id=\"shown\" for=\"filter category\"></output></p>"
    let table = HTML.table(
      caption, ["time", "number", "how grave", "about", "service", "what"], rows: rows.map(row), attributes: [("id", "rows")])
    return filter + "\n" + table
  }

  private static func row(_ row: EventRow) -> String {
    let time = PageAxis.time(row.at.seconds)
    return HTML.row(
      [
        "<button type=\"button\" data-at=\"\(Int((row.at.seconds * 1000).rounded(.up)))\">\(HTML.text(time))</button>",
        "#\(row.number)", row.severity.rawValue, row.category.rawValue, HTML.text(row.service.text),
        HTML.text(row.text) + (row.isInferred ? " (concluded from metrics)" : ""),
      ], attributes: [("id", "e\(row.serial)"), ("class", row.severity.rawValue), ("data-n", row.number.description)])
  }
}

extension HTML {
  /// Lines of text, each escaped.
  static func lines(_ lines: [String]) -> String { lines.map(text).joined(separator: "\n") }
}
