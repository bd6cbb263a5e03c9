/// Which part of a long list shows in few rows. Pure; the selection is always visible.
package struct ListWindow: Hashable, Sendable {
  /// Number of items, 0 or more.
  package let count: Int
  /// Rows to show them in, 0 or more.
  package let height: Int
  /// The first item shown.
  package let offset: Int

  /// The window nearest to `offset` that shows no empty rows at the end and contains `selection`, when there is one.
  package init(count: Int, height: Int, offset: Int = 0, selection: Int? = nil) {
    self.count = max(0, count)
    self.height = max(0, height)
    let last = max(0, self.count - self.height)
    var start = min(max(0, offset), last)
    if let selection, self.count > 0, self.height > 0 {
      let selected = min(max(0, selection), self.count - 1)
      if selected < start { start = selected }
      if selected >= start + self.height { start = selected - self.height + 1 }
    }
    self.offset = start
  }

  /// The indices shown.
  package var range: Range<Int> { offset..<min(count, offset + height) }

  /// The item in a row of the window; `nil` below the last item.
  package func item(atRow row: Int) -> Int? { row >= 0 && row < range.count ? offset + row : nil }

  /// First row and length of a scroll bar's handle in so many rows; `nil` when everything shows.
  package func thumb(in rows: Int) -> (start: Int, length: Int)? {
    guard rows > 0, count > height, height > 0 else { return nil }
    let length = min(rows, max(1, rows * height / count))
    let start = (rows - length) * offset / max(1, count - height)
    return (start, length)
  }
}
