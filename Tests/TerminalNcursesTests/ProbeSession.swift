import Foundation
import TestSupport
import Testing

/// The probe program on a pseudo-terminal of its own, as its controlling terminal. Ended when it goes out of use.
final class ProbeSession {
  let pty: PTY
  let log: URL
  private let process: pid_t
  private var status: Int32?

  /// The program, which is built beside the tests.
  static let program = Checkout.program("termprobe") ?? "termprobe"

  init(_ width: Int = 80, _ height: Int = 24, arguments: [String] = [], environment: [String: String] = [:]) throws {
    pty = try PTY(width, height)
    log = FileManager.default.temporaryDirectory.appendingPathComponent("termprobe-\(UUID().uuidString).log")
    var variables = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    if let path = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] { variables["LD_LIBRARY_PATH"] = path }
    // The first terminal that the leader of a new session opens becomes its own.
    process = try spawn(
      [Self.program, "--log", log.path] + arguments, environment: variables, streams: .terminal(pty.path), newSession: true)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    try? FileManager.default.removeItem(at: log)
  }

  func signal(_ number: Int32) { kill(process, number) }

  /// The guard of the probe; nil as long as there is none.
  var guardProcess: pid_t? {
    // Each thread has its own children.
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.lazy.compactMap { thread in
      let children = (try? String(contentsOfFile: "/proc/\(self.process)/task/\(thread)/children", encoding: .utf8)) ?? ""
      return children.split(separator: " ").compactMap { pid_t($0) }.first
    }.first
  }

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
