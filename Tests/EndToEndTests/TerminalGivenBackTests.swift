import Foundation
import TestSupport
import Testing

/// However the program ends, the terminal is the shell's again and no process is left.
@Suite(.serialized) struct TerminalGivenBackTests {
  /// A demo in a shell that afterwards says its status and the terminal's settings.
  private func session() throws -> TmuxSession {
    try TmuxSession(
      "\(shellQuoted(dubwatchPath)) demo everything --speed 5; echo status=$?; stty -a; printf 'alt=%s\\n' done; exec sleep 600",
      width: 120, height: 40)
  }

  private func demoProcess(of terminal: TmuxSession) async throws -> Int32 {
    let shell = try #require(try terminal.processID())
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      let found = (try? run("pgrep", ["-P", "\(shell)", "-x", "dubwatch"])) ?? ""
      if let pid = found.split(separator: "\n").first.flatMap({ Int32($0) }) { return pid }
      await Task.yield()
    }
    throw CommandFailed(command: "pgrep", status: 1)
  }

  private func expectSane(_ frame: String, status: Int32) {
    #expect(frame.contains("status=\(status)"))
    let settings = Set(frame.split { $0 == " " || $0 == "\n" || $0 == ";" }.map(String.init))
    for setting in ["icanon", "echo", "isig", "icrnl", "opost"] { #expect(settings.contains(setting), "\(setting)") }
    #expect(!frame.contains("╭"))
  }

  @Test func `q gives the terminal back`() async throws {
    let terminal = try session()
    try await terminal.wait("the first frame") { $0.contains("Services") }
    try terminal.press("q")
    try await terminal.wait("the question or the end") { $0.contains("status=") || $0.contains("y ") }
    if try !terminal.frame().contains("status=") { try terminal.press("y") }
    expectSane(try await terminal.wait("the end") { $0.contains("alt=done") }, status: 0)
  }

  @Test(arguments: [("INT", Int32(130)), ("TERM", 143), ("HUP", 129)])
  func `a signal gives the terminal back`(name: String, status: Int32) async throws {
    let terminal = try session()
    try await terminal.wait("the first frame") { $0.contains("Services") }
    try run("kill", ["-\(name)", "\(try await demoProcess(of: terminal))"])
    expectSane(try await terminal.wait("the end") { $0.contains("alt=done") }, status: status)
  }

  @Test func `a crash gives the terminal back`() async throws {
    let terminal = try session()
    try await terminal.wait("the first frame") { $0.contains("Services") }
    try run("kill", ["-ILL", "\(try await demoProcess(of: terminal))"])
    expectSane(try await terminal.wait("the end", seconds: 20) { $0.contains("alt=done") }, status: 132)
  }

  @Test func `kill -9 gives the terminal back too`() async throws {
    let folder = try Scratch()
    defer { folder.remove() }
    // What the shell writes before the guard is lost with the screen that is left: it waits until the test has seen its own.
    let terminal = try TmuxSession(
      "\(shellQuoted(dubwatchPath)) demo everything --speed 5; s=$?; until [ -e \(folder.file("seen")) ]; do sleep 0.05; done; "
        + "echo status=$s; stty -a; printf 'alt=%s\\n' done; exec sleep 600", width: 120, height: 40)
    try await terminal.wait("the first frame") { $0.contains("Services") }
    try run("kill", ["-KILL", "\(try await demoProcess(of: terminal))"])
    try await terminal.wait("the shell's screen") { !$0.contains("╭") }
    try folder.write("seen", "")
    expectSane(try await terminal.wait("the end") { $0.contains("alt=done") && $0.contains("icanon") }, status: 137)
  }

  @Test func `an interactive shell has its screen again after kill -9`() async throws {
    let terminal = try TmuxSession("exec bash --norc -i", width: 120, height: 40)
    try await terminal.wait("a prompt") { $0.contains("$") || $0.contains("#") }
    try terminal.type("\(shellQuoted(dubwatchPath)) demo everything --speed 5\n")
    try await terminal.wait("the first frame") { $0.contains("1 Services") }
    try run("kill", ["-KILL", "\(try await demoProcess(of: terminal))"])
    try await terminal.wait("the shell") { !$0.contains("╭") }
    try terminal.type("echo typed-$((1+1))\n")
    try await terminal.wait("what was typed, and what came of it") { $0.contains("echo typed-") && $0.contains("typed-2") }
  }

  @Test func `kill -9 leaves no process and no temporary folder`() async throws {
    let (folder, flags) = (try Scratch(), try Scratch())
    defer { for scratch in [folder, flags] { scratch.remove() } }
    let terminal = try TmuxSession(
      "TMPDIR=\(folder.path) \(shellQuoted(dubwatchPath)) demo everything --speed 5; s=$?; "
        + "until [ -e \(flags.file("seen")) ]; do sleep 0.05; done; echo status=$s; exec sleep 600", width: 120, height: 40)
    try await terminal.wait("the first frame") { $0.contains("Services") }
    #expect(!folder.names.isEmpty)
    try run("kill", ["-KILL", "\(try await demoProcess(of: terminal))"])
    try await terminal.wait("the shell's screen") { !$0.contains("╭") }
    try flags.write("seen", "")
    try await terminal.wait("the end") { $0.contains("status=137") }
    #expect(await eventually { folder.names.isEmpty }, "left behind: \(folder.names)")
  }

  @Test func `ctrl-z stops and fg goes on`() async throws {
    let terminal = try TmuxSession("exec bash --norc -i", width: 120, height: 40)
    try await terminal.wait("a prompt") { $0.contains("$") || $0.contains("#") }
    try terminal.type("\(shellQuoted(dubwatchPath)) demo everything --speed 5\n")
    try await terminal.wait("the first frame") { $0.contains("1 Services") }
    try terminal.press("C-z")
    try await terminal.wait("the shell") { $0.contains("Stopped") && !$0.contains("╭") }
    try terminal.type("fg\n")
    try await terminal.wait("the screen again") { $0.contains("1 Services") && $0.contains("╭") }
    try terminal.press("C-c")
    try await terminal.wait("the shell again") { !$0.contains("╭") }
  }
}
