import Foundation

/// Where a program that a test starts reads and writes.
package enum ChildStreams: Sendable {
  /// Nothing comes in, everything that goes out goes to files.
  case files(output: String, errors: String)
  /// One file or terminal for all three.
  case terminal(String)
}

package struct CommandFailed: Error {
  package let command: String
  package let status: Int32
  package init(command: String, status: Int32) {
    self.command = command
    self.status = status
  }
}

/// Starts a program, looked for in PATH. Foundation's `Process` is not used: it waits for the end of every descendant that inherited its
/// descriptors, as tmux's server does, and hands on the signals that the threads of tests block.
///
/// - Parameter newSession: whether it leads a session; the first terminal that it opens becomes its own.
package func spawn(_ words: [String], environment: [String: String], streams: ChildStreams, newSession: Bool = false) throws -> pid_t {
  let environment = TestState.variables.merging(environment) { $1 }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  switch streams {
  case .files(let output, let errors):
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
  case .terminal(let path):
    posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
  }
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  #if os(Linux)
    let sessionFlag: Int16 = 0x80
  #else
    let sessionFlag: Int16 = 0x0400
  #endif
  var none = sigset_t()
  var all = sigset_t()
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | (newSession ? sessionFlag : 0))
  let arguments = words.map { strdup($0) }
  let variables = environment.map { strdup("\($0.key)=\($0.value)") }
  defer { for text in arguments + variables { free(text) } }
  var process: pid_t = 0
  guard posix_spawnp(&process, words[0], &actions, &attributes, arguments + [nil], variables + [nil]) == 0 else {
    throw CommandFailed(command: words[0], status: 127)
  }
  return process
}

/// What programs under test keep: recordings go to a folder of this test process, never to the user's home.
package enum TestState {
  package static let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-test-state-\(getpid())").path
  /// Variables of every program that a test starts, unless the test, or who runs all tests, says otherwise.
  package static let variables = [
    "XDG_STATE_HOME": ProcessInfo.processInfo.environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? folder
  ]
}
