import CanvasSupport
import TerminalCanvas
import TestSupport
import Testing

extension Golden {
  /// Compares canvases with stored pictures: of each its text, and in a second block its style runs.
  static func expect(_ canvases: [(name: String, canvas: Canvas)], _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let sections = canvases.map { name, canvas in
      let rows = canvas.rows().map { row in
        var row = row
        while row.last == " " { row.removeLast() }
        return row
      }
      return Section(
        name: name, text: rows.joined(separator: "\n") + "\n--- styles\n" + canvas.styleRuns().joined(separator: "\n") + "\n")
    }
    try expect(sections, name, sourceLocation: sourceLocation)
  }
}
