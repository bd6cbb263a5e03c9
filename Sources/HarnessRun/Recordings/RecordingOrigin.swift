import HarnessCore
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a recording comes from: program, machine, command, and the commit of the tree that the command runs in.
enum RecordingOrigin {
  /// The texts by their names. Secrets are masked.
  /// - Parameter edits: whether the tree was edited since its commit.
  static func texts(words: [String], environment: [String: String], edits: TreeEdits) -> [String: String] {
    var texts = ["version": Version.text, "host": host, "command": words.map(Redaction.redact).joined(separator: " ")]
    texts["system"] = system
    let named = [environment["DUBWATCH_COMMIT"], environment["GITHUB_SHA"]].compactMap(\.self).first { !$0.isEmpty }
    let tree = GitTree.find(from: FileManager.default.currentDirectoryPath)
    texts["commit"] = named ?? tree?.commit
    texts["branch"] = tree?.branch
    if texts["commit"] != nil {
      // A commit that was named need not be that of this tree.
      texts["dirty"] = (named == nil || named == tree?.commit ? edits : .notKnown).rawValue
    }
    return texts
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "not known" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static var system: String {
    #if os(Linux)
      "Linux"
    #else
      "macOS"
    #endif
  }
}

/// A checkout of git, read without git: what is checked out in it.
struct GitTree: Hashable, Sendable {
  var commit: String?
  var branch: String?

  /// The tree that a folder lies in; nil where it lies in none.
  static func find(from folder: String) -> GitTree? {
    var folder = folder
    while true {
      if let tree = read(folder + "/.git") { return tree }
      guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { return nil }
      folder = String(folder[..<slash])
    }
  }

  private static func read(_ path: String) -> GitTree? {
    var folder = path
    // A worktree and a submodule have a file that says where their folder is, a relative one beside that file.
    if let pointer = text(path), pointer.hasPrefix("gitdir: ") {
      let named = String(pointer.dropFirst(8))
      folder = named.hasPrefix("/") ? named : String(path.dropLast(".git".count)) + named
    }
    guard let head = text(folder + "/HEAD") else { return nil }
    guard head.hasPrefix("ref: ") else { return GitTree(commit: head) }
    let name = String(head.dropFirst(5))
    let branch = name.hasPrefix("refs/heads/") ? String(name.dropFirst(11)) : name
    let common = text(folder + "/commondir").map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 } ?? folder
    let packed = text(common + "/packed-refs")?.split(separator: "\n").first { $0.hasSuffix(" " + name) }
    return GitTree(commit: text(common + "/" + name) ?? packed.map { String($0.prefix { $0 != " " }) }, branch: branch)
  }

  private static func text(_ path: String) -> String? {
    guard var bytes = SmallFile.bytes(of: path, atMost: 1 << 22) else { return nil }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
