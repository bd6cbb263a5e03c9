import Foundation

/// What a command did.
package struct CommandResult: Sendable, CustomStringConvertible {
  package let status: Int32
  package let output: String
  package let errors: String

  package var description: String { "status \(status)\n-- output:\n\(output)\n-- errors:\n\(errors)" }
}

/// A program that runs beside a test and ends with it. Its output goes to files: nobody has to read it while it runs.
package final class ChildProgram {
  private let pid: pid_t
  private let files: Scratch
  private var ended: Int32?

  /// Starts a command, looked for in PATH, in an environment of its own words over that of the test.
  package init(_ words: [String], environment: [String: String] = [:], directory: String? = nil) throws {
    files = try Scratch("dubwatch-child")
    // A shell changes the folder and becomes the command.
    let words = directory.map { ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, $0] + words } ?? words
    pid = try spawn(
      words, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
      streams: .files(output: files.file("out"), errors: files.file("err")))
  }

  package convenience init(_ program: String, _ arguments: [String]) throws { try self.init([program] + arguments) }

  deinit { end() }

  package var output: String { files.text("out") ?? "" }
  package var errors: String { files.text("err") ?? "" }

  /// Its wait status once it has ended.
  package var status: Int32? {
    if ended == nil {
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid { ended = status }
    }
    return ended
  }

  /// The status as a shell has it: 128 and the number for a signal.
  private var shellStatus: Int32 {
    guard let ended else { return -1 }
    return ended & 0x7F == 0 ? (ended >> 8) & 0xFF : 128 + (ended & 0x7F)
  }

  /// Waits for its end and gives its exit status, as a shell has it; ends it itself when time is up.
  package func exitStatus(within seconds: Double) async throws -> Int32 {
    _ = await eventually(within: seconds) { status != nil }
    end()
    return shellStatus
  }

  /// Waits for its end and gives all of it; one that does not end in time is killed, so that no politeness hides that it hangs.
  package func result(within seconds: Double) async -> CommandResult {
    if await !eventually(within: seconds, { status != nil }) { killNow() }
    return CommandResult(status: shellStatus, output: output, errors: errors)
  }

  /// Sends it a signal.
  package func send(_ number: Int32) { if status == nil { kill(pid, number) } }

  /// TERM, three seconds, KILL.
  package func end() {
    guard status == nil else { return }
    send(SIGTERM)
    let deadline = ContinuousClock.now + .seconds(3)
    while status == nil, ContinuousClock.now < deadline { poll(nil, 0, 10) }
    killNow()
  }

  private func killNow() {
    guard ended == nil else { return }
    kill(pid, SIGKILL)
    var last: Int32 = 0
    if waitpid(pid, &last, 0) == pid { ended = last }
  }
}

/// Runs a program to its end, which has to come within ten seconds, and gives its standard output.
@discardableResult
package func run(_ program: String, _ arguments: [String]) throws -> String {
  let child = try ChildProgram(program, arguments)
  let deadline = ContinuousClock.now + .seconds(10)
  while child.status == nil, ContinuousClock.now < deadline { poll(nil, 0, 2) }
  child.end()
  guard child.status == 0 else { throw CommandFailed(command: program, status: (child.status ?? -1) >> 8) }
  return child.output
}

/// A word for sh.
package func shellQuoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
