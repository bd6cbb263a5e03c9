/// Frames as text with the colours and attributes of a terminal: SGR sequences of ECMA-48 and, for 256 and for RGB colours, of xterm. Shown by
/// `cat` and `less -R`.
package enum FrameANSI {
  /// The rows of a canvas, each with its trailing blanks removed, begun and ended in the terminal's own look, and with a line feed at its end.
  package static func render(_ canvas: Canvas) -> String {
    (0..<canvas.size.height).map { row(canvas, $0) + "\n" }.joined()
  }

  private static func row(_ canvas: Canvas, _ y: Int) -> String {
    var end = canvas.size.width
    while end > 0, canvas[end - 1, y] == .blank() { end -= 1 }
    var out = ""
    var style = Style.plain
    for x in 0..<end where !canvas[x, y].isContinuation {
      let cell = canvas[x, y]
      if cell.style != style { out += sequence(cell.style) }
      style = cell.style
      out += cell.text
    }
    return style == .plain ? out : out + sequence(.plain)
  }

  /// What sets a style, whatever was set before.
  package static func sequence(_ style: Style) -> String {
    let attributes = attributeNumbers.filter { style.attributes.contains($0.attribute) }.map(\.number)
    let colors = numbers(style.foreground, from: 30) + numbers(style.background, from: 40)
    return "\u{1B}[\(([0] + attributes + colors).map(String.init).joined(separator: ";"))m"
  }

  private static let attributeNumbers: [(attribute: Attributes, number: Int)] = [
    (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.blink, 5), (.reverse, 7),
  ]

  /// - Parameter base: the number of the first colour: 30 of text, 40 of what is behind it.
  private static func numbers(_ color: Color?, from base: Int) -> [Int] {
    switch color {
    case nil: []
    case .ansi(let number): [number % 16 < 8 ? base + Int(number % 16) : base + 60 + Int(number % 16) - 8]
    case .indexed(let number): [base + 8, 5, Int(number)]
    case .rgb(let red, let green, let blue): [base + 8, 2, Int(red), Int(green), Int(blue)]
    }
  }
}
