import Foundation
import TerminalCanvas
import Testing

/// Compares a canvas with a stored picture: its text, and in a second block its style runs.
enum Golden {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("fixtures/golden")

  private static let isUpdating = ProcessInfo.processInfo.environment["DUBWATCH_UPDATE_GOLDENS"] == "1"

  static func expect(_ canvas: Canvas, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let rows = canvas.rows().map { row in
      var row = row
      while row.last == " " { row.removeLast() }
      return row
    }
    let text = rows.joined(separator: "\n") + "\n--- styles\n" + canvas.styleRuns().joined(separator: "\n") + "\n"
    let file = folder.appendingPathComponent("\(name).txt")
    if isUpdating {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("golden \(name) was written; run again without DUBWATCH_UPDATE_GOLDENS", sourceLocation: sourceLocation)
      return
    }
    guard let data = try? Data(contentsOf: file) else {
      Issue.record("golden \(name) is missing; run with DUBWATCH_UPDATE_GOLDENS=1", sourceLocation: sourceLocation)
      return
    }
    let stored = String(decoding: data, as: UTF8.self)
    if stored != text {
      let old = stored.split(separator: "\n", omittingEmptySubsequences: false)
      let new = text.split(separator: "\n", omittingEmptySubsequences: false)
      let line = zip(old, new).enumerated().first { $1.0 != $1.1 }
      let difference = line.map { "line \($0 + 1):\n- \($1.0)\n+ \($1.1)" } ?? "\(old.count) lines before, \(new.count) now"
      Issue.record("golden \(name) differs, \(difference)", sourceLocation: sourceLocation)
    }
  }
}
