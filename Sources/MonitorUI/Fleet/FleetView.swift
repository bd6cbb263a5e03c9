import Fleet
import TerminalCanvas
import WireFormats

/// Draws a fleet. Pure.
package enum FleetView {
  /// How many sentences of trouble show before the rest is counted.
  private static let troubleLimit = 3

  /// The screen in so much room.
  package static func render(_ screen: FleetScreen, size: Size, glyphs: GlyphSet) -> Canvas {
    func style(_ role: Role) -> Style { screen.theme.style(role, on: screen.surface) }
    var canvas = Canvas(size: size, style: style(.text))
    guard size.height > 1 else { return canvas }
    if screen.showsHelp {
      help(&canvas, style)
      return canvas
    }
    title(screen, &canvas, glyphs, style)
    var y = 1
    func line(_ text: String, _ role: Role) {
      guard y < size.height - 1 else { return }
      canvas.putTruncated(text, x: 1, y: y, width: size.width - 2, style: style(role), ellipsis: glyphs.ellipsis)
      y += 1
    }
    let table = screen.table
    if let moment = screen.moment {
      line(table.count == 0 ? "no worker is known yet" : table.summary + (table.throughput.map { "; \($0)" } ?? ""), .title)
      let troubles = moment.troubles(table)
      for trouble in troubles.prefix(troubleLimit) { line(trouble.sentence, .warning) }
      if troubles.count > troubleLimit { line("and \(troubles.count - troubleLimit) more troubles", .warning) }
    } else {
      line("the engine is asked for the first time", .dim)
    }
    let body = Rect(x: 1, y: y, width: max(0, size.width - 2), height: max(0, size.height - 1 - y))
    if !table.rows.isEmpty {
      rows(screen, &canvas, body, glyphs, style)
    } else if !screen.order.filter.isEmpty, body.height > 0 {
      canvas.put("no row holds \(screen.order.filter)", x: 1, y: body.y, style: style(.dim), maxWidth: body.width)
    }
    foot(screen, &canvas, glyphs, style)
    return canvas
  }

  private static func title(_ screen: FleetScreen, _ canvas: inout Canvas, _ glyphs: GlyphSet, _ style: (Role) -> Style) {
    let names = screen.moment.map { $0.engines.map(\.name).joined(separator: ", ") } ?? ""
    let contracts = screen.moment?.contracts.joined(separator: ", ") ?? ""
    var spans = [Span("dubwatch fleet", style(.title))]
    if !names.isEmpty { spans.append(Span("  \(names)", style(.text))) }
    if !contracts.isEmpty { spans.append(Span(" · contract \(contracts)", style(.text))) }
    canvas.putTruncated(spans, x: 1, y: 0, width: canvas.size.width - 2, ellipsis: glyphs.ellipsis)
  }

  private static func rows(_ screen: FleetScreen, _ canvas: inout Canvas, _ rect: Rect, _ glyphs: GlyphSet, _ style: (Role) -> Style) {
    let table = screen.table
    let window = ListWindow(count: table.rows.count, height: max(0, rect.height - 1), offset: 0, selection: screen.selection)
    let hasJobs = Set(table.rows.map(\.worker.key.job)).count > 1
    let columns = FleetColumn.all(group: screen.order.group)
    let widget = Table(
      columns: columns.map { column in
        var title = column.title
        if column.sorts == screen.order.column { title += screen.order.isReversed ? " ^" : " v" }
        return TableColumn(title, width: column.width, alignment: column.alignment, priority: column.priority)
      },
      rows: table.rows[window.range].map { row in
        let context = FleetColumn.Context(row: row, hasJobs: hasJobs, glyphs: glyphs)
        return columns.map { column in
          let (text, role) = column.cell(context)
          return Span(text, style(role))
        }
      }, selection: screen.selection.map { $0 - window.offset }, headerStyle: style(.label), selectionStyle: style(.selection),
      glyphs: glyphs)
    widget.draw(on: &canvas, in: rect)
  }

  private static func foot(_ screen: FleetScreen, _ canvas: inout Canvas, _ glyphs: GlyphSet, _ style: (Role) -> Style) {
    let y = canvas.size.height - 1
    let width = canvas.size.width - 2
    if let typed = screen.typed {
      canvas.putTruncated("filter: \(typed)_", x: 1, y: y, width: width, style: style(.key), ellipsis: glyphs.ellipsis)
      return
    }
    var standing: [String] = []
    if screen.order.column != .condition { standing.append("by \(screen.order.column.title)") }
    if let group = screen.order.group { standing.append("grouped by \(group)") }
    if !screen.order.filter.isEmpty {
      standing.append("\(screen.table.rows.count) of \(screen.table.count) rows hold \(screen.order.filter)")
    }
    let text = standing.joined(separator: ", ")
    let room = min(displayWidth(text), width / 2)
    canvas.putTruncated(text, x: canvas.size.width - 1 - room, y: y, width: room, style: style(.info), ellipsis: glyphs.ellipsis)
    let hints = FleetScreen.commands.compactMap { command in
      command.hint.map { KeyHints.Hint(KeyText.text(command.keys[0]), $0, priority: command.act == .quit ? 10 : 5) }
    }
    KeyHints(hints, keyStyle: style(.key), actionStyle: style(.dim))
      .draw(on: &canvas, in: Rect(x: 1, y: y, width: max(0, width - room - 1), height: 1))
  }

  private static func help(_ canvas: inout Canvas, _ style: (Role) -> Style) {
    canvas.put("Keys of the fleet", x: 1, y: 0, style: style(.title), maxWidth: canvas.size.width - 2)
    for (index, command) in FleetScreen.commands.enumerated() where index + 1 < canvas.size.height {
      let keys = command.keys.map(KeyText.text).joined(separator: " ")
      canvas.put(keys, x: 2, y: index + 1, style: style(.key), maxWidth: 14)
      canvas.put(command.words, x: 17, y: index + 1, style: style(.text), maxWidth: max(0, canvas.size.width - 18))
    }
  }
}
