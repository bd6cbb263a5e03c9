import Foundation
import Testing

/// Compares text with a stored one. `DUBWATCH_UPDATE_GOLDENS=1` rewrites what is stored and fails the run, so that no run that stored
/// something passes; with `DUBWATCH_GOLDENS_INTO` it is written to another folder, as `make goldens` does before it asks.
package enum Golden {
  /// A part of a golden; without a name when it is all of it.
  package struct Section: Sendable {
    package let name: String
    package let text: String

    package init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  private static let environment = ProcessInfo.processInfo.environment
  private static let folder = Checkout.fixture("golden")
  private static let isUpdating = environment["DUBWATCH_UPDATE_GOLDENS"] == "1"
  private static let written = environment["DUBWATCH_GOLDENS_INTO"].flatMap { $0.isEmpty ? nil : $0 } ?? folder

  /// - Parameter name: its file in `fixtures/golden`, without `.txt`.
  package static func expect(_ sections: [Section], _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let text = sections.map { $0.name.isEmpty ? $0.text : "=== \($0.name)\n\($0.text)" }.joined()
    if isUpdating {
      try FileManager.default.createDirectory(atPath: written, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(written)/\(name).txt"))
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

  /// The first line that is another one, and the section it stands in.
  private static func difference(_ stored: String, _ text: String) -> String {
    let old = stored.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let line = zip(old, new).enumerated().first(where: { $1.0 != $1.1 }) else {
      return "\(old.count) lines before, \(new.count) now"
    }
    let section = new[...line.offset].last { $0.hasPrefix("=== ") }.map { " in \($0.dropFirst(4))" } ?? ""
    return "line \(line.offset + 1)\(section):\n- \(line.element.0)\n+ \(line.element.1)"
  }
}
