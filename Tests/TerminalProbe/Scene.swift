import TerminalCanvas

/// What the probe draws: a frame whose content follows from its size, so that a test can check every corner.
struct Scene: Sendable {
  var size: Size
  var capabilities: TerminalCapabilities
  var inputs = 0
  var last = "none"
  var isWide = false

  init(size: Size, capabilities: TerminalCapabilities) {
    self.size = size
    self.capabilities = capabilities
  }

  /// A box around everything, the size, the last input, colours, and a mark in the last column of the last row.
  func render() -> Canvas {
    var canvas = Canvas(size: size)
    let glyphs = capabilities.glyphs
    let inner = Box(number: 1, title: "probe \(size)", right: "inputs \(inputs)", glyphs: glyphs).draw(on: &canvas, in: canvas.bounds)
    func line(_ row: Int, _ text: String, _ style: Style = .plain) {
      guard row < inner.height else { return }
      canvas.putTruncated(text, x: inner.x, y: inner.y + row, width: inner.width, style: style, ellipsis: glyphs.ellipsis)
    }
    line(0, "last \(last)")
    line(1, "red", Style(foreground: .ansi(1)))
    line(2, "orange", Style(foreground: .rgb(255, 135, 0), attributes: .bold))
    line(3, "reverse", Style(attributes: .reverse))
    if isWide {
      line(4, "日本語|e\u{301}|👩\u{200D}👩\u{200D}👧|🇩🇪|हिन्दी|❤\u{FE0F}|🏳\u{FE0F}\u{200D}🌈|")
      line(5, "\u{1B}[31mescaped\u{1B}[0m \u{202E}txet\u{202C}|")
      line(6, "日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日")
    }
    return canvas
  }

  /// Every cell differs from the frame before.
  static func noise(_ size: Size, _ number: Int) -> Canvas {
    var canvas = Canvas(size: size)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let scalar = Unicode.Scalar(UInt8(33 + (x * 7 + y * 13 + number * 29) % 90))
        let style = Style(foreground: .indexed(UInt8(16 + (x / 4 + number) % 200)), background: .indexed(UInt8(16 + (y + number) % 200)))
        canvas[x, y] = Cell(Character(scalar), style: style)
      }
    }
    return canvas
  }
}
