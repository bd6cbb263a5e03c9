import WireFormats

/// Frames as SVG pictures: a grid in a fixed-width font. Lines, blocks and braille are drawn as shapes, since fonts leave gaps between them;
/// every run of text is stretched to its columns, so that everything stands where it stands on the terminal.
package enum FrameSVG {
  /// Width of a cell, in the picture's units.
  static let cellWidth = 8.0
  /// Height of a cell.
  static let cellHeight = 17.0
  /// Border around the frame.
  static let margin = 8.0
  private static let baseline = 13.0

  /// The picture of a canvas, as an XML document.
  package static func render(_ canvas: Canvas, palette: FramePalette = .dark) -> String {
    let width = Double(canvas.size.width) * cellWidth + 2 * margin
    let height = Double(canvas.size.height) * cellHeight + 2 * margin
    var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    out += "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(NumberText.rounded(width, 2))\" height=\"\(NumberText.rounded(height, 2))\""
    out += " viewBox=\"0 0 \(NumberText.rounded(width, 2)) \(NumberText.rounded(height, 2))\" font-size=\"13\""
    out += " font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace\">\n"
    out += "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"\(palette.background.hex)\"/>\n"
    out += "<g transform=\"translate(\(NumberText.rounded(margin, 2)),\(NumberText.rounded(margin, 2)))\">\n"
    for y in 0..<canvas.size.height { out += row(canvas, y, palette) }
    return out + "</g>\n</svg>\n"
  }

  private static func row(_ canvas: Canvas, _ y: Int, _ palette: FramePalette) -> String {
    var out = backgrounds(canvas, y, palette)
    var x = 0
    while x < canvas.size.width {
      let cell = canvas[x, y]
      if cell.isContinuation || (cell.isBlank && !cell.style.attributes.contains(.underline)) {
        x += 1
        continue
      }
      let (foreground, _) = colors(cell.style, palette)
      if let shape = FrameShape.path(for: cell.base, x: Double(x) * cellWidth, y: Double(y) * cellHeight) {
        out +=
          "<path d=\"\(shape.data)\" \(shape.isStroke ? "fill=\"none\" stroke-width=\"\(NumberText.rounded(shape.width, 2))\" stroke" : "fill")=\"\(foreground.hex)\"/>\n"
        x += 1
        continue
      }
      // A run of cells in one style that are text; a wide character is a run of its own.
      var end = x
      var content = ""
      repeat {
        content += canvas[end, y].text
        end += max(1, Int(canvas[end, y].width))
      } while end < canvas.size.width && cell.width == 1 && continues(canvas[end, y], cell.style)
      out += textRun(content, x: x, y: y, columns: end - x, cell.style, foreground)
      x = end
    }
    return out
  }

  /// Whether a cell continues a run of text in a style: single blanks do, so that words are not torn apart.
  private static func continues(_ cell: Cell, _ style: Style) -> Bool {
    cell.width == 1 && cell.style == style && (cell.isBlank || FrameShape.path(for: cell.base, x: 0, y: 0) == nil)
  }

  private static func textRun(_ content: String, x: Int, y: Int, columns: Int, _ style: Style, _ color: FramePalette.RGB) -> String {
    var scalars = content.unicodeScalars
    var columns = columns
    if !style.attributes.contains(.underline) {
      while scalars.last == " " {
        scalars.removeLast()
        columns -= 1
      }
    }
    guard columns > 0 else { return "" }
    var attributes =
      "x=\"\(NumberText.rounded(Double(x) * cellWidth, 2))\" y=\"\(NumberText.rounded(Double(y) * cellHeight + baseline, 2))\""
    attributes +=
      " textLength=\"\(NumberText.rounded(Double(columns) * cellWidth, 2))\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" fill=\"\(color.hex)\""
    if style.attributes.contains(.bold) { attributes += " font-weight=\"bold\"" }
    if style.attributes.contains(.italic) { attributes += " font-style=\"italic\"" }
    if style.attributes.contains(.underline) { attributes += " text-decoration=\"underline\"" }
    return "<text \(attributes)>\(XMLText.escaped(String(scalars)))</text>\n"
  }

  private static func backgrounds(_ canvas: Canvas, _ y: Int, _ palette: FramePalette) -> String {
    var out = ""
    var x = 0
    while x < canvas.size.width {
      let (_, background) = colors(canvas[x, y].style, palette)
      var end = x + 1
      while end < canvas.size.width, colors(canvas[end, y].style, palette).background == background { end += 1 }
      if background != palette.background {
        out +=
          "<rect x=\"\(NumberText.rounded(Double(x) * cellWidth, 2))\" y=\"\(NumberText.rounded(Double(y) * cellHeight, 2))\" width=\"\(NumberText.rounded(Double(end - x) * cellWidth, 2))\""
        out += " height=\"\(NumberText.rounded(cellHeight, 2))\" fill=\"\(background.hex)\" shape-rendering=\"crispEdges\"/>\n"
      }
      x = end
    }
    return out
  }

  private static func colors(_ style: Style, _ palette: FramePalette) -> (foreground: FramePalette.RGB, background: FramePalette.RGB) {
    var foreground = palette.color(style.foreground, default: palette.foreground)
    var background = palette.color(style.background, default: palette.background)
    if style.attributes.contains(.reverse) { swap(&foreground, &background) }
    if style.attributes.contains(.dim) { foreground = foreground.mixed(with: background, share: 0.6) }
    return (foreground, background)
  }
}
