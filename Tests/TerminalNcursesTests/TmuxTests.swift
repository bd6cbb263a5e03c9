import Foundation
import TestSupport
import Testing

/// The probe in a shell in tmux: a second opinion on what shows, and job control, which needs a shell.
@Suite(.serialized) struct TmuxTests {
  /// One tmux server; killed when it goes out of use.
  final class Tmux {
    private let name = "dubwatch-\(UUID().uuidString)"
    private let program: String

    /// `nil` where tmux is missing: an issue when CI=true, a loud skip otherwise.
    init?() {
      let found = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"].first {
        FileManager.default.isExecutableFile(atPath: $0)
      }
      guard let found else {
        skip("tmux", "it is missing: run make setup")
        return nil
      }
      program = found
      run([
        "-f", "/dev/null", "new-session", "-d", "-x", "90", "-y", "24",
        "env PS1='> ' LANG=C.UTF-8 SWIFT_BACKTRACE=enable=no bash --norc --noprofile",
      ])
    }

    deinit { run(["kill-server"]) }

    /// Runs one tmux command to its end, which comes within moments, and returns what it printed.
    @discardableResult
    func run(_ arguments: [String]) -> String {
      let output = FileManager.default.temporaryDirectory.appendingPathComponent("tmux-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: output) }
      let environment = ProcessInfo.processInfo.environment.filter { $0.key != "TMUX" }
      guard let process = try? spawn([program, "-L", name] + arguments, environment: environment, streams: .terminal(output.path)) else {
        return ""
      }
      let deadline = ContinuousClock.now + .seconds(10)
      while waitpid(process, nil, WNOHANG) == 0 {
        if ContinuousClock.now > deadline { kill(process, SIGKILL) }
        poll(nil, 0, 2)
      }
      return (try? String(contentsOf: output, encoding: .utf8)) ?? ""
    }

    func type(_ text: String) { run(["send-keys", "-l", text]) }
    func keys(_ keys: String...) { run(["send-keys"] + keys) }
    var rows: [String] { run(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    var isAlternate: Bool { run(["display", "-p", "#{alternate_on}"]).hasPrefix("1") }

    func wait(_ what: String, sourceLocation: SourceLocation = #_sourceLocation, until condition: (Tmux) -> Bool) {
      let deadline = ContinuousClock.now + .seconds(20)
      while ContinuousClock.now < deadline {
        if condition(self) { return }
        poll(nil, 0, 30)
      }
      Issue.record("\(what) was not seen. The screen:\n\(rows.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }
  }

  @Test func `stops and goes on`() throws {
    guard let tmux = Tmux() else { return }
    tmux.wait("a prompt") { $0.rows[0].hasPrefix(">") }
    tmux.type(ProbeSession.program + " --mouse")
    tmux.keys("Enter")
    tmux.wait("the probe") { $0.rows[0].contains("probe 90x24") }
    tmux.keys("C-z")
    tmux.wait("the shell") { !$0.isAlternate && $0.rows.contains { $0.contains("Stopped") } }
    tmux.type("clear; stty -a | tr ' ' '\\n' | grep -c -x -e icanon -e echo")
    tmux.keys("Enter")
    tmux.wait("sane settings") { $0.rows[0].hasPrefix("2") }
    tmux.run(["resize-window", "-x", "100", "-y", "30"])
    tmux.type("fg")
    tmux.keys("Enter")
    tmux.wait("the probe again") { $0.isAlternate && $0.rows[0].contains("probe 100x30") && $0.rows[1].contains("resumed(100x30)") }
    #expect(tmux.rows[29].hasSuffix("╯"))
    // The program's own suspend, and keys after it.
    tmux.keys("s")
    tmux.wait("the shell") { !$0.isAlternate }
    tmux.type("fg")
    tmux.keys("Enter")
    tmux.wait("the probe again") { $0.isAlternate && $0.rows[1].contains("resumed(100x30)") }
    tmux.keys("Up")
    tmux.wait("a key") { $0.rows[1].contains("Key.up") }
    tmux.keys("q")
    tmux.wait("the shell") { !$0.isAlternate }
  }

  @Test func `survives resizes`() throws {
    guard let tmux = Tmux() else { return }
    tmux.wait("a prompt") { $0.rows[0].hasPrefix(">") }
    tmux.type("TERM=vt100 " + ProbeSession.program)
    tmux.keys("Enter")
    for step in 0..<20 {
      let (width, height) = (30 + step * 23 % 120, 4 + step * 7 % 40)
      tmux.run(["resize-window", "-x", "\(width)", "-y", "\(height)"])
      tmux.wait("a frame of \(width)x\(height)") { $0.rows[0].contains("probe \(width)x\(height)") && $0.rows[height - 1].hasSuffix("+") }
    }
    tmux.keys("q")
    tmux.wait("the shell") { $0.rows.contains { $0.hasPrefix(">") } }
  }
}
