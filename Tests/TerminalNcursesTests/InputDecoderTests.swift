import TerminalCanvas
import Testing

@testable import TerminalNcurses

@Suite struct InputDecoderTests {
  private static let esc = "\u{1B}"

  @Test(
    arguments: [
      ("a", [.key(.char("a"))]), ("é日", [.key(.char("é")), .key(.char("日"))]), ("\r\n", [.key(.enter), .key(.enter)]), ("\t", [.key(.tab)]),
      ("\u{7F}\u{8}", [.key(.backspace), .key(.backspace)]), ("\u{1}\u{1A}\u{0}", [.key(.ctrl("a")), .key(.ctrl("z")), .key(.ctrl(" "))]),
      (esc + "[A" + esc + "OB", [.key(.up), .key(.down)]), (esc + "[1;5C", [.key(.right)]),
      (esc + "[H" + esc + "[4~", [.key(.home), .key(.end)]),
      (esc + "[5~" + esc + "[6~" + esc + "[3~", [.key(.pageUp), .key(.pageDown), .key(.delete)]), (esc + "[Z", [.key(.backTab)]),
      (
        esc + "OP" + esc + "[15~" + esc + "[24~" + esc + "[[A",
        [.key(.function(1)), .key(.function(5)), .key(.function(12)), .key(.function(1))]
      ),
      (esc + "x" + esc + "é", [.key(.alt("x")), .key(.alt("é"))]), (esc + esc + "[A", [.key(.escape), .key(.up)]),
      (
        esc + "[<0;10;5M" + esc + "[<0;10;5m",
        [
          .mouse(MouseEvent(kind: .press, button: .left, point: Point(x: 9, y: 4))),
          .mouse(MouseEvent(kind: .release, button: .left, point: Point(x: 9, y: 4))),
        ]
      ),
      (
        esc + "[<64;1;1M" + esc + "[<65;1;1M",
        [
          .mouse(MouseEvent(kind: .scrollUp, point: Point(x: 0, y: 0))), .mouse(MouseEvent(kind: .scrollDown, point: Point(x: 0, y: 0))),
        ]
      ),
      (esc + "[<52;3;4M", [.mouse(MouseEvent(kind: .drag, button: .left, point: Point(x: 2, y: 3), modifiers: [.shift, .control]))]),
      (esc + "[M !!", [.mouse(MouseEvent(kind: .press, button: .left, point: Point(x: 0, y: 0)))]),
      (esc + "[<66;1;1M" + esc + "[<0;0;1M", []),
      (esc + "[200~rm -rf\r" + esc + "[A" + esc + "[201~q", [.paste("rm -rf\r" + esc + "[A"), .key(.char("q"))]),
      (esc + "]52;c;abc\u{7}x", [.key(.char("x"))]), (esc + "P1$r0m" + esc + "\\y", [.key(.char("y"))]),
      (esc + "[?1;2c" + esc + "[I" + "z", [.focus(true), .key(.char("z"))]),
      (esc + "[24;80R" + esc + "[1;2R", [.key(.function(3))]), (esc + "[97;5u" + esc + "[27u", [.key(.ctrl("a")), .key(.escape)]),
      ("\u{85}\u{9B}a", [.key(.char("a"))]),
    ] as [(String, [TerminalInput])])
  func `bytes become inputs, whole or one by one`(_ text: String, _ expected: [TerminalInput]) {
    var whole = InputDecoder()
    #expect(whole.feed(text.utf8) + whole.flush() == expected)
    // The same when every byte comes alone.
    var single = InputDecoder()
    var events: [TerminalInput] = []
    for byte in text.utf8 { events += single.feed([byte]) }
    #expect(events + single.flush() == expected)
    #expect(!single.isWaiting)
  }

  @Test(
    arguments: [
      (esc, [.key(.escape)]), (esc + "[", [.key(.alt("["))]), (esc + "O", [.key(.alt("O"))]), (esc + "]", [.key(.alt("]"))]),
      (esc + "[1;", []),
      (esc + "[200~half", [.paste("half")]),
    ] as [(String, [TerminalInput])])
  func `waits and gives up`(_ text: String, _ expected: [TerminalInput]) {
    var decoder = InputDecoder()
    #expect(decoder.feed(text.utf8) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.flush() == expected)
    #expect(!decoder.isWaiting)
  }

  @Test func `knows keys of terminfo`() {
    var decoder = InputDecoder(keys: [Array("\u{1B}Ot".utf8): .function(9), [0x0B]: .up])
    #expect(decoder.feed(Array("\u{1B}Ot\u{0B}".utf8)) == [.key(.function(9)), .key(.ctrl("k"))])
  }

  @Test func `pastes are bounded`() {
    var decoder = InputDecoder()
    _ = decoder.feed("\u{1B}[200~".utf8)
    for _ in 0..<100 { _ = decoder.feed(Array(repeating: 0x61, count: 4096)) }
    let events = decoder.feed("\u{1B}[201~".utf8)
    guard case .paste(let text)? = events.first else {
      Issue.record("no paste: \(events)")
      return
    }
    #expect(text.utf8.count == 65_536)
  }

  /// Whatever comes, nothing traps and nothing waits for ever.
  @Test func `survives noise`() {
    var state: UInt64 = 99
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = UInt8(truncatingIfNeeded: state >> 40)
      return [0x1B, 0x5B, 0x3C, 0x4D, 0x3B, 0x30, value, value, value][Int(value) % 9]
    }
    var decoder = InputDecoder()
    var events = 0
    for _ in 0..<5000 { events += decoder.feed((0..<20).map { _ in next() }).count }
    events += decoder.flush().count
    #expect(events > 0)
    #expect(!decoder.isWaiting)
  }
}
