import Foundation
import Testing

/// A Python program that a test talks to: the real python-socketio or prometheus_client, unmodified. Whoever starts it ends it.
package final class PythonPeer: Sendable {
  /// `DUBWATCH_TEST_PYTHON`, else `.venv/bin/python` of the checkout, when it has what the programs import.
  package static let interpreter: String? = {
    let candidates = [ProcessInfo.processInfo.environment["DUBWATCH_TEST_PYTHON"], Checkout.path(".venv/bin/python")]
    return candidates.compactMap { $0 }.first { hasSocketIO($0) }
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

  /// Whether the interpreter has a module beside those that every peer needs; says loudly when not.
  package static func isAvailable(_ what: String, importing module: String) -> Bool {
    guard isAvailable(what), let python = interpreter else { return false }
    if (try? run(python, ["-c", "import \(module)"])) != nil { return true }
    skip(what, "the Python of the tests has no \(module): run make setup")
    return false
  }

  /// Whether peers can be had; says loudly when not, and fails where they must be there.
  package static func isAvailable(_ what: String) -> Bool {
    if interpreter != nil { return true }
    skip(what, "no Python with python-socketio: set DUBWATCH_TEST_PYTHON or run make setup")
    return false
  }

  private let process: Process
  private let input = Pipe()
  private let written = Collected<UInt8>()
  private let limit: Task<Void, Never>
  private let exit: Task<Int32, Never>

  /// Starts a program of the checkout.
  ///
  /// - Parameter takesErrors: whether `output` has what it writes to its standard error, too.
  /// - Parameter limit: it is ended then, whatever it does.
  package init(_ script: String, _ arguments: [String] = [], takesErrors: Bool = false, limit: Duration = .seconds(90)) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.interpreter))
    process.arguments = ["-u", Checkout.path(script)] + arguments
    process.environment = TestState.variables.merging(ProcessInfo.processInfo.environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    if takesErrors { process.standardError = output }
    process.standardInput = input
    let (ended, end) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = {
      end.yield($0.terminationStatus)
      end.finish()
    }
    let written = written
    output.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      written.add(contentsOf: data)
    }
    try process.run()
    self.process = process
    exit = Task {
      for await status in ended { return status }
      return -1
    }
    self.limit = Task {
      guard (try? await Task.sleep(for: limit)) != nil else { return }
      process.terminate()
    }
  }

  /// What it wrote so far, line by line.
  package var output: [String] { written.lines }

  /// Its exit status, once it has ended.
  package var status: Int32 { get async { await exit.value } }

  /// Waits for its end; nil when it does not come in time.
  package func exitStatus(within seconds: Double) async -> Int32? {
    await eventually(within: seconds) { !process.isRunning } ? process.terminationStatus : nil
  }

  /// Gives it all of its input.
  package func feed(_ text: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
  }

  package func end() {
    limit.cancel()
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
  }

  /// Ends it and waits until it has.
  package func stop() async {
    end()
    _ = await exit.value
  }
}
