import Testing
import WireFormats

@Suite struct TextTests {
  @Test func `spells out what XML forbids`() {
    #expect(XMLText.escaped("a<b>&\"c\"\u{1B}[31m\u{0}\u{202E}ü😀") == "a&lt;b&gt;&amp;&quot;c&quot;\\u{1B}[31m\\u{0}\\u{202E}ü😀")
  }

  @Test func `every byte has two hexadecimal digits`() {
    for value in UInt8.min...UInt8.max {
      let text = Array(Hexadecimal.text(value, digits: 2).utf8)
      #expect(text.count == 2)
      #expect(Hexadecimal.digit(text[0]).flatMap { high in Hexadecimal.digit(text[1]).map { high * 16 + $0 } } == value)
    }
    #expect(Hexadecimal.digit(UInt8(ascii: "F")) == 15 && Hexadecimal.digit(UInt8(ascii: "g")) == nil)
    #expect(Hexadecimal.digit(UInt8(ascii: "/")) == nil && Hexadecimal.digit(UInt8(ascii: ":")) == nil)
    #expect(Hexadecimal.text(UInt64.max) == "ffffffffffffffff" && Hexadecimal.text(0 as UInt32) == "0")
  }
}
