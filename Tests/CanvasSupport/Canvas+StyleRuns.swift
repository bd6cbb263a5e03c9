import TerminalCanvas

extension Canvas {
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
