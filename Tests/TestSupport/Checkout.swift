import Foundation

/// The checkout that the tests were built in, and the programs that were built with them.
package enum Checkout {
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// A path below its root.
  package static func path(_ name: String) -> String { root + "/" + name }

  /// A path below its fixtures.
  package static func fixture(_ name: String) -> String { path("fixtures/" + name) }

  /// The test stream.
  package static let film = fixture("stream/dubwatch-60s.mp4")

  /// A program of the package, which lies beside the test bundle; nil when it is not built.
  package static func program(_ name: String) -> String? {
    programFolders.map { $0.appendingPathComponent(name).path }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Where the bundle may be: that of the process, that of macOS's test host, whose arguments name it, and where a build puts it.
  private static let programFolders: [URL] = {
    let process = [CommandLine.arguments.first ?? "", (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""]
    let named = CommandLine.arguments.filter { $0.contains(".xctest") }.map { argument in
      var url = URL(fileURLWithPath: argument)
      while url.path.count > 1, !url.lastPathComponent.hasSuffix(".xctest") { url.deleteLastPathComponent() }
      return url
    }
    return (process.map { URL(fileURLWithPath: $0) } + named).map { $0.deletingLastPathComponent() }
      + [URL(fileURLWithPath: path(".build/debug"))]
  }()
}

/// The binary under test.
package let dubwatchPath = Checkout.program("dubwatch") ?? Checkout.path(".build/debug/dubwatch")
