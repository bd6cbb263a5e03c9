import Foundation
import Synchronization
import Testing

/// A Python program of `Peers/` that the tests talk to; it ends with the test.
struct PythonPeer {
  static let interpreter: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["DUBWATCH_TEST_PYTHON"]
    let candidates = [named, root.appendingPathComponent(".venv/bin/python").path].compactMap { $0 }.filter { !$0.isEmpty }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Whether peers can be had; says loudly when not, and fails where it must be there.
  static func isAvailable(_ what: String) -> Bool {
    if interpreter != nil { return true }
    let sentence = "no Python with python-socketio: set DUBWATCH_TEST_PYTHON or run make setup"
    if ProcessInfo.processInfo.environment["CI"] == "true" { Issue.record("\(what): \(sentence)") }
    print("SKIP \(what): \(sentence)")
    return false
  }

  let process = Process()
  let input = Pipe()
  private let lines: LineBox

  /// Starts a program of `Peers/`.
  init(_ script: String, _ arguments: [String] = []) throws {
    let interpreter = try #require(Self.interpreter)
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Peers/\(script)").path
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = [path] + arguments
    let output = Pipe()
    let box = LineBox()
    lines = box
    output.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      box.append(data)
    }
    process.standardOutput = output
    process.standardInput = input
    try process.run()
  }

  /// What it wrote so far, line by line.
  var output: [String] { lines.all }

  /// Waits for its end; nil when it does not come in time.
  func exitStatus(within seconds: Double) async -> Int32? {
    await eventually(within: seconds) { !process.isRunning } ? process.terminationStatus : nil
  }

  func end() {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
  }
}

private final class LineBox: Sendable {
  private let bytes = Mutex(Data())
  func append(_ data: Data) { bytes.withLock { $0.append(data) } }
  var all: [String] { bytes.withLock { String(decoding: $0, as: UTF8.self) }.split(separator: "\n").map(String.init) }
}

/// Looks again and again until a condition holds; false when it does not in time.
func eventually(within seconds: Double, _ condition: () async throws -> Bool) async rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return try await condition()
}
