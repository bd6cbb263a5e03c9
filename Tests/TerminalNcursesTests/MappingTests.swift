import TerminalCanvas
import Testing

@testable import TerminalNcurses

@Suite struct MappingTests {
  @Test(arguments: [
    (256, Color.rgb(255, 135, 0), 208, false), (256, .rgb(128, 128, 128), 244, false), (256, .ansi(9), 9, false),
    (256, .indexed(100), 100, false),
    (16, .rgb(250, 10, 10), 9, false), (16, .indexed(196), 9, false), (8, .ansi(9), 1, true), (8, .ansi(8), -1, false),
    (8, .rgb(0, 200, 0), 2, false),
    (0, .ansi(1), -1, false), (1 << 24, .rgb(1, 2, 3), 0x010203, false), (1 << 24, .ansi(3), 3, false),
    (1 << 24, .ansi(9), 0xFF0000, false),
  ])
  func `maps colors`(_ colors: Int, _ color: Color, _ number: Int, _ bold: Bool) {
    let mapped = ColorMapper(colors: colors).number(color, isForeground: true)
    #expect(mapped.number == Int32(number))
    #expect(mapped.adding.contains(.bold) == bold)
    // A grey that is none of the eight colours is the terminal's own, faint: white would not be seen on white.
    #expect(mapped.adding.contains(.dim) == (colors == 8 && color == .ansi(8)))
  }

  @Test(arguments: [
    (["LANG": "C"], false), (["LANG": "POSIX"], false), ([:], true), (["LANG": "C.UTF-8"], true), (["LANG": "xx_YY.UTF-8"], true),
    (["LC_ALL": "", "LC_CTYPE": "C", "LANG": "C.UTF-8"], false), (["LANG": "de_DE.ISO-8859-1"], false), (["LANG": "de_DE.utf8@euro"], true),
  ])
  func `chooses locales`(_ environment: [String: String], _ unicode: Bool) {
    #expect(LocaleChoice.apply(environment) == unicode)
  }

  /// What the terminal gets is always as wide as the canvas says, by the count of the C library; and most of Unicode comes through.
  @Test func `widths agree with the library`() {
    #expect(LocaleChoice.apply(["LANG": "C.UTF-8"]))
    var encoder = CellEncoder(unicode: true)
    var scalars = [UInt32](repeating: 0, count: 4)
    var (same, replaced, wrong) = (0, 0, 0)
    for value in UInt32(0x20)...0x3FFFF {
      // What came after the library's own tables is replaced, of course.
      guard let scalar = Unicode.Scalar(value), let age = scalar.properties.age, age.major < 15 else { continue }
      let cell = Cell(Character(scalar))
      let (count, second) = encoder.encode(cell, into: &scalars)
      let width = (scalars[0..<count] + (second.map { [$0] } ?? [])).map { CellEncoder.libraryWidth($0) }
      if width.contains(-1) || width.reduce(0, +) != Int32(cell.width) { wrong += 1 }
      if scalars[0] == cell.base { same += 1 } else { replaced += 1 }
    }
    #expect(wrong == 0)
    #expect(replaced * 50 < same)
    print("widths: \(same) scalars shown as they are, \(replaced) replaced since libc and our table differ")
  }

  @Test func `ascii terminals get ASCII`() {
    var encoder = CellEncoder(unicode: false)
    var scalars = [UInt32](repeating: 0, count: 4)
    for (character, expected) in [
      ("─", "-"), ("╭", "+"), ("●", "*"), ("▲", "!"), ("✗", "x"), ("█", "#"), ("é", "e"), ("日", "?"), ("⣀", "*"),
    ] as [(Character, Character)] {
      let (count, second) = encoder.encode(Cell(character), into: &scalars)
      #expect(count == 1)
      #expect(Unicode.Scalar(scalars[0]).map(Character.init) == expected)
      #expect((second != nil) == (character == "日"))
    }
  }
}
