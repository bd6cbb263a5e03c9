import Testing
import WireFormats

@Suite struct Base64Tests {
  @Test func `bytes become text and text becomes bytes`() {
    for (bytes, text) in [
      ([], ""), ([0x66], "Zg=="), ([0x66, 0x6F], "Zm8="), ([0x66, 0x6F, 0x6F], "Zm9v"), ([0xFB, 0xFF, 0xFE, 1], "+//+AQ=="),
    ] as [([UInt8], String)] {
      #expect(Base64.text(bytes) == text)
      #expect(Base64.decode(text) == bytes)
    }
    for bad in ["A", "AA", "AAA", "A===", "====", "AA=A", "Zh==", "Zm9=", "Zm9v\n", "Zm9-", "Zm9v Zg=", "=AAA", "AAAA=AAA", "\u{e9}AA"] {
      #expect(Base64.decode(bad) == nil, "\(bad)")
    }
    let all = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7919) }
    for length in [9997, 9998, 9999, 10_000] { #expect(Base64.decode(Base64.text(Array(all.prefix(length)))) == Array(all.prefix(length))) }
  }

  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
  func `encodes text`(_ text: String, _ expected: String) {
    #expect(Base64.text(Array(text.utf8)) == expected)
  }
}
