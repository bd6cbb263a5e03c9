import PrometheusText
import Testing

@Test func smoke() throws {
  var parser = ExpositionParser()
  let scrape = try parser.parse("# TYPE a gauge\na{b=\"c\"} 1.5\n", format: .text)
  #expect(scrape.values == [1.5])
  #expect(scrape.layout.series[0].description == "a{b=\"c\"}")
}
