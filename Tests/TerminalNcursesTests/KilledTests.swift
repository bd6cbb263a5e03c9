#if os(Linux)
  import Foundation
  import Glibc
  import TerminalCanvas
  import TestSupport
  import Testing

  /// `kill -9` on a screen: the guard that outlives the program gives the terminal back.
  @Suite(.serialized) struct KilledTests {
    private func probe(_ arguments: [String] = []) throws -> (ProbeSession, [UInt8]) {
      // Every new terminal has the same modes.
      let before = try PTY(80, 24).modes
      let probe = try ProbeSession(arguments: ["--mouse", "--guard"] + arguments)
      probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") && $0.mouseModes.count == 3 && $0.reportsFocus }
      #expect(probe.pty.modes != before && probe.pty.screen.isAlternate && probe.pty.screen.pastes)
      return (probe, before)
    }

    private func expectGivenBack(_ probe: ProbeSession, _ before: [UInt8]) {
      probe.pty.wait("the shell's screen") { !$0.isAlternate && $0.showsCursor && $0.mouseModes == [] }
      #expect(probe.pty.screen.mouseModes == [] && !probe.pty.screen.pastes && !probe.pty.screen.reportsFocus)
      #expect(probe.pty.screen.title == "the shell's own")
      #expect(probe.pty.screen.unknown == [])
      probe.pty.wait("the shell's modes") { _ in probe.pty.modes == before }
    }

    @Test(arguments: 1...3)
    func `a killed program's terminal is given back`(_ round: Int) throws {
      let (probe, before) = try probe()
      probe.signal(SIGKILL)
      #expect(probe.waitForEnd() == -SIGKILL)
      expectGivenBack(probe, before)
    }

    @Test func `modes that a shell has set meanwhile stay`() throws {
      let (probe, before) = try probe()
      let guardProcess = try #require(probe.guardProcess)
      kill(guardProcess, SIGSTOP)
      // A shell's own: lines, and no echo.
      var settings = before.withUnsafeBytes { $0.loadUnaligned(as: termios.self) }
      settings.c_lflag &= ~tcflag_t(ECHO)
      probe.pty.modes = withUnsafeBytes(of: settings) { Array($0) }
      let shells = probe.pty.modes
      probe.signal(SIGKILL)
      #expect(probe.waitForEnd() == -SIGKILL)
      kill(guardProcess, SIGCONT)
      expectGivenBack(probe, shells)
    }

    @Test func `a terminal that another full-screen program has by now is left alone`() throws {
      let (probe, before) = try probe()
      let guardProcess = try #require(probe.guardProcess)
      kill(guardProcess, SIGSTOP)
      // Neither ours nor a shell's: no lines, but line ends are translated.
      var settings = before.withUnsafeBytes { $0.loadUnaligned(as: termios.self) }
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
      probe.pty.modes = withUnsafeBytes(of: settings) { Array($0) }
      let others = probe.pty.modes
      probe.signal(SIGKILL)
      #expect(probe.waitForEnd() == -SIGKILL)
      kill(guardProcess, SIGCONT)
      probe.pty.wait("the guard's end") { _ in kill(guardProcess, 0) != 0 || (try? readState(guardProcess)) == "Z" }
      probe.pty.pump()
      #expect(probe.pty.modes == others && probe.pty.screen.isAlternate)
    }

    @Test(arguments: [SIGTERM, SIGSEGV])
    func `what the program gave back itself is not given back twice`(_ number: Int32) throws {
      let (probe, before) = try probe()
      let guardProcess = try #require(probe.guardProcess)
      probe.signal(number)
      #expect(probe.waitForEnd() != nil)
      probe.pty.wait("the guard's end") { _ in kill(guardProcess, 0) != 0 || (try? readState(guardProcess)) == "Z" }
      probe.pty.pump()
      // Leaving the alternate screen twice would put the cursor back to an old place.
      #expect(probe.pty.screen.timesLeft == 1)
      expectGivenBack(probe, before)
    }

    private func readState(_ pid: pid_t) throws -> String {
      let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      return text.split(separator: ")").last.flatMap { $0.split(separator: " ").first.map(String.init) } ?? ""
    }
  }
#endif
