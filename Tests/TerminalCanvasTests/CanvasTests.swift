import CanvasSupport
import Testing

@testable import TerminalCanvas

@Suite struct CanvasTests {
  private func canvas(_ width: Int = 10, _ height: Int = 2) -> Canvas { Canvas(size: Size(width: width, height: height)) }

  @Test func `puts and clips`() {
    var one = canvas()
    #expect(one.put("hello", x: 7, y: 0) == 3)
    #expect(one.put("world", x: -2, y: 1) == 5)
    #expect(one.put("out", x: 0, y: 5) == 0)
    #expect(one.put("日本", x: 7, y: 1, maxWidth: 3) == 2)
    #expect(one.rows() == ["       hel", "rld    日 "])
    #expect(one.put("x", x: .max, y: 0) == 0)
    #expect(one.put("x", x: .min, y: .min) == 0)
  }

  @Test func `never leaves halves`() {
    var one = canvas(6, 1)
    one.put("日本語", x: 0, y: 0)
    one.put("x", x: 1, y: 0)
    #expect(one.rows() == [" x本語"])
    one.put("y", x: 2, y: 0)
    #expect(one.rows() == [" xy 語"])
    one[5, 0] = Cell("日")
    #expect(one.rows() == [" xy   "])
    one.put("日", x: -1, y: 0)
    #expect(one.rows() == [" xy   "])
  }

  @Test func `draws canvases clipped`() {
    var base = canvas(6, 2)
    var part = canvas(4, 1)
    part.put("日本", x: 0, y: 0)
    base.draw(part, at: Point(x: -1, y: 0))
    base.draw(part, at: Point(x: 3, y: 1))
    #expect(base.rows() == [" 本   ", "   日 "])
    #expect(base.cropped(to: Rect(x: 1, y: 0, width: 8, height: 1)).rows() == ["本      "])
  }

  @Test func `styles rectangles`() {
    var one = canvas(6, 2)
    one.put("abc", x: 0, y: 0, style: Style(foreground: .ansi(1), attributes: .bold))
    one.band(Rect(x: 1, y: 0, width: 9, height: 9), background: .rgb(1, 2, 255))
    one.mergeStyle(Rect(x: 0, y: 1, width: 1, height: 1), Style(attributes: .reverse))
    #expect(one.styleRuns() == ["0 0-0:red/- bold, 1-2:red/#0102ff bold, 3-5:-/#0102ff", "1 0-0:-/- reverse, 1-5:-/#0102ff"])
    one.put("z", x: 4, y: 0, keepsBackground: true)
    #expect(one[4, 0].style.background == .rgb(1, 2, 255))
  }

  @Test func `puts spans`() {
    var one = canvas(10, 2)
    #expect(one.put([Span("ab"), Span("日本", .plain)], x: 1, y: 0, maxWidth: 5) == 4)
    one.putTruncated([Span("long"), Span(" text that ends")], x: 0, y: 1, width: 8)
    #expect(one.rows() == [" ab日     ", "long te…  "])
    one.putTruncated([Span("12345678"), Span("")], x: 0, y: 1, width: 8)
    #expect(one.rows()[1] == "12345678  ")
    one.putTruncated([Span("12345678"), Span("9")], x: 0, y: 1, width: 8)
    #expect(one.rows()[1] == "1234567…  ")
  }

  @Test func `frame text drops trailing blanks`() {
    var one = canvas(5, 2)
    one.put("a b", x: 0, y: 0)
    #expect(FrameText.render(one) == "a b\n\n")
  }

  @Test func `in memory backend shows frames`() async throws {
    let backend = InMemoryBackend(size: Size(width: 8, height: 1))
    let (size, _) = await backend.start()
    #expect(size.description == "8x1")
    var one = canvas(4, 4)
    one.put("hi", x: 0, y: 0)
    let shown = one
    async let seen = backend.waitForFrame { $0.rows()[0].hasPrefix("hi") }
    await backend.present(shown)
    #expect(try await seen.rows() == ["hi      "])
    await #expect(throws: InMemoryBackend.FrameNotSeen.self) { try await backend.waitForFrame(within: .milliseconds(20)) { _ in false } }
    await backend.type("q")
    await backend.stop()
    var inputs: [TerminalInput] = []
    for await input in backend.inputs { inputs.append(input) }
    #expect(inputs == [.key(.char("q"))])
  }
}
