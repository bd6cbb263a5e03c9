import Foundation
import Testing

/// Compares text with a stored one. `DUBWATCH_UPDATE_GOLDENS=1` rewrites what is stored and fails the run, so that no run that stored
/// something passes; with `DUBWATCH_GOLDENS_INTO` it is written to another folder, as `make goldens` does before it asks.
package enum Golden {
  private static let environment = ProcessInfo.processInfo.environment
  private static let folder = Checkout.fixture("golden")
  private static let isUpdating = environment["DUBWATCH_UPDATE_GOLDENS"] == "1"
  private static let written = environment["DUBWATCH_GOLDENS_INTO"].flatMap { $0.isEmpty ? nil : $0 } ?? folder

  /// - Parameter name: its file below `fixtures/golden`, without `.txt`; may name a folder.
  package static func expect(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if isUpdating {
      let file = URL(fileURLWithPath: "\(written)/\(name).txt")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("golden \(name) was written; run again without DUBWATCH_UPDATE_GOLDENS", sourceLocation: sourceLocation)
      return
    }
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name).txt") else {
      Issue.record("golden \(name) is missing; run make goldens, or with DUBWATCH_UPDATE_GOLDENS=1", sourceLocation: sourceLocation)
      return
    }
    let stored = String(decoding: data, as: UTF8.self)
    if stored != text {
      Issue.record("golden \(name) differs, \(difference(stored, text))", sourceLocation: sourceLocation)
    }
  }

  private static func difference(_ stored: String, _ text: String) -> String {
    let old = stored.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).enumerated().first { $1.0 != $1.1 }
    return line.map { "line \($0 + 1):\n- \($1.0)\n+ \($1.1)" } ?? "\(old.count) lines before, \(new.count) now"
  }
}
