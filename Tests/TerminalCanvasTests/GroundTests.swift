import TerminalCanvas
import Testing

@Suite struct GroundTests {
  @Test(
    arguments: [
      ("11;rgb:0000/0000/0000", Ground.dark), ("11;rgb:ffff/ffff/ffff", .light), ("11;rgb:ff/ff/ff", .light), ("11;rgb:f/f/f", .light),
      ("11;rgb:1e1e/1e1e/2e2e", .dark), ("11;rgb:fdfd/f6f6/e3e3", .light), ("11;rgba:ffff/ffff/ffff/0000", .light),
      ("11;rgb:0000/0000/ffff", .dark), ("11;rgb:ffff/ffff/0000", .light), ("11;?", nil), ("10;rgb:ffff/ffff/ffff", nil),
      ("11;rgb:ffff/ffff", nil), ("11;rgb:fffff/ffff/ffff", nil), ("11;rgb:-f/ff/ff", nil), ("11;rgb:xx/ff/ff", nil), ("11;rgb:", nil),
      ("", nil),
    ] as [(String, Ground?)])
  func `what a terminal answers is its ground`(_ report: String, _ ground: Ground?) { #expect(Ground(report: report) == ground) }

  @Test(
    arguments: [
      ("15;0", Ground.dark), ("0;15", .light), ("0;default;15", .light), ("0;7", .light), ("7;8", .dark), ("12;11", .light),
      ("15;default", nil),
      ("", nil), ("0;16", nil), ("0;-1", nil), ("0;", nil),
    ] as [(String, Ground?)])
  func `COLORFGBG tells the ground`(_ text: String, _ ground: Ground?) { #expect(Ground(colorFGBG: text) == ground) }

  @Test(arguments: [
    ("linux", GlyphSet.console), ("linux-16color", .console), ("vt100", .ascii), ("vt220", .ascii), ("vt340", .ascii),
    ("xterm-256color", .unicode), ("vte-256color", .unicode), ("tmux-256color", .unicode), ("foot", .unicode),
  ])
  func `terminals get glyphs that their fonts have`(_ name: String, _ glyphs: GlyphSet) {
    let capabilities = TerminalCapabilities(colors: .eight, unicode: true, mouse: false, name: name)
    #expect(capabilities.glyphs == glyphs)
    #expect(TerminalCapabilities(colors: .eight, unicode: false, mouse: false, name: name).glyphs == .ascii)
  }

  @Test(arguments: [GlyphSet.console, .ascii]) func `no two signs of one set are alike`(_ glyphs: GlyphSet) {
    let signs = [
      String(glyphs.good), String(glyphs.warning), String(glyphs.bad), glyphs.check, String(glyphs.unknown), String(glyphs.fault),
    ]
    #expect(Set(signs).count == signs.count)
    #expect(glyphs.emptyBox != glyphs.pending && glyphs.emptyBox != glyphs.filledBox)
    for sign in signs { #expect(sign.unicodeScalars.allSatisfy { glyphs.has($0) }) }
  }
}
