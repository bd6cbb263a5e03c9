import Testing

@testable import PrometheusText

@Suite struct LayoutTests {
  @Test func `same shape gives the identical layout`() throws {
    var parser = ExpositionParser()
    let first = try parser.parse("# TYPE a gauge\na{x=\"1\"} 1\na{x=\"2\"} 2 5\n", format: .text)
    let second = try parser.parse("# TYPE a gauge\na{x=\"1\"} 1.7953527672892654e+09\na{x=\"2\"} NaN 123456\n", format: .text)
    let third = try parser.parse("# TYPE a gauge\na{x=\"1\"} 3\na{x=\"2\"} 4\n", format: .text)
    #expect(first.layout === second.layout && second.layout === third.layout)
    #expect(second.values[0] == 1_795_352_767.2892654 && second.values[1].isNaN)
    #expect(first.timestamp(at: 0) == nil && second.timestamp(at: 1) == 123_456 && !third.hasTimestamps)
    let described = try parser.parse("# TYPE a counter\na{x=\"1\"} 3\na{x=\"2\"} 4\n", format: .text)
    #expect(described.layout !== first.layout)
    #expect(described.layout.families[0].type == .counter)
    #expect((0..<2).map { described.layout.id(at: $0) } == (0..<2).map { first.layout.id(at: $0) })
  }

  @Test func `series keep their numbers`() throws {
    var parser = ExpositionParser()
    var numbers: [String: SeriesID] = [:]
    for text in [
      "a{x=\"1\"} 1\nb 2\nc 3\n", "new 0\na{x=\"1\"} 1\nc 3\n", "c 9\nb 1\na{x=\"1\"} 1\n", "a{ x = \"1\" , } 1\nb\t2\n",
      "{\"a\",\"x\"=\"1\"} 3\nc 1\n",
      "d{y=\"2\",x=\"1\"} 1\n", "d{x=\"1\",y=\"2\"} 1\nnew 4\n",
    ] {
      let layout = try parser.parse(text, format: .text).layout
      for index in 0..<layout.count {
        let name = layout.series[index].description
        if let known = numbers[name] { #expect(known == layout.id(at: index), "\(name)") }
        numbers[name] = layout.id(at: index)
        #expect(layout.index(of: layout.series[index]) == index)
      }
    }
    #expect(Set(numbers.values).count == numbers.count)
    #expect(parser.layout?.index(of: SeriesKey(name: "nope")) == nil)
  }

  @Test func `an error leaves the parser as it was`() throws {
    var parser = ExpositionParser(rules: .strict)
    let first = try parser.parse("a 1\nb 2\n", format: .text)
    #expect(throws: ParseError.self) { try parser.parse("a 1\nb x\n", format: .text) }
    #expect(try parser.parse("a 5\nb 6\n", format: .text).layout === first.layout)
  }

  @Test func `repeated series are reported`() throws {
    let scrape = try parse("a{x=\"1\",y=\"2\"} 1\nb 1\na{y=\"2\", x=\"1\"} 3\na{x=\"1\",y=\"2\"} 4\n")
    #expect(scrape.layout.repeatedIndices == [2, 3])
    #expect(scrape.layout.id(at: 0) == scrape.layout.id(at: 3))
    #expect(scrape.value(of: SeriesKey(name: "a", labels: [.init(name: "y", value: "2"), .init(name: "x", value: "1")])) == 4)
  }

  @Test(
    arguments: [
      (nil, ExpositionFormat.text), ("", .text), ("text/plain; version=0.0.4; charset=utf-8", .text), ("text/html", .text),
      ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics), (" Application/OpenMetrics-Text ", .openMetrics),
      ("application/openmetrics-text;version=0.0.1", .openMetrics), ("application/openmetrics-texts", .text),
    ] as [(String?, ExpositionFormat)])
  func `content types`(_ header: String?, _ format: ExpositionFormat) {
    #expect(ExpositionFormat(contentType: header) == format)
  }

  @Test func `keys are compared by bytes`() throws {
    let scrape = try parse("# TYPE \"caf\u{E9}\" gauge\n{\"caf\u{E9}\"} 1\n# TYPE \"cafe\u{301}\" counter\n{\"cafe\u{301}\"} 2\n")
    #expect(scrape.layout.families.map(\.type) == [.gauge, .counter])
    #expect(scrape.layout.repeatedIndices.isEmpty)
    #expect(SeriesKey(name: "caf\u{E9}") != SeriesKey(name: "cafe\u{301}"))
    #expect(SeriesKey(name: "a", labels: [.init(name: "x", value: "1")]) < SeriesKey(name: "b"))
    #expect(SeriesKey(name: "a.b", labels: [.init(name: "c d", value: "e\n")]).description == "{\"a.b\",\"c d\"=\"e\\n\"}")
  }
}
