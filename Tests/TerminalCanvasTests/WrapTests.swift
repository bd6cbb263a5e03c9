import TerminalCanvas
import TestSupport
import Testing
import WireFormats

@Suite struct WrapTests {
  @Test(
    arguments: [
      ("one two three", 7, 0, ["one two", "three"]), ("one two three", 7, 2, ["one two", "  three"]),
      ("abcdefghij", 4, 0, ["abcd", "efgh", "ij"]),
      ("", 5, 0, [""]), ("漢字漢字", 5, 0, ["漢字", "漢字"]), ("a bcdefgh", 4, 1, ["a", " bcd", " efg", " h"]),
    ] as [(String, Int, Int, [String])]) func `text is broken at blanks`(_ text: String, _ width: Int, _ indent: Int, _ expected: [String])
  {
    let lines = [Span(text)].wrapped(width: width, indent: indent).map { $0.map(\.text).joined() }
    #expect(lines.map { $0.replacing(#/ +$/#, with: "") } == expected)
  }

  @Test(arguments: 0..<40) func `no line is too wide and nothing but blanks is lost`(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed) &+ 3)
    let letters = Array("abc  漢é-🙂")
    let text = String((0..<Int(random.next() % 200)).map { _ in letters[Int(random.next() % UInt64(letters.count))] })
    let width = 2 + Int(random.next() % 40)
    let half = text.index(text.startIndex, offsetBy: text.count / 2)
    let spans = [Span(String(text[..<half])), Span(String(text[half...]))]
    let lines = spans.wrapped(width: width, indent: Int(random.next() % 10)).map { $0.map(\.text).joined() }
    for line in lines { #expect(displayWidth(line) <= width, "\(line)") }
    #expect(lines.joined().filter { $0 != " " } == escapeUntrusted(text).filter { $0 != " " })
  }

  @Test func `columns are dropped whole`() {
    #expect(dropColumns("abc", 0) == "abc")
    #expect(dropColumns("abc", 2) == "c")
    #expect(dropColumns("abc", 9) == "")
    #expect(dropColumns("漢b", 1) == " b")
  }
}
