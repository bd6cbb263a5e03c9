import Foundation
import Testing

@testable import ProcessGuard

/// Polls a condition until it holds or the deadline has passed.
func eventually(within seconds: Double = 15, _ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(20))
  }
  return try await condition()
}

/// A directory for one test.
struct Scratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> String { path + "/" + name }
  func text(_ name: String) -> String? { try? String(contentsOfFile: file(name), encoding: .utf8) }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Processes whose command line holds a text; ours are found by a word made up for the test.
func processes(holding word: String) -> [Int32] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap { Int32($0) }.filter { pid in
    guard pid != getpid(), let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
    return String(decoding: data, as: UTF8.self).contains(word)
  }
}

/// The program the tests kill; it lies beside the test bundle.
let probePath: String? = {
  let places = [CommandLine.arguments.first ?? "", (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""]
  let folders =
    places.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    + CommandLine.arguments.filter { $0.contains(".xctest") }.map { argument in
      var url = URL(fileURLWithPath: argument)
      while url.path.count > 1, !url.lastPathComponent.hasSuffix(".xctest") { url.deleteLastPathComponent() }
      return url.deletingLastPathComponent()
    } + [URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../.build/debug").standardized]
  return folders.map { $0.appendingPathComponent("guardprobe").path }.first { FileManager.default.isExecutableFile(atPath: $0) }
}()
