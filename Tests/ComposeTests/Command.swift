import Foundation

/// What a command did.
struct CommandResult: CustomStringConvertible {
  let status: Int32
  let output: String
  let errors: String

  var description: String { "status \(status)\n-- output:\n\(output)\n-- errors:\n\(errors)" }
}

/// A command that runs, with its output in files: nobody has to read it while it does.
final class RunningCommand {
  let pid: pid_t
  private let folder: URL
  private var status: Int32?

  /// Starts a command in an environment of its own words over that of the test; signals that a test's thread blocks are not blocked in it.
  init(_ words: [String], environment: [String: String] = [:], directory: String? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, folder.appendingPathComponent("out").path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder.appendingPathComponent("err").path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let variables = merged.map { strdup("\($0.key)=\($0.value)") }
    // A shell changes the folder and becomes the command.
    let words = directory.map { ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, $0] + words } ?? words
    let arguments = words.map { strdup($0) }
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    guard posix_spawnp(&pid, words[0], &actions, &attributes, arguments + [nil], variables + [nil]) == 0 else {
      throw CommandMissing(command: words[0])
    }
    self.pid = pid
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      var ignored: Int32 = 0
      waitpid(pid, &ignored, 0)
    }
    try? FileManager.default.removeItem(at: folder)
  }

  var output: String { read("out") }
  var errors: String { read("err") }

  private func read(_ name: String) -> String {
    (try? Data(contentsOf: folder.appendingPathComponent(name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  func signal(_ number: Int32) { if status == nil { kill(pid, number) } }

  /// Waits until the command has ended; one that does not is killed.
  /// - Returns: its status as a shell has it: 128 and the number for a signal.
  func wait(seconds: Double) async -> CommandResult {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var raw: Int32 = 0
    while status == nil {
      if waitpid(pid, &raw, WNOHANG) == pid { break }
      if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
      try? await Task.sleep(for: .milliseconds(10))
    }
    let ended = status ?? (raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F))
    status = ended
    return CommandResult(status: ended, output: output, errors: errors)
  }
}

struct CommandMissing: Error {
  let command: String
}

/// Polls a condition until it holds or the deadline has passed.
func eventually(within seconds: Double = 60, _ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(100))
  }
  return try await condition()
}

/// The binary under test, beside the test bundle.
let dubwatchPath: String = {
  let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  return bundle.appendingPathComponent("dubwatch").path
}()

/// The checkout that the tests were built in.
let checkoutPath = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
