import TerminalCanvas
import WireFormats

/// One frame with every widget, to look at.
enum Gallery {
  static func render() -> Canvas {
    var canvas = Canvas(size: Size(width: 100, height: 24))
    let border = Box.Styles(border: Style(foreground: .ansi(8)), key: Style(foreground: .ansi(6), attributes: .bold))
    let parts = canvas.bounds.splitRows([.flex(), .fixed(9), .fixed(1)])
    let top = parts[0].splitColumns([.fixed(44), .flex()])
    services(on: &canvas, in: Box(number: 1, title: "Services", styles: border).draw(on: &canvas, in: top[0]))
    let chartBox = Box(number: 2, title: "A/V sync · live/test/out", right: "p95 31", isFocused: true, styles: border)
    chart(on: &canvas, in: chartBox.draw(on: &canvas, in: top[1]))
    lanes(on: &canvas, in: Box(number: 4, title: "Breaker <&>", styles: border).draw(on: &canvas, in: parts[1]))
    KeyHints(
      [.init("space", "pause"), .init("←→", "time"), .init("tab", "focus"), .init("?", "help"), .init("q", "quit")],
      keyStyle: Style(foreground: .ansi(6))
    )
    .draw(on: &canvas, in: parts[2])
    return canvas
  }

  private static func services(on canvas: inout Canvas, in rect: Rect) {
    let good = Style(foreground: .ansi(2))
    let bad = Style(foreground: .ansi(1), attributes: .bold)
    Table(
      columns: [
        TableColumn("", width: .fixed(1)), TableColumn("service", width: .flex(min: 8)), TableColumn("state", width: .fixed(8)),
        TableColumn("ms", width: .fixed(5), alignment: .right),
      ],
      rows: [
        [Span("●", good), Span("mediamtx"), Span("healthy", good), Span("2")],
        [Span("●", good), Span("media-service"), Span("healthy", good), Span("3")],
        [Span("▲", bad), Span("echo-sts 日本語"), Span("failing", bad), Span("47")],
      ], selection: 2
    ).draw(on: &canvas, in: rect)
    let row = rect.row(5)
    canvas.put("rate ", x: row.x, y: row.y)
    Sparkline(values: (0..<20).map { $0 == 9 ? nil : Double($0 * $0 % 17) }, style: Style(foreground: .ansi(4))).draw(
      on: &canvas, in: row.inset(left: 5, right: 12))
    canvas.put(BoxGauge(filled: 2, total: 3, filledStyle: good).spans(width: 3), x: row.x + 33, y: row.y, maxWidth: 3)
    canvas.put("▍▉", x: rect.x, y: rect.y + 7, style: Style(foreground: .ansi(5), background: .ansi(0)))
    canvas.put("dim italic", x: rect.x + 25, y: rect.y + 7, style: Style(attributes: [.dim, .italic]))
    canvas.put("underline", x: rect.x, y: rect.y + 9, style: Style(attributes: .underline))
    canvas.put("\u{1B}[31m \u{202E}escaped", x: rect.x, y: rect.y + 10, style: Style(foreground: .ansi(3)))
  }

  private static func chart(on canvas: inout Canvas, in rect: Rect) {
    let values = (0..<200).map { step -> BrailleChart.ChartSample in
      let phase = Double(step % 40) / 20 - 1
      return BrailleChart.ChartSample(time: Double(step) / 2, value: (80..<100).contains(step) ? nil : phase * abs(phase) * 90)
    }
    BrailleChart(
      series: [.init(values, style: Style(foreground: .ansi(6)))], range: -150...150,
      thresholds: [
        .init(120, label: "+120", right: "late", style: Style(foreground: .ansi(3))), .init(0, label: "0", isLine: false),
        .init(-120, label: "-120", right: "early", style: Style(foreground: .ansi(3))),
      ],
      bands: [TimeBand(start: 60, end: 75, background: .indexed(52), mark: "F", style: Style(foreground: .ansi(9)))],
      marks: [.init(time: 25, glyph: "↻")], cursor: 50
    ).draw(on: &canvas, in: rect, from: 0, to: 100)
  }

  private static func lanes(on canvas: inout Canvas, in rect: Rect) {
    let rows: [(String, Lane)] = [
      ("closed", Lane(periods: [.init(start: 0, end: 41.3, style: Style(foreground: .ansi(2)))])),
      ("open", Lane(periods: [.init(start: 41.3, end: 71.3, style: Style(foreground: .ansi(1)), label: "30 s")])),
      ("half", Lane(periods: [.init(start: 71.3, end: 74, style: Style(foreground: .ansi(3)))])),
      (
        "try 1",
        Lane(
          periods: [.init(start: 10, end: 30, label: "2.0", isBracket: true)],
          marks: [(time: 31, span: Span("✗", Style(foreground: .ansi(1))))])
      ),
    ]
    for (index, row) in rows.enumerated() {
      canvas.put(row.0, x: rect.x, y: rect.y + index)
      row.1.draw(on: &canvas, in: rect.row(index).inset(left: 8), from: 0, to: 100)
    }
  }
}
