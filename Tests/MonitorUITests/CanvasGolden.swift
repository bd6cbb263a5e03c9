import TerminalCanvas
import TestSupport
import Testing

extension Golden {
  /// Compares a canvas with a stored picture: its text, and in a second block its style runs.
  static func expect(_ canvas: Canvas, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let rows = canvas.rows().map { row in
      var row = row
      while row.last == " " { row.removeLast() }
      return row
    }
    let text = rows.joined(separator: "\n") + "\n--- styles\n" + canvas.styleRuns().joined(separator: "\n") + "\n"
    try expect(text, name, sourceLocation: sourceLocation)
  }
}
