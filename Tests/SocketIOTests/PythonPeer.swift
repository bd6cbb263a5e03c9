import Foundation
import Testing

@testable import SocketIO

/// Finds an interpreter that has python-socketio: `DUBWATCH_TEST_PYTHON`, else `.venv/bin/python` at the repository's root.
enum PythonPeer {
  private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static let interpreter: String? = {
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["DUBWATCH_TEST_PYTHON"]
    let candidates = [named, root.appendingPathComponent(".venv/bin/python").path].compactMap { $0 }
    return candidates.first { hasSocketIO($0) }
  }()

  private static func hasSocketIO(_ python: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", "import socketio, aiohttp, websocket, requests"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  /// The interpreter, or `nil` after saying so loudly; a failure where a skip would hide a hole (CI).
  static func required(_ test: String) -> String? {
    if let interpreter { return interpreter }
    print(
      "SKIPPED \(test): no Python with python-socketio; set DUBWATCH_TEST_PYTHON or make .venv (pip install python-socketio aiohttp websocket-client requests)"
    )
    if ProcessInfo.processInfo.environment["CI"] == "true" { Issue.record("python-socketio is needed in CI") }
    return nil
  }

  /// A running script. Whoever starts it ends it with `stop()`.
  final class Child: Sendable {
    let lines: FrameLines
    private let process: Process
    private let input: Pipe
    private let limit: Task<Void, Never>
    private let exit: Task<Int32, Never>

    init(_ python: String, _ script: String, _ arguments: [String], limit: Duration = .seconds(90)) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: python)
      process.arguments = ["-u", PythonPeer.here.appendingPathComponent("Peers/\(script)").path] + arguments
      let (output, input) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = output
      process.standardInput = input
      let (ended, end) = AsyncStream.makeStream(of: Int32.self)
      process.terminationHandler = {
        end.yield($0.terminationStatus)
        end.finish()
      }
      lines = FrameLines()
      let lines = lines
      output.fileHandleForReading.readabilityHandler = { handle in
        let data = handle.availableData
        if data.isEmpty { handle.readabilityHandler = nil }
        lines.feed(data)
      }
      try process.run()
      self.process = process
      self.input = input
      exit = Task {
        for await status in ended { return status }; return -1
      }
      self.limit = Task {
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        process.terminate()
      }
    }

    var status: Int32 { get async { await exit.value } }

    func stop() async {
      limit.cancel()
      try? input.fileHandleForWriting.close()
      if process.isRunning { process.terminate() }
      _ = await exit.value
    }
  }

  /// What a child has printed, by lines.
  final class FrameLines: Sendable {
    private let text = Locked("")
    func feed(_ data: Data) { text.withLock { $0 += String(decoding: data, as: UTF8.self) } }
    var all: [String] { text.withLock { $0 }.split(separator: "\n").map(String.init) }
  }
}
