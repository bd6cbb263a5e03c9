/// A size in terminal cells. Never negative.
package struct Size: Hashable, Sendable {
  /// Columns, 0 or more.
  package let width: Int
  /// Rows, 0 or more.
  package let height: Int

  /// Makes a size; values are clamped to 0...32767, which is more than any terminal reports.
  package init(width: Int, height: Int) {
    self.width = min(max(0, width), 32_767)
    self.height = min(max(0, height), 32_767)
  }

  /// No cells at all.
  package static let zero = Size(width: 0, height: 0)
}

extension Size: CustomStringConvertible {
  /// `WIDTHxHEIGHT`, as in `160x48`.
  package var description: String { "\(width)x\(height)" }
}

/// A cell position: column and row from the top left corner, which is (0, 0). May lie outside of a canvas.
package struct Point: Hashable, Sendable {
  /// Column.
  package var x: Int
  /// Row.
  package var y: Int

  /// Makes a position.
  package init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of cells. Width and height are never negative.
package struct Rect: Hashable, Sendable {
  /// First column.
  package let x: Int
  /// First row.
  package let y: Int
  /// Columns, 0 or more.
  package let width: Int
  /// Rows, 0 or more.
  package let height: Int

  /// Makes a rectangle; a negative width or height becomes 0, and everything is clamped so that no sum can overflow.
  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = saturated(x)
    self.y = saturated(y)
    self.width = max(0, saturated(width))
    self.height = max(0, saturated(height))
  }

  /// The rectangle at the origin with this size.
  package init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

  /// No cells, at the origin.
  package static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  /// The column after the last one.
  package var maxX: Int { x + width }
  /// The row after the last one.
  package var maxY: Int { y + height }
  /// Whether there is no cell in it.
  package var isEmpty: Bool { width == 0 || height == 0 }
  /// Width and height.
  package var size: Size { Size(width: width, height: height) }

  /// Whether the cell at `point` is inside.
  package func contains(_ point: Point) -> Bool { point.x >= x && point.x < maxX && point.y >= y && point.y < maxY }

  /// The common cells; empty at our own origin when there are none.
  package func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    let right = min(maxX, other.maxX)
    let bottom = min(maxY, other.maxY)
    guard right > left, bottom > top else { return Rect(x: x, y: y, width: 0, height: 0) }
    return Rect(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// This rectangle without `amount` cells on every side; empty when nothing is left.
  package func inset(by amount: Int) -> Rect { inset(left: amount, top: amount, right: amount, bottom: amount) }

  /// This rectangle without so many cells on each side; empty when nothing is left. Negative amounts grow it.
  package func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    let (left, top, right, bottom) = (saturated(left), saturated(top), saturated(right), saturated(bottom))
    let newWidth = max(0, width - left - right)
    let newHeight = max(0, height - top - bottom)
    return Rect(x: x + min(left, width), y: y + min(top, height), width: newWidth, height: newHeight)
  }

  /// One row of this rectangle, counted from its top; empty when there is no such row.
  package func row(_ index: Int) -> Rect {
    guard index >= 0, index < height else { return Rect(x: x, y: y, width: 0, height: 0) }
    return Rect(x: x, y: y + index, width: width, height: 1)
  }
}

/// A coordinate brought into a range in which sums of a few cannot overflow.
func saturated(_ value: Int) -> Int { min(max(value, -1_000_000_000), 1_000_000_000) }
