import Foundation

/// A tmux server of its own with one window: a terminal that other people wrote, for the real binary.
final class TmuxSession {
  private let socket = "dubwatch-test-\(UUID().uuidString.prefix(8))"

  /// Starts a shell command in a window of this size.
  init(_ command: String, width: Int, height: Int, environment: [String: String] = [:], term: String = "tmux-256color") throws {
    var prefix = "env -u NO_COLOR LANG=C.UTF-8 LC_ALL="
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) { prefix += " \(name)=\(shellQuoted(value))" }
    _ = try tmux("-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "\(prefix) sh -c \(shellQuoted(command))")
    _ = try? tmux("set", "-g", "status", "off")
    _ = try? tmux("set", "-g", "remain-on-exit", "on")
    _ = try? tmux("set", "-g", "default-terminal", term)
    // The status line is gone only now: the window gets the row it took.
    try resize(width: width, height: height)
  }

  deinit { _ = try? tmux("kill-server") }

  /// Presses keys, named as tmux names them.
  func press(_ keys: String...) throws {
    for key in keys { _ = try tmux("send-keys", key) }
  }

  /// Types text as it is.
  func type(_ text: String) throws { _ = try tmux("send-keys", "-l", text) }

  /// Gives the window another size.
  func resize(width: Int, height: Int) throws {
    _ = try tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
  }

  /// What the window shows, line by line.
  func frame() throws -> String { try tmux("capture-pane", "-p") }

  /// The process that runs in the window.
  func processID() throws -> Int32? {
    Int32(try tmux("display-message", "-p", "#{pane_pid}").trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Waits until the frame satisfies a condition; gives the frame, or throws with the last one when time is up.
  @discardableResult
  func wait(_ what: String, seconds: Double = 60, until holds: (String) -> Bool) async throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var last = ""
    repeat {
      last = try frame()
      if holds(last) { return last }
      try await Task.sleep(for: .milliseconds(40))
    } while ContinuousClock.now < deadline
    throw TimedOut(what: what, frame: last)
  }

  private func tmux(_ arguments: String...) throws -> String { try run("tmux", ["-L", socket] + arguments) }

  struct TimedOut: Error, CustomStringConvertible {
    let what: String
    let frame: String
    var description: String { "did not come: \(what). The last frame:\n\(frame)" }
  }
}

/// A word for sh.
func shellQuoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }

/// Runs a program to its end, which has to come within ten seconds, and gives its standard output.
///
/// Foundation's `Process` waits for whoever still holds its pipes, and a tmux server does: this waits for the program alone. Signals that
/// a test's thread blocks are not blocked in the program.
@discardableResult
func run(_ program: String, _ arguments: [String]) throws -> String {
  let output = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-output-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: output) }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY | O_CREAT, 0o600)
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
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
  let words = ([program] + arguments).map { strdup($0) }
  defer { for word in words { free(word) } }
  var pid: pid_t = 0
  guard posix_spawnp(&pid, program, &actions, &attributes, words + [nil], environ) == 0 else {
    throw CommandFailed(command: program, status: 127)
  }
  let deadline = ContinuousClock.now + .seconds(10)
  var status: Int32 = 0
  while waitpid(pid, &status, WNOHANG) == 0 {
    if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
    poll(nil, 0, 2)
  }
  guard status == 0 else { throw CommandFailed(command: program, status: status >> 8) }
  return (try? String(contentsOf: output, encoding: .utf8)) ?? ""
}

struct CommandFailed: Error {
  let command: String
  let status: Int32
}

/// The binary under test, beside the test bundle.
let dubwatchPath: String = {
  let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  return bundle.appendingPathComponent("dubwatch").path
}()
