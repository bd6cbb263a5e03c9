import Testing

@testable import ProcessGuard

@Suite struct GuardMessageTests {
  @Test(arguments: [
    GuardMessage.session(id: 1, pid: 4711, startTicks: 99, mark: "1.2.3"), .path(id: 2, "/tmp/ä b/c"),
    .command(id: 3, ["docker", "compose", "", "down"]),
    .release(id: 4),
    .terminal(id: 5, TerminalReset(path: "/dev/pts/7", bytes: [0x1B, 0, 0x1E, 0xFF], ours: [0, 1, 0x9F], former: []), isHeld: false),
    .terminal(id: 6, TerminalReset(path: "/dev/pts/7", bytes: [], ours: [1], former: [2]), isHeld: true), .held(id: 7, true),
    .held(id: 8, false),
  ])
  func `round trip`(message: GuardMessage) throws {
    let bytes = try #require(message.encoded())
    #expect(bytes.last == GuardMessage.terminator)
    #expect(GuardMessage(decoding: bytes.dropLast()) == message)
  }

  @Test func `refuses what the form cannot carry`() {
    #expect(GuardMessage.path(id: 1, "/a\0b").encoded() == nil)
    #expect(GuardMessage.command(id: 1, ["a\u{1E}b"]).encoded() == nil)
  }

  /// Numbers that stand for "everybody" or for ourselves in kill(2) are no children.
  @Test(arguments: [
    "", "S", "S\u{0}1\u{0}-1\u{0}0\u{0}m\u{0}", "S\u{0}1\u{0}0\u{0}0\u{0}m\u{0}", "S\u{0}1\u{0}1\u{0}0\u{0}m\u{0}",
    "S\u{0}1\u{0}9\u{0}0\u{0}\u{0}",
    "T\u{0}1\u{0}dev/tty\u{0}\u{0}\u{0}\u{0}1\u{0}", "T\u{0}1\u{0}/dev/pts/1\u{0}0g\u{0}\u{0}\u{0}1\u{0}",
    "T\u{0}1\u{0}/dev/pts/1\u{0}012\u{0}\u{0}\u{0}1\u{0}",
    "S\u{0}1\u{0}9\u{0}0\u{0}", "X\u{0}1\u{0}", "P\u{0}1\u{0}\u{0}",
  ])
  func `refuses nonsense`(text: String) {
    #expect(GuardMessage(decoding: Array(text.utf8)) == nil)
  }
}
