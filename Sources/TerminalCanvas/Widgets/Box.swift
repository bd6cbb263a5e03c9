import WireFormats

/// A frame around a pane: rounded, with a title on the left whose number is the key that focuses it, and a text on the right.
package struct Box: Hashable, Sendable {
  /// Styles of a box.
  package struct Styles: Hashable, Sendable {
    /// Lines.
    package var border: Style
    /// Title text.
    package var title: Style
    /// The key number before the title.
    package var key: Style
    /// Text on the right of the top line.
    package var right: Style

    /// Makes a set of styles.
    package init(
      border: Style = .plain, title: Style = Style(attributes: .bold), key: Style = Style(attributes: .bold), right: Style = .plain
    ) {
      self.border = border
      self.title = title
      self.key = key
      self.right = right
    }
  }

  /// The key that focuses the pane, before the title.
  package var number: Int?
  /// Title; cut when the box is narrow.
  package var title: String
  /// Text at the right end of the top line; left out when there is no room beside the title.
  package var right: String
  /// Whether the pane has the focus: it is drawn with heavy lines, so that it shows without colours as well.
  package var isFocused: Bool
  /// Characters.
  package var glyphs: GlyphSet
  /// Styles; the caller passes those for a focused pane when it has the focus.
  package var styles: Styles

  /// Makes a box.
  package init(
    number: Int? = nil, title: String = "", right: String = "", isFocused: Bool = false, glyphs: GlyphSet = .unicode,
    styles: Styles = Styles()
  ) {
    self.number = number
    self.title = title
    self.right = right
    self.isFocused = isFocused
    self.glyphs = glyphs
    self.styles = styles
  }

  /// The rectangle inside of the lines.
  package static func inner(_ rect: Rect) -> Rect { rect.inset(by: 1) }

  /// Draws the box along the edge of `rect` and returns the rectangle inside. Below 2x2 nothing is drawn.
  @discardableResult
  package func draw(on canvas: inout Canvas, in rect: Rect) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else { return Self.inner(rect) }
    let lines = self.lines
    let across = String(repeating: lines.horizontal, count: rect.width - 2)
    canvas.put(String(lines.topLeft) + across + String(lines.topRight), x: rect.x, y: rect.y, style: styles.border)
    canvas.put(String(lines.bottomLeft) + across + String(lines.bottomRight), x: rect.x, y: rect.maxY - 1, style: styles.border)
    for y in (rect.y + 1)..<(rect.maxY - 1) {
      canvas.put(String(lines.vertical), x: rect.x, y: y, style: styles.border)
      canvas.put(String(lines.vertical), x: rect.maxX - 1, y: y, style: styles.border)
    }
    drawTitle(on: &canvas, rect)
    return Self.inner(rect)
  }

  private func drawTitle(on canvas: inout Canvas, _ rect: Rect) {
    guard rect.width > 4, !(title.isEmpty && number == nil) || !right.isEmpty else { return }
    var x = rect.x + 1
    let end = rect.maxX - 1
    if let number, end - x > 2 {
      x += canvas.put(" ", x: x, y: rect.y, style: styles.border)
      x += canvas.put(String(number), x: x, y: rect.y, style: styles.key, maxWidth: end - x)
    }
    if !title.isEmpty, end - x > 2 {
      x += canvas.put(" ", x: x, y: rect.y, style: styles.border)
      let text = truncate(title, width: end - x - 1, ellipsis: glyphs.ellipsis)
      x += canvas.put(text, x: x, y: rect.y, style: styles.title, maxWidth: end - x)
    }
    if x > rect.x + 1 { x += canvas.put(" ", x: x, y: rect.y, style: styles.border, maxWidth: end - x) }
    let width = displayWidth(right)
    if width > 0, end - x >= width + 4 { canvas.put(" " + right + " ", x: end - width - 3, y: rect.y, style: styles.right) }
  }

  private struct Lines {
    var topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical: Character
  }

  private var lines: Lines {
    switch (glyphs, isFocused) {
    case (.unicode, false):
      Lines(topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─", vertical: "│")
    case (.unicode, true):
      Lines(topLeft: "┏", topRight: "┓", bottomLeft: "┗", bottomRight: "┛", horizontal: "━", vertical: "┃")
    case (.console, false):
      Lines(topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", horizontal: "─", vertical: "│")
    case (.ascii, false):
      Lines(topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-", vertical: "|")
    case (.ascii, true), (.console, true):
      Lines(topLeft: "#", topRight: "#", bottomLeft: "#", bottomRight: "#", horizontal: "=", vertical: "#")
    }
  }
}
