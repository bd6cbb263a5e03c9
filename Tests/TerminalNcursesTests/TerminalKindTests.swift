import TerminalCanvas
import TestSupport
import Testing

@testable import TerminalNcurses

/// Terminals that this system's terminfo does not know.
@Suite(.serialized) struct TerminalKindTests {
  /// A folder without entries beside the system's own is not needed: these names are in no database.
  @Test(arguments: [
    "xterm-nosuchkind", "foot-nosuch", "wezterm-nosuch", "rio-nosuch", "contour-nosuch", "alacritty-nosuch", "ghostty-nosuch",
    "kitty-nosuch",
  ])
  func `an unknown terminal of a known kind starts, with a notice`(_ name: String) throws {
    let probe = try ProbeSession(arguments: ["--mouse"], environment: ["TERM": name])
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") && $0.mouseModes.count == 3 }
    #expect(probe.logText.contains("This system does not know the terminal type \"\(name)\" (TERM): it is drawn to as xterm-256color."))
    #expect(probe.logText.contains("colors=256"))
    probe.pty.send("q")
    #expect(probe.waitForEnd() == 0)
    #expect(probe.pty.isSane && !probe.pty.screen.isAlternate)
  }

  @Test func `a terminal of no known name that answers as one starts`() throws {
    let probe = try ProbeSession(environment: ["TERM": "nosuchterminal"])
    probe.pty.wait("the question") { $0.unknown.contains("CSI c") }
    probe.pty.send("\u{1B}[?62;22c")
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") }
    #expect(probe.logText.contains("drawn to as xterm-256color"))
    probe.pty.send("q")
    #expect(probe.waitForEnd() == 0)
    #expect(probe.pty.isSane && !probe.pty.screen.isAlternate)
  }

  @Test func `the background is an input, and nothing is waited for`() throws {
    let probe = try ProbeSession(80, 24, environment: ["COLORFGBG": "0;15"])
    probe.pty.wait("the probe") { $0.rows()[0].contains("probe 80x24") && $0.strings.contains("11;?") }
    probe.pty.send("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\")
    probe.pty.wait("the input") { _ in probe.logText.contains("input background(TerminalCanvas.Ground.light)") }
    probe.pty.send("\u{1B}[O\u{1B}[I")
    probe.pty.wait("the focus") { _ in probe.logText.contains("input focus(false)") && probe.logText.contains("input focus(true)") }
    probe.pty.send("q")
    #expect(probe.waitForEnd() == 0)
  }

  @Test(
    arguments: [
      ("tmux-nosuch", "tmux-256color"), ("screen.nosuch", "screen-256color"), ("XTERM-KITTY", "xterm-256color"), ("vt100", nil),
      ("dumb", nil),
      ("", nil),
    ] as [(String, String?)])
  func `names tell kinds`(_ name: String, _ first: String?) { #expect(TerminalKind.others(of: name).first == first) }
}
