import Foundation

/// A folder for one test. It goes with its last owner; a test that hands out its path only says when, with `remove()`.
package final class Scratch: Sendable {
  package let path: String

  package init(_ name: String = "dubwatch-test") throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { remove() }

  package func remove() { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { path + "/" + name }
  package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  package func bytes(_ name: String) -> [UInt8] { FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) } ?? [] }
  /// What a file says; nil while it is not there.
  package func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) }
  }
  /// What is in it, sorted by name.
  package var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  package func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: file(name))) }
  package func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// A new file to write into.
  package func open(_ name: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: file(name), contents: nil)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
  }

  package func append(_ name: String, _ bytes: [UInt8]) throws {
    let handle = try exists(name) ? FileHandle(forWritingTo: URL(fileURLWithPath: file(name))) : open(name)
    defer { try? handle.close() }
    _ = try handle.seekToEnd()
    try handle.write(contentsOf: Data(bytes))
  }
  package func append(_ name: String, _ text: String) throws { try append(name, Array(text.utf8)) }

  package func truncate(_ name: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
    try handle.truncate(atOffset: 0)
    try handle.close()
  }
  package func move(_ name: String, to other: String) throws { try FileManager.default.moveItem(atPath: file(name), toPath: file(other)) }
  /// Puts a file in the place of another at once, as `mv` does.
  package func replace(_ name: String, with other: String) throws {
    guard rename(file(other), file(name)) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }
  package func delete(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }
}
