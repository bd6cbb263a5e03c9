/// A grid of cells that panes draw on. Pure: it never touches a terminal. Whatever is drawn is clipped to the canvas; a half of a wide
/// character is never left behind.
package struct Canvas: Sendable, Equatable {
  /// Columns and rows.
  package let size: Size
  /// The cells, row after row from the top: `size.width * size.height` of them.
  package private(set) var cells: [Cell]

  /// Makes a canvas of blanks in one style.
  package init(size: Size, style: Style = .plain) {
    self.size = size
    cells = Array(repeating: .blank(style), count: size.width * size.height)
  }

  /// All of it, with its origin at (0, 0).
  package var bounds: Rect { Rect(size) }

  /// The cell at a position; outside of the canvas a blank. Setting outside is ignored; setting a wide lead cell sets its continuation, or
  /// a blank where that does not fit; setting a continuation is ignored.
  package subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * size.width + x] : .blank() }
    set {
      guard contains(x, y), !newValue.isContinuation else { return }
      write(newValue, x, y, clip: bounds)
    }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < size.width && y < size.height }

  /// Writes one lead or single cell inside of `clip`; a wide one that does not fit becomes a blank. The caller has checked that (x, y) is
  /// inside of both the clip and the canvas.
  mutating func write(_ cell: Cell, _ x: Int, _ y: Int, clip: Rect) {
    let wide = cell.width == 2
    if wide, x + 1 >= min(clip.maxX, size.width) {
      write(.blank(cell.style), x, y, clip: clip)
      return
    }
    let index = y * size.width + x
    // The other halves of wide characters that lose one half now.
    if cells[index].isContinuation, x > 0 { cells[index - 1] = .blank(cells[index - 1].style) }
    let last = wide ? index + 1 : index
    let lastX = wide ? x + 1 : x
    if cells[last].width == 2, lastX + 1 < size.width { cells[last + 1] = .blank(cells[last + 1].style) }
    cells[index] = cell
    if wide { cells[index + 1] = .continuation(cell.style) }
  }

  /// Changes only the style of one cell. The caller has checked the position.
  mutating func restyle(_ index: Int, _ change: (inout Style) -> Void) { change(&cells[index].style) }

  /// Fills a rectangle with one cell, a blank by default.
  package mutating func fill(_ rect: Rect, with cell: Cell = .blank()) {
    let area = rect.intersection(bounds)
    let step = max(1, Int(cell.width))
    for y in area.y..<area.maxY {
      for x in stride(from: area.x, to: area.maxX, by: step) { write(cell.isContinuation ? .blank(cell.style) : cell, x, y, clip: area) }
    }
  }

  /// Lays a style over a rectangle: its colours where it has some, its attributes added.
  package mutating func mergeStyle(_ rect: Rect, _ style: Style) { eachStyle(in: rect) { $0 = $0.merged(with: style) } }

  /// Sets the background of a rectangle and leaves text, colours and attributes.
  package mutating func band(_ rect: Rect, background: Color?) { eachStyle(in: rect) { $0.background = background } }

  /// Lays a canvas over this one with its top left corner at `point`.
  package mutating func draw(_ other: Canvas, at point: Point) {
    let point = Point(x: saturated(point.x), y: saturated(point.y))
    let area = Rect(x: point.x, y: point.y, width: other.size.width, height: other.size.height).intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX {
        let cell = other.cells[(y - point.y) * other.size.width + (x - point.x)]
        // A continuation whose lead was clipped away on the left.
        if !cell.isContinuation { write(cell, x, y, clip: area) } else if x == area.x { write(.blank(cell.style), x, y, clip: area) }
      }
    }
  }

  /// The part of this canvas inside of a rectangle, as a canvas of its own; blank where the rectangle lies outside.
  package func cropped(to rect: Rect) -> Canvas {
    var result = Canvas(size: rect.size)
    result.draw(self, at: Point(x: -rect.x, y: -rect.y))
    return result
  }

  private mutating func eachStyle(in rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.intersection(bounds)
    for y in area.y..<area.maxY { for x in area.x..<area.maxX { restyle(y * size.width + x, change) } }
  }
}
