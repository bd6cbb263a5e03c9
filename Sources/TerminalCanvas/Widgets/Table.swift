import WireFormats

/// A column of a ``Table``.
package struct TableColumn: Hashable, Sendable {
  /// Heading.
  package var title: String
  /// Where cells stand; numbers belong to the right.
  package var alignment: TextAlignment
  /// Its width.
  package var width: Constraint
  /// Columns with a lower priority are left out first when the table is too narrow for the minimum of all; 0 is never left out first.
  package var priority: Int

  /// Makes a column.
  package init(_ title: String, width: Constraint, alignment: TextAlignment = .left, priority: Int = 100) {
    self.title = title
    self.alignment = alignment
    self.width = width
    self.priority = priority
  }

  var minimum: Int {
    switch width {
    case .fixed(let cells): max(0, cells)
    case .flex(let min, _, _): max(1, min)
    }
  }
}

/// Rows and columns with headings. Widths depend on the columns only, never on the values, so that nothing jumps.
package struct Table: Sendable {
  /// Where things were drawn, for clicks.
  package struct Placement: Hashable, Sendable {
    /// One rectangle for each column; empty for those left out.
    package let columns: [Rect]
    /// The rows below the heading.
    package let body: Rect
  }

  /// Columns.
  package var columns: [TableColumn]
  /// The rows that show, one span for each column; missing ones are blank.
  package var rows: [[Span]]
  /// The selected row, counted from the first that shows.
  package var selection: Int?
  /// Whether the headings show.
  package var showsHeader: Bool
  /// Style of the headings.
  package var headerStyle: Style
  /// Laid over the selected row.
  package var selectionStyle: Style
  /// Blank columns between two columns.
  package var spacing: Int
  /// Characters.
  package var glyphs: GlyphSet

  /// Makes a table.
  package init(
    columns: [TableColumn], rows: [[Span]], selection: Int? = nil, showsHeader: Bool = true, headerStyle: Style = Style(attributes: .dim),
    selectionStyle: Style = Style(attributes: .reverse), spacing: Int = 1, glyphs: GlyphSet = .unicode
  ) {
    self.columns = columns
    self.rows = rows
    self.selection = selection
    self.showsHeader = showsHeader
    self.headerStyle = headerStyle
    self.selectionStyle = selectionStyle
    self.spacing = max(0, min(spacing, 64))
    self.glyphs = glyphs
  }

  /// Where the columns come in a rectangle.
  package func placement(in rect: Rect) -> Placement {
    var kept = Array(columns.indices)
    func needed() -> Int { kept.reduce(0) { $0 + min(columns[$1].minimum, 100_000) } + spacing * max(0, kept.count - 1) }
    while kept.count > 1, needed() > rect.width {
      // Of equal priorities the rightmost goes first.
      guard let weakest = kept.reversed().min(by: { columns[$0].priority < columns[$1].priority }) else { break }
      kept.removeAll { $0 == weakest }
    }
    let rects = rect.splitColumns(kept.map { columns[$0].width }, spacing: spacing)
    var all = columns.map { _ in Rect(x: rect.x, y: rect.y, width: 0, height: 0) }
    for (slot, index) in kept.enumerated() { all[index] = rects[slot] }
    return Placement(columns: all, body: showsHeader ? rect.inset(top: 1) : rect)
  }

  /// Draws headings and rows and returns where they are.
  @discardableResult
  package func draw(on canvas: inout Canvas, in rect: Rect) -> Placement {
    let placement = placement(in: rect)
    if showsHeader, rect.height > 0 {
      draw(columns.map { Span($0.title, headerStyle) }, at: rect.y, placement, on: &canvas)
    }
    for (index, row) in rows.prefix(placement.body.height).enumerated() {
      let y = placement.body.y + index
      draw(row, at: y, placement, on: &canvas)
      if index == selection { canvas.mergeStyle(Rect(x: rect.x, y: y, width: rect.width, height: 1), selectionStyle) }
    }
    return placement
  }

  private func draw(_ cells: [Span], at y: Int, _ placement: Placement, on canvas: inout Canvas) {
    for (index, column) in placement.columns.enumerated() where column.width > 0 && index < cells.count {
      canvas.putTruncated(
        cells[index].text, x: column.x, y: y, width: column.width, style: cells[index].style, ellipsis: glyphs.ellipsis,
        alignment: columns[index].alignment)
    }
  }
}
