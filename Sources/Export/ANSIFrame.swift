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
        text += FrameANSI.sequence(cell.style)
        style = cell.style
      }
      text += cell.text
      next = x + Int(cell.width)
    }
    return text.isEmpty ? "" : text + "\u{1B}[0m"
  }
}
