import Testing

@testable import TerminalCanvas

@Suite struct ANSITests {
  /// A row as a terminal reads it: its text, and the style in which each character is drawn; nil for what is none of the sequences that are
  /// expected here.
  private func read(_ row: Substring) -> (text: String, styles: [Style], isPlainAtEnd: Bool)? {
    var (text, styles, style) = ("", [Style](), Style.plain)
    var rest = row.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1B}" else {
        text.unicodeScalars.append(scalar)
        styles.append(style)
        continue
      }
      guard rest.popFirst() == "[", let end = rest.firstIndex(of: "m") else { return nil }
      var numbers = String(rest[..<end]).split(separator: ";").map { Int($0) ?? -1 }[...]
      rest = rest[rest.index(after: end)...]
      while let number = numbers.popFirst() {
        switch number {
        case 0: style = .plain
        case 1: style = style.adding(.bold)
        case 2: style = style.adding(.dim)
        case 3: style = style.adding(.italic)
        case 4: style = style.adding(.underline)
        case 5: style = style.adding(.blink)
        case 7: style = style.adding(.reverse)
        case 30...37: style.foreground = .ansi(UInt8(number - 30))
        case 40...47: style.background = .ansi(UInt8(number - 40))
        case 90...97: style.foreground = .ansi(UInt8(number - 82))
        case 100...107: style.background = .ansi(UInt8(number - 92))
        case 38, 48:
          let parts = numbers.prefix(numbers.first == 5 ? 2 : 4).map { UInt8($0) }
          numbers = numbers.dropFirst(parts.count)
          let color = parts[0] == 5 ? Color.indexed(parts[1]) : .rgb(parts[1], parts[2], parts[3])
          if number == 38 { style.foreground = color } else { style.background = color }
        default: return nil
        }
      }
    }
    return (text, styles, style == .plain)
  }

  @Test func `a terminal reads back what the canvas holds`() throws {
    var canvas = Canvas(size: Size(width: 44, height: 9))
    let inner = Box(
      number: 1, title: "Services", right: "日本", isFocused: true, styles: .init(border: Style(foreground: .ansi(6)))
    ).draw(on: &canvas, in: canvas.bounds)
    WidgetTests.drawAll(on: &canvas, in: Rect(x: inner.x, y: inner.y, width: 20, height: 6), .unicode)
    canvas.put("● ▲ ✗", x: 22, y: 2, style: Style(foreground: .ansi(10), background: .ansi(12), attributes: [.bold, .reverse]))
    canvas.put("dim", x: 22, y: 4, style: Style(foreground: .rgb(255, 135, 0), background: .indexed(236), attributes: [.dim, .italic]))
    canvas.put("   ", x: 22, y: 5, style: Style(background: .ansi(1), attributes: [.underline, .blink]))
    let rows = FrameANSI.render(canvas).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 10 && rows[9].isEmpty)
    for (y, row) in rows.dropLast().enumerated() {
      let read = try #require(self.read(row), "row \(y)")
      #expect(read.isPlainAtEnd)
      var cells: [Style] = []
      for x in 0..<canvas.size.width { cells += canvas[x, y].scalars.map { _ in canvas[x, y].style } }
      #expect(read.styles == Array(cells.prefix(read.styles.count)), "row \(y)")
      #expect(cells.dropFirst(read.styles.count).allSatisfy { $0 == .plain })
      let padded = read.text + String(repeating: " ", count: cells.count - read.styles.count)
      #expect(padded == canvas.rows()[y])
    }
  }

  @Test(arguments: [
    (Style.plain, "0"), (Style(foreground: .ansi(1)), "0;31"), (Style(foreground: .ansi(15), background: .ansi(8)), "0;97;100"),
    (Style(foreground: .indexed(200)), "0;38;5;200"), (Style(background: .rgb(1, 2, 3), attributes: [.bold]), "0;1;48;2;1;2;3"),
  ]) func `styles are written as terminals read them`(style: Style, numbers: String) {
    #expect(FrameANSI.sequence(style) == "\u{1B}[\(numbers)m")
  }
}
