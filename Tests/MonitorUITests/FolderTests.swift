import Foundation
import TestSupport
import Testing

/// The folders of MonitorUI use each other in one direction only: by the names of types and panes; members of extensions are not seen.
@Suite struct FolderTests {
  /// Which folders each may use; its own goes without saying.
  ///
  /// State: what the user looks at, as values. Drawing: what a frame is drawn from and with. Panes: one file a pane, and their table.
  /// Update: what actions do to the state, and the table of commands. View: where panes stand, and all around them. Program: the loop. Fleet: the
  /// screen of many workers, which opens the other one.
  private static let mayUse: [String: Set<String>] = [
    "State": [], "Drawing": ["State"], "Panes": ["State", "Drawing"], "Update": ["State", "Panes"],
    "View": ["State", "Drawing", "Panes"], "Program": ["State", "Drawing", "Panes", "Update", "View"],
    "Fleet": ["State", "Drawing", "Panes", "Update", "View", "Program"],
  ]

  private static let root = Checkout.path("Sources/MonitorUI")

  private struct File {
    let name: String
    /// Its code without comments.
    let code: String
  }

  private static func files(_ folder: String) throws -> [File] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      let text = try String(contentsOfFile: "\(root)/\(folder)/\(name)", encoding: .utf8)
      return File(name: "\(folder)/\(name)", code: text.replacing(#/\/\/[^\n]*/#, with: ""))
    }
  }

  /// Types of a folder that others can name, and the panes that it names.
  private static func names(_ files: [File]) -> Set<String> {
    let types = files.flatMap { $0.code.matches(of: #/(?m)^(?:package )?(?:struct|enum|protocol|actor|final class|class) (\w+)/#) }
    let panes = files.flatMap { $0.code.matches(of: #/static let (\w+) = Pane\(/#) }
    return Set(types.map { String($0.1) } + panes.map { "Pane.\($0.1)" })
  }

  @Test func `every folder has its place`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root)
    #expect(Set(folders) == Set(Self.mayUse.keys))
  }

  @Test(arguments: mayUse.keys.sorted()) func `a folder names only what it may use`(_ folder: String) throws {
    let own = try Self.files(folder)
    for (other, _) in Self.mayUse where other != folder && Self.mayUse[folder]?.contains(other) == false {
      let names = try Self.names(Self.files(other))
      #expect(!names.isEmpty)
      for file in own {
        let words = Set(file.code.matches(of: #/\b(?:Pane\.)?\w+/#).map { String($0.0) })
        let used = words.intersection(names).sorted()
        #expect(used.isEmpty, "\(file.name) uses \(used) of \(other)")
      }
    }
  }
}
