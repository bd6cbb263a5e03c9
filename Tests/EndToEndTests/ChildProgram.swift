import Foundation

/// A program that runs beside a test and ends with it; its output goes to files of its own.
final class ChildProgram {
  private let pid: pid_t
  private let files: URL
  private var ended: Int32?

  /// Starts a program, looked for in PATH.
  init(_ program: String, _ arguments: [String]) throws {
    files = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-child-\(UUID().uuidString)")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files.path + ".out", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, files.path + ".err", O_WRONLY | O_CREAT, 0o600)
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
    var started: pid_t = 0
    guard posix_spawnp(&started, program, &actions, &attributes, words + [nil], environ) == 0 else {
      throw CommandFailed(command: program, status: 127)
    }
    pid = started
  }

  deinit {
    end()
    for kind in [".out", ".err"] { try? FileManager.default.removeItem(atPath: files.path + kind) }
  }

  var output: String { text(".out") }
  var errors: String { text(".err") }
  private func text(_ kind: String) -> String { (try? String(contentsOfFile: files.path + kind, encoding: .utf8)) ?? "" }

  /// Its wait status once it has ended.
  var status: Int32? {
    if ended == nil {
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid { ended = status }
    }
    return ended
  }

  /// Waits for its end and gives its exit status; ends it itself when time is up.
  func exitStatus(within seconds: Double) async throws -> Int32 {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while status == nil, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    end()
    return (ended ?? -1) >> 8
  }

  /// Sends it a signal.
  func send(_ number: Int32) { if status == nil { kill(pid, number) } }

  /// TERM, three seconds, KILL.
  func end() {
    guard status == nil else { return }
    kill(pid, SIGTERM)
    let deadline = ContinuousClock.now + .seconds(3)
    while status == nil, ContinuousClock.now < deadline { poll(nil, 0, 10) }
    guard ended == nil else { return }
    kill(pid, SIGKILL)
    var last: Int32 = 0
    if waitpid(pid, &last, 0) == pid { ended = last }
  }
}

/// Looks again and again until something is there.
func waitFor<Value>(_ what: String, seconds: Double = 30, _ look: () throws -> Value?) async throws -> Value {
  let deadline = ContinuousClock.now + .seconds(seconds)
  repeat {
    if let value = try look() { return value }
    try await Task.sleep(for: .milliseconds(30))
  } while ContinuousClock.now < deadline
  throw NotThere(what: what)
}

struct NotThere: Error, CustomStringConvertible {
  let what: String
  var description: String { "did not come in time: \(what)" }
}

/// A port that nothing listens on now.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
      bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
    }
  }
  guard bound else { throw CommandFailed(command: "bind", status: errno) }
  return Int(UInt16(bigEndian: address.sin_port))
}
