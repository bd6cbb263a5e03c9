import Foundation
import TestSupport

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
