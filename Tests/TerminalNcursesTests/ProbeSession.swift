import Foundation
import Testing

/// The probe program on a pseudo-terminal of its own, as its controlling terminal. Ended when it goes out of use.
final class ProbeSession {
  let pty: PTY
  let log: URL
  private let process: pid_t
  private var status: Int32?

  /// The program beside the test bundle.
  static var program: URL {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [
      bundle, bundle.deletingLastPathComponent(),
      bundle.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),
    ]
    return candidates.map { $0.appendingPathComponent("termprobe") }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
      ?? bundle.appendingPathComponent("termprobe")
  }

  init(_ width: Int = 80, _ height: Int = 24, arguments: [String] = [], environment: [String: String] = [:]) throws {
    pty = try PTY(width, height)
    log = FileManager.default.temporaryDirectory.appendingPathComponent("termprobe-\(UUID().uuidString).log")
    var variables = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    if let path = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] { variables["LD_LIBRARY_PATH"] = path }
    // The first terminal that the leader of a new session opens becomes its own.
    process = try spawn(Self.program.path, ["--log", log.path] + arguments, variables, terminal: pty.path, newSession: true)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    try? FileManager.default.removeItem(at: log)
  }

  func signal(_ number: Int32) { kill(process, number) }

  var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// User and system time of the process so far, in seconds.
  var cpuSeconds: Double? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let rest = text.split(separator: ")").last
    else { return nil }
    let fields = rest.split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Waits for the end: the exit status, or the signal as a negative number; `nil` when it did not end in time.
  func waitForEnd(seconds: Double = 15) -> Int32? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      pty.pump()
      var raw: Int32 = 0
      if waitpid(process, &raw, WNOHANG) == process {
        status = raw
        pty.pump()
        let signal = raw & 0x7F
        return signal == 0 ? (raw >> 8) & 0xFF : -signal
      }
      poll(nil, 0, 5)
    }
    return nil
  }
}

/// Starts a program with one path as its input and outputs. Foundation's Process is not used: it waits for the end of every descendant that
/// inherited its descriptors, as tmux's server does.
func spawn(_ program: String, _ arguments: [String], _ environment: [String: String], terminal: String, newSession: Bool) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR | O_CREAT, 0o600)
  posix_spawn_file_actions_adddup2(&actions, 0, 1)
  posix_spawn_file_actions_adddup2(&actions, 0, 2)
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  #if os(Linux)
    let sessionFlag: Int16 = 0x80
  #else
    let sessionFlag: Int16 = 0x0400
  #endif
  // The threads that tests run on block nearly every signal, and a child would inherit that.
  var none = sigset_t()
  var all = sigset_t()
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  let signalFlags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
  posix_spawnattr_setflags(&attributes, signalFlags | (newSession ? sessionFlag : 0))
  var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
  var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for pointer in argv + envp { free(pointer) } }
  var process: pid_t = 0
  let result = posix_spawn(&process, program, &actions, &attributes, &argv, &envp)
  guard result == 0 else { throw PTY.Failed(description: "\(program) did not start: \(result)") }
  return process
}
