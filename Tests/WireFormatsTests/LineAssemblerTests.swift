import Testing
import WireFormats

@Suite struct LineAssemblerTests {
  @Test(
    arguments: [
      ([[0x61, 0x0A, 0x62], [0x0A]], ["a", "b"]),
      ([[0x61, 0x0D], [0x0A, 0x0D, 0x0A]], ["a", ""]),
      // "é" and "😀" cut in the middle.
      ([[0xC3], [0xA9, 0x0A]], ["é"]),
      ([[0xF0, 0x9F], [0x98, 0x80, 0x0A]], ["😀"]),
      ([[0xFF, 0x41, 0x0A]], ["\u{FFFD}A"]),
      ([[0x41, 0x00, 0x42, 0x0A]], ["A\0B"]),
      ([[0x0A, 0x0A]], ["", ""]),
      ([[], [0x41]], []),
    ] as [([[UInt8]], [String])])
  func `cuts lines`(pieces: [[UInt8]], expected: [String]) {
    var assembler = LineAssembler()
    var lines: [String] = []
    for piece in pieces { assembler.append(piece, to: &lines) }
    #expect(lines == expected)
  }

  @Test func `every cut of a stream gives the same lines`() {
    let bytes = Array("eins\r\nzwei ü 😀\n\n\u{0}drei\nrest".utf8)
    var whole = LineAssembler()
    var expected: [String] = []
    whole.append(bytes, to: &expected)
    for size in 1...bytes.count {
      var assembler = LineAssembler()
      var lines: [String] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        assembler.append(bytes[start..<min(start + size, bytes.count)], to: &lines)
      }
      #expect(lines == expected)
      #expect(assembler.finish() == "rest")
      #expect(assembler.finish() == nil)
    }
  }

  @Test func `drops the rest of a long line and says how much`() {
    var assembler = LineAssembler(limit: 10)
    var lines: [String] = []
    assembler.append(Array("0123456789".utf8), to: &lines)
    assembler.append(Array("abc".utf8), to: &lines)
    assembler.append(Array("def\nnext\n0123456789\n".utf8), to: &lines)
    #expect(lines.count == 3)
    #expect(lines.first == "0123456789 … [6 bytes more dropped: the line is over 10 bytes]")
    #expect(lines.dropFirst() == ["next", "0123456789"])
    #expect(assembler.droppedBytes == 6)
  }
}
