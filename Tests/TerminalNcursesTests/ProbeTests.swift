import Foundation
import TerminalCanvas
import Testing
import WireFormats

/// The real program on a terminal: every way it can end gives the terminal back.
@Suite(.serialized) struct ProbeTests {
  enum Ending: CustomStringConvertible {
    case key(String, Int32)
    case signal(Int32, Int32)

    var description: String {
      switch self {
      case .key(let key, _): "key \(key.debugDescription)"
      case .signal(let number, _): "signal \(number)"
      }
    }
  }

  @Test(arguments: [
    Ending.key("q", 0), .key("e", 3), .key("t", 1), .key("\u{3}", 0), .signal(SIGTERM, 0), .signal(SIGHUP, 0), .signal(SIGINT, 0),
    .signal(SIGSEGV, -SIGSEGV), .signal(SIGABRT, -SIGABRT), .signal(SIGQUIT, -SIGQUIT),
  ])
  func `gives the terminal back`(_ ending: Ending) throws {
    let probe = try ProbeSession(arguments: ["--mouse"])
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") && $0.mouseModes.count == 3 }
    #expect(!probe.pty.isSane && probe.pty.screen.isAlternate)
    let expected: Int32
    switch ending {
    case .key(let key, let status):
      probe.pty.send(key)
      expected = status
    case .signal(let number, let status):
      probe.signal(number)
      expected = status
    }
    #expect(probe.waitForEnd() == expected)
    expectGivenBack(probe)
  }

  @Test func `gives the terminal back after a trap`() throws {
    let probe = try ProbeSession()
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") }
    probe.pty.send("c")
    let status = try #require(probe.waitForEnd())
    #expect([-SIGILL, -SIGTRAP].contains(status))
    expectGivenBack(probe)
  }

  private func expectGivenBack(_ probe: ProbeSession) {
    #expect(probe.pty.isSane)
    #expect(!probe.pty.screen.isAlternate)
    #expect(probe.pty.screen.showsCursor)
    #expect(probe.pty.screen.mouseModes == [])
    #expect(!probe.pty.screen.pastes)
    #expect(probe.pty.screen.unknown == [])
  }

  @Test func `ends when the terminal hangs up`() throws {
    let probe = try ProbeSession()
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") }
    probe.pty.closeMaster()
    #expect(probe.waitForEnd() == 0)
  }

  @Test func `survives fifty resizes`() throws {
    let probe = try ProbeSession(80, 24)
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") }
    for step in 0..<50 {
      let (width, height) = (24 + step * 37 % 150, 3 + step * 13 % 45)
      probe.pty.resize(width, height)
      probe.pty.wait("a frame of \(width)x\(height)") {
        let rows = $0.rows()
        return rows[0].hasPrefix("╭ 1 probe \(width)x\(height)") && rows[0].hasSuffix("╮") && rows[height - 1].hasSuffix("╯")
      }
    }
    // Back and forth faster than frames come: the last size counts.
    for step in 0..<50 { probe.pty.resize(60 + step, 20) }
    probe.pty.wait("the last size") { $0.rows()[0].hasPrefix("╭ 1 probe 109x20") && $0.rows()[0].hasSuffix("╮") }
    probe.pty.send("q")
    #expect(probe.waitForEnd() == 0)
    expectGivenBack(probe)
  }

  @Test func `shows hostile and wide text`() throws {
    let probe = try ProbeSession(60, 12)
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 60x12") }
    probe.pty.send("w")
    probe.pty.wait("wide text") { $0.rows()[5].contains("日本語|e\u{301}|👩👩👧|DE|") }
    #expect(probe.pty.screen.rows()[6].contains("\\e[31mescaped\\e[0m ‹U+202E›txet‹U+202C›|"))
    #expect(probe.pty.screen.rows().allSatisfy { $0.hasSuffix("│") || $0.hasSuffix("╮") || $0.hasSuffix("╯") })
    #expect(probe.pty.screen.rows().allSatisfy { displayWidth($0) == 60 })
    probe.pty.send("q")
    #expect(probe.waitForEnd() == 0)
  }

  @Test(arguments: [
    (["TERM": ""], "TERM is not set"), (["TERM": "dumb"], "cannot place its cursor"),
    (["TERM": "\u{1B}[31mx"], "not in the terminfo database"),
  ])
  func `says why there is no screen`(_ environment: [String: String], _ reason: String) throws {
    let probe = try ProbeSession(environment: environment)
    #expect(probe.waitForEnd() == 1)
    #expect(probe.logText.contains(reason))
    #expect(!probe.logText.contains("\u{1B}"))
    #expect(probe.pty.isSane)
  }

  /// At rest nothing runs. Also prints what frames cost.
  @Test func `rests and measures`() throws {
    let probe = try ProbeSession(160, 48, arguments: ["--bench", "60"])
    probe.pty.wait("the probe", seconds: 60) { $0.rows()[0].contains("probe 160x48") }
    let before = probe.cpuSeconds
    let idle = ContinuousClock.now + .seconds(1)
    while ContinuousClock.now < idle { probe.pty.pump(); poll(nil, 0, 50) }
    if let before, let after = probe.cpuSeconds { #expect(after - before <= 0.02) }
    probe.pty.send("q")
    #expect(probe.waitForEnd() == 0)
    let line = try #require(probe.logText.split(separator: "\n").first { $0.hasPrefix("bench") })
    #expect(line.contains("still_bytes=0"))
    print("160x48, every cell changes: \(line)")
  }
}
