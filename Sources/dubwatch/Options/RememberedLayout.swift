import Foundation
import HarnessRun
import MonitorUI
import WireFormats

/// What the user chose of the layout, kept from one start to the next.
struct RememberedLayout: Sendable {
  /// Where it is kept: `$XDG_STATE_HOME/dubwatch/layout.json`, without the variable below `~/.local/state` (XDG Base Directory
  /// Specification, which has relative paths ignored); nil where neither variable is set.
  let path: String?

  init(_ environment: [String: String]) {
    let folders = [environment["XDG_STATE_HOME"], environment["HOME"].map { $0 + "/.local/state" }]
    path = folders.compactMap(\.self).first { $0.hasPrefix("/") }.map { $0 + "/dubwatch/layout.json" }
  }

  /// What was chosen last; nil where nothing is kept that can be read: a screen starts without it.
  func read() -> LayoutChoice? {
    guard let path, let data = FileManager.default.contents(atPath: path), data.count < Self.mostBytes else { return nil }
    return try? JSONDecoder().decode(LayoutChoice.self, from: data)
  }

  /// Keeps a choice.
  /// - Returns: a sentence for the user when it could not be.
  func write(_ choice: LayoutChoice) -> String? {
    guard let path else { return "the layout is not kept: neither XDG_STATE_HOME nor HOME is set" }
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try FileOutput.replace(path, with: String(decoding: try JSONEncoder().encode(choice), as: UTF8.self))
      return nil
    } catch {
      return "the layout is not kept: \((error as? Problem)?.description ?? error.localizedDescription)"
    }
  }

  private static let mostBytes = 1 << 16
}
