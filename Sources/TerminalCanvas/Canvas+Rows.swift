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

  /// Where which style is, for goldens: for every row with something other than the plain style, its number and its runs as
  /// `first-last:style`, where a style reads `fg/bg` and attributes by name, as in `3 0-4:red/- bold`.
  package func styleRuns() -> [String] {
    (0..<size.height).compactMap { y in
      var runs: [String] = []
      var x = 0
      while x < size.width {
        let style = self[x, y].style
        var end = x + 1
        while end < size.width, self[end, y].style == style { end += 1 }
        if style != .plain { runs.append("\(x)-\(end - 1):\(style.description)") }
        x = end
      }
      return runs.isEmpty ? nil : "\(y) " + runs.joined(separator: ", ")
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
