import HarnessRun
import MonitorUI
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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
    guard let path, let bytes = SmallFile.bytes(of: path, atMost: Self.mostBytes) else { return nil }
    return try? JSONDecoder().decode(LayoutChoice.self, from: Data(bytes))
  }

  /// Keeps a choice.
  /// - Returns: a sentence for the user when it could not be.
  func write(_ choice: LayoutChoice) -> String? {
    guard let path else { return "the layout is not kept: neither XDG_STATE_HOME nor HOME is set" }
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try FileOutput.replace(path, with: String(decoding: try JSONEncoder().encode(choice), as: UTF8.self))
      return nil
    } catch {
      return "the layout is not kept: \((error as? Problem)?.description ?? String(describing: error))"
    }
  }

  private static let mostBytes = 1 << 16
}
