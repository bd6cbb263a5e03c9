import TerminalCanvas

/// What a terminal has to be told so that it shows one frame after another.
struct ANSIFrame {
  private var shown: Canvas?

  /// The bytes that turn the frame before into this one; all of it for the first.
  mutating func change(to canvas: Canvas) -> String {
    defer { shown = canvas }
    var text = ""
    let before: Canvas?
    if let shown, shown.size == canvas.size {
      before = shown
    } else {
      before = nil
      text += "\u{1B}[0m\u{1B}[?25l\u{1B}[2J"
    }
    for y in 0..<canvas.size.height { text += row(y, of: canvas, before) }
    return text
  }

  /// The cells of a row that changed, each run of them behind a move of the cursor.
  private func row(_ y: Int, of canvas: Canvas, _ before: Canvas?) -> String {
    var text = ""
    var style: Style?
    var next = -1
    for x in 0..<canvas.size.width {
      let cell = canvas[x, y]
      guard !cell.isContinuation, before.map({ $0[x, y] != cell }) ?? true else { continue }
      if x != next { text += "\u{1B}[\(y + 1);\(x + 1)H" }
      if style != cell.style {
        text += Self.codes(cell.style)
        style = cell.style
      }
      text += cell.text
      next = x + Int(cell.width)
    }
    return text.isEmpty ? "" : text + "\u{1B}[0m"
  }

  /// Select Graphic Rendition (ECMA-48, 8.3.117), from a reset on.
  private static func codes(_ style: Style) -> String {
    let attributes: [(Attributes, Int)] = [(.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.blink, 5), (.reverse, 7)]
    var codes = ["0"] + attributes.filter { style.attributes.contains($0.0) }.map { String($0.1) }
    if let color = style.foreground { codes.append(code(color, 30)) }
    if let color = style.background { codes.append(code(color, 40)) }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private static func code(_ color: Color, _ base: Int) -> String {
    switch color {
    case .ansi(let number): String(Int(number % 16) + (number % 16 < 8 ? base : base + 52))
    case .indexed(let number): "\(base + 8);5;\(number)"
    case .rgb(let red, let green, let blue): "\(base + 8);2;\(red);\(green);\(blue)"
    }
  }
}
