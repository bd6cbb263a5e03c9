import Foundation
import Testing

@testable import TerminalCanvas

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SVGTests {
  private func picture() -> Canvas {
    var canvas = Canvas(size: Size(width: 44, height: 9))
    let inner = Box(
      number: 1, title: "Services & <more>", right: "日本", isFocused: false, styles: .init(border: Style(foreground: .ansi(6)))
    ).draw(on: &canvas, in: canvas.bounds)
    WidgetTests.drawAll(on: &canvas, in: Rect(x: inner.x, y: inner.y, width: 20, height: 6), .unicode)
    canvas.put("● ▲ ✗ e\u{301} \"quoted\"", x: 22, y: 2, style: Style(foreground: .ansi(2), attributes: [.bold, .reverse]))
    canvas.put("⣀⡠⠤⠒⠉ ▁▂▃▄▅▆▇█ ■□ ┈┈", x: 22, y: 4, style: Style(foreground: .rgb(255, 135, 0), attributes: .dim))
    return canvas
  }

  @Test func `is valid XML`() throws {
    final class Reader: NSObject, XMLParserDelegate {
      var text = ""
      var elements: [String] = []
      func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
      ) {
        elements.append(name)
      }
    }
    let light = FramePalette(background: .init(0xFAFAFA), foreground: .init(0x24292F), ansi: Array(repeating: .init(0xC5221F), count: 16))
    for palette in [FramePalette.dark, light] {
      let svg = FrameSVG.render(picture(), palette: palette)
      let parser = XMLParser(data: Data(svg.utf8))
      let reader = Reader()
      parser.delegate = reader
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(reader.text.contains("日"))
      #expect(reader.text.contains("\"quoted\""))
      #expect(reader.elements.first == "svg")
      #expect(reader.elements.contains("path"))
    }
  }
}
