import Testing
import WireFormats

@Suite struct ShownTextTests {
  @Test(arguments: [
    ("plain", "plain", 5), ("", "", 0), ("a\u{1B}[31mb", "a\\e[31mb", 8), ("\t\n\r\u{0}\u{7F}", "\\t\\n\\r\\x00\\x7f", 14),
    ("\u{9B}31m", "\\x9b31m", 7), ("a\u{202E}b\u{2066}", "a‹U+202E›b‹U+2066›", 18),
    ("\u{200B}\u{FEFF}\u{2028}", "‹U+200B›‹U+FEFF›‹U+2028›", 24),
    ("\u{E0041}", "‹U+E0041›", 9), ("日本", "日本", 4), ("e\u{301}x", "e\u{301}x", 2), ("\u{301}", "‹U+0301›", 8), ("❤\u{FE0F}", "❤", 1),
    ("👩\u{200D}👧", "👩👧", 4), ("👍\u{1F3FD}", "👍", 2), ("🇩🇪", "DE", 2), ("\u{A0}|\u{3000}|", " |  |", 5), ("\r\n", "\\r\\n", 4),
    ("a\u{300}\u{301}\u{302}\u{303}\u{304}", "a\u{300}\u{301}\u{302}", 1), ("한글", "한글", 4),
    ("\u{1112}\u{1161}\u{11AB}", "\u{1112}\u{1161}\u{11AB}", 2),
    ("\u{FFFD}", "\u{FFFD}", 1), ("\u{AD}", "\\xad", 4), ("±µé", "±µé", 3),
  ])
  func `escapes and measures`(_ text: String, _ safe: String, _ width: Int) {
    #expect(escapeUntrusted(text) == safe)
    #expect(displayWidth(text) == width)
    #expect(escapeUntrusted(safe) == safe)
  }

  @Test func `replaces invalid bytes`() {
    #expect(escapeUntrusted(String(decoding: [0x61, 0xFF, 0x62] as [UInt8], as: UTF8.self)) == "a\u{FFFD}b")
  }

  @Test(arguments: [
    ("abcdef", 4, "abc…"), ("abcd", 4, "abcd"), ("abc", 0, ""), ("abc", 1, "…"), ("日本語", 4, "日…"), ("日本語", 5, "日本…"), ("日本", 4, "日本"),
    ("日本", 1, "…"), ("a\u{1B}b", 3, "a\\…"), ("ab", -1, ""),
  ])
  func `text is cut to a width`(_ text: String, _ width: Int, _ expected: String) {
    #expect(truncate(text, width: width) == expected)
  }

  @Test func `text is padded to a width`() {
    #expect(pad("日本語", width: 5) == "日本…")
    #expect(pad("日本語", width: 6) == "日本語")
    #expect(pad("42", width: 5, alignment: .right) == "   42")
    #expect(pad("42", width: 5, alignment: .center) == " 42  ")
    #expect(pad("日本語", width: 4, alignment: .right) == " 日…")
  }
}
