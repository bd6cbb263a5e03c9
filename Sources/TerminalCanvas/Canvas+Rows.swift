import WireFormats

extension Canvas {
  /// The text of every row, trailing blanks included: as many strings as rows.
  package func rows() -> [String] {
    (0..<size.height).map { y in
      var view = String.UnicodeScalarView()
      for x in 0..<size.width {
        let cell = self[x, y]
        if !cell.isContinuation { Glyph(base: cell.base, marks: cell.marks, width: cell.width).append(to: &view) }
      }
      return String(view)
    }
  }
}

extension Style: CustomStringConvertible {
  /// `foreground/background` and the attributes by name; `-` for the terminal's own colour.
  package var description: String {
    let names: [(Attributes, String)] = [
      (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"), (.blink, "blink"),
    ]
    let colors = (foreground?.description ?? "-") + "/" + (background?.description ?? "-")
    return ([colors] + names.filter { attributes.contains($0.0) }.map(\.1)).joined(separator: " ")
  }
}

extension Color: CustomStringConvertible {
  /// `red`, `bright-red`, `index 208` or `#rrggbb`.
  package var description: String {
    switch self {
    case .ansi(let number):
      let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
      return (number % 16 >= 8 ? "bright-" : "") + names[Int(number % 8)]
    case .indexed(let number): return "index \(number)"
    case .rgb(let red, let green, let blue): return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}
