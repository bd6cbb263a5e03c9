import Testing
import WireFormats

@testable import TerminalCanvas

@Suite struct WidgetTests {
  private func render(_ width: Int, _ height: Int, _ draw: (inout Canvas, Rect) -> Void) -> [String] {
    var canvas = Canvas(size: Size(width: width, height: height))
    draw(&canvas, canvas.bounds)
    return canvas.rows()
  }

  @Test func `draws boxes`() {
    #expect(
      render(24, 3) { Box(number: 1, title: "Services", right: "3/3").draw(on: &$0, in: $1) } == [
        "╭ 1 Services ──── 3/3 ─╮", "│                      │", "╰──────────────────────╯",
      ])
    #expect(
      render(12, 2) { Box(number: 2, title: "A/V sync", right: "x", glyphs: .ascii).draw(on: &$0, in: $1) } == [
        "+ 2 A/V s~ +", "+----------+",
      ])
    #expect(render(9, 2) { Box(title: "Title", isFocused: true).draw(on: &$0, in: $1) } == ["┏ Title ┓", "┗━━━━━━━┛"])
    #expect(render(1, 1) { Box(title: "T").draw(on: &$0, in: $1) } == [" "])
  }

  @Test func `draws tables`() {
    let table = Table(
      columns: [
        TableColumn("name", width: .flex(min: 5)), TableColumn("ms", width: .fixed(4), alignment: .right),
        TableColumn("note", width: .fixed(4), priority: 1),
      ],
      rows: [[Span("echo-sts"), Span("47")], [Span("日本語日本語"), Span("123456"), Span("ok")]], selection: 1)
    #expect(
      render(18, 4) { table.draw(on: &$0, in: $1) } == [
        "name       ms note", "echo-sts   47     ", "日本語…  123… ok  ", "                  ",
      ])
    // Too narrow for all: the column of least priority goes.
    #expect(render(12, 2) { table.draw(on: &$0, in: $1) } == ["name      ms", "echo-s…   47"])
    #expect(table.placement(in: Rect(x: 0, y: 0, width: 18, height: 4)).body == Rect(x: 0, y: 1, width: 18, height: 3))
  }

  @Test func `draws sparklines`() {
    #expect(Sparkline(values: [0, 1, 2, 3, 4, 5, 6, 7]).text(width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline(values: [nil, 1, .nan, 2]).text(width: 6) == "   ▅ █")
    #expect(Sparkline(values: [5, 5], range: 0...10, glyphs: .ascii).text(width: 2).count == 2)
    #expect(Sparkline(values: [0, 0]).text(width: 2) == "▁▁")
    #expect(Sparkline(values: [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude]).text(width: 2) == "▁█")
    #expect(Sparkline(values: []).text(width: -1) == "")
  }

  @Test func `draws lanes`() {
    let lane = Lane(periods: [.init(start: 0, end: 2.5), .init(start: 5.5, end: nil)])
    #expect(render(8, 1) { lane.draw(on: &$0, in: $1, from: 0, to: 8) } == ["██▌  ▌██"])
    let bracket = Lane(periods: [.init(start: 1, end: 7, label: "2.0", isBracket: true)], marks: [(time: 7.5, span: Span("✗"))])
    #expect(render(8, 1) { bracket.draw(on: &$0, in: $1, from: 0, to: 8) } == [" ├─2.0─✗"])
    #expect(render(8, 1) { Lane(periods: [.init(start: 3, end: 3.01)]).draw(on: &$0, in: $1, from: 0, to: 8) } == ["   ▏    "])
    #expect(
      render(4, 1) { Lane(periods: [.init(start: .nan, end: .infinity)], glyphs: .ascii).draw(on: &$0, in: $1, from: .nan, to: -1) } == [
        "    "
      ])
  }

  @Test func `draws charts`() {
    let chart = BrailleChart(
      series: [
        .init([
          .init(time: 0, value: 0), .init(time: 2, value: 0), .init(time: 4, value: nil), .init(time: 6, value: 10),
          .init(time: 8, value: 10),
        ])
      ],
      range: -10...10, thresholds: [.init(10, label: "+10", right: "late"), .init(-10, label: "-10")])
    #expect(render(16, 3) { chart.draw(on: &$0, in: $1, from: 0, to: 8) } == ["+10 ┈┈┈┈┈┈┈┈┈⠉⠉⠉", "    ⠤⠤⠤⠄        ", "-10 ┈┈┈┈┈┈┈┈┈┈┈┈"])
  }

  @Test func `draws gauges and hints`() {
    #expect(BoxGauge(filled: 3, total: 5).spans(width: 9).map(\.text) == ["■■■", "□□"])
    #expect(BoxGauge(filled: -1, total: 1000).spans(width: 4).map(\.text) == ["", "□□□□"])
    #expect(BoxGauge(filled: 999, total: 1000).spans(width: 4).map(\.text) == ["■■■", "□"])
    let hints = KeyHints([.init("space", "pause", priority: 1), .init("tab", "focus"), .init("q", "quit", priority: 2)])
    #expect(render(40, 1) { hints.draw(on: &$0, in: $1) }[0].hasPrefix(" space pause  tab focus  q quit"))
    #expect(render(20, 1) { hints.draw(on: &$0, in: $1) } == [" space pause  q quit"])
    #expect(render(8, 1) { hints.draw(on: &$0, in: $1) } == [" q quit "])
  }

  @Test func `windows lists`() {
    #expect(ListWindow(count: 100, height: 10, offset: 95).offset == 90)
    #expect(ListWindow(count: 100, height: 10, offset: 0, selection: 15).offset == 6)
    #expect(ListWindow(count: 100, height: 10, offset: 50, selection: 15).offset == 15)
    #expect(ListWindow(count: 3, height: 10, offset: 2).range == 0..<3)
    #expect(ListWindow(count: 0, height: 0, selection: 4).range.isEmpty)
    #expect(ListWindow(count: 3, height: 10).item(atRow: 3) == nil)
    #expect(ListWindow(count: 100, height: 10, offset: 90).thumb(in: 10).map { [$0.start, $0.length] } == [9, 1])
    let window = ListWindow(count: 9, height: 2, offset: 3)
    #expect(
      render(5, 2) { ListView(rows: [[Span("long one")], [Span("b")]], window: window, selection: 4).draw(on: &$0, in: $1) } == [
        "lon…▐", "b   │",
      ])
  }

  /// At every size, nothing traps and nothing is drawn outside of the rectangle.
  @Test func `widgets stay inside`() {
    var outside = 0
    for width in 0...40 {
      for height in 0...6 {
        var canvas = Canvas(size: Size(width: 46, height: 10))
        canvas.fill(canvas.bounds, with: Cell("."))
        let rect = Rect(x: 3, y: 2, width: width, height: height)
        for glyphs in [GlyphSet.unicode, .ascii] { Self.drawAll(on: &canvas, in: rect, glyphs) }
        for y in 0..<10 { for x in 0..<46 where !rect.contains(Point(x: x, y: y)) && canvas[x, y] != Cell(".") { outside += 1 } }
      }
    }
    #expect(outside == 0)
  }

  static func drawAll(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    let band = TimeBand(start: 1, end: 3, background: .ansi(4), mark: "F")
    let text = "wide 日本語 and \u{1B}[31m"
    ListView(
      rows: Array(repeating: [Span(text)], count: 9), window: ListWindow(count: 20, height: rect.height), selection: 0, glyphs: glyphs
    ).draw(on: &canvas, in: rect)
    Table(
      columns: [TableColumn(text, width: .flex()), TableColumn("n", width: .fixed(6), alignment: .right)],
      rows: [[Span(text), Span(text)]], selection: 0, glyphs: glyphs
    )
    .draw(on: &canvas, in: rect)
    Sparkline(values: [1, nil, 3], glyphs: glyphs).draw(on: &canvas, in: rect)
    let samples = (0..<50).map { BrailleChart.ChartSample(time: Double($0) / 5, value: Double($0 % 7) * 1e3) }
    BrailleChart(
      series: [.init(samples)], thresholds: [.init(0, label: "日本", right: text), .init(6e3, label: "x")], bands: [band],
      marks: [.init(time: 4, glyph: "日")], cursor: 5, glyphs: glyphs
    ).draw(on: &canvas, in: rect, from: 0, to: 10)
    Lane(
      periods: [.init(start: -5, end: nil, label: text), .init(start: 2, end: 9, label: "日", isBracket: true)],
      marks: [(time: 9.9, span: Span(text))], bands: [band], cursor: 3, glyphs: glyphs
    )
    .draw(on: &canvas, in: rect, from: 0, to: 10)
    let gauge = BoxGauge(filled: 3, total: 70, glyphs: glyphs).spans(width: rect.width)
    if rect.height > 0 { canvas.put(gauge, x: rect.x, y: rect.y, maxWidth: rect.width) }
    KeyHints([.init("space", text), .init("q", "quit")]).draw(on: &canvas, in: rect)
    Box(number: 3, title: text, right: text, glyphs: glyphs).draw(on: &canvas, in: rect)
  }
}
