import HarnessCore
import PrometheusText
import Testing
import WireFormats

@Suite struct PrometheusJSONTests {
  private func parse(_ text: String, _ format: ExpositionFormat = .text) throws -> Scrape {
    var parser = ExpositionParser()
    return try parser.parse(text, format: format)
  }

  @Test func `single values`() throws {
    let scrape = try parse(
      """
      # HELP c some "help" <&>
      # TYPE c counter
      c{tag2="def",tag1="abc"} 1
      c{tag1="foo"} 42 123456
      c -Inf
      u 1e6
      # TYPE nothing gauge
      """)
    #expect(
      PrometheusJSON.encode(scrape) == """
        [{"name":"c","help":"some \\"help\\" \\u003c\\u0026\\u003e","type":"COUNTER","metrics":[\
        {"labels":{"tag1":"abc","tag2":"def"},"value":"1"},{"labels":{"tag1":"foo"},"timestamp_ms":"123456","value":"42"},\
        {"value":"-Inf"}]},{"name":"u","help":"","type":"UNTYPED","metrics":[{"value":"1e+06"}]}]
        """)
  }

  @Test func `histograms and summaries`() throws {
    let scrape = try parse(
      """
      # TYPE h histogram
      h_bucket{l="v",le="250000.0"} 3
      h_bucket{l="v",le="1000000"} 5
      h_bucket{l="v",le="+Inf"} 5
      h_count{l="v"} 5
      h_sum{l="v"} 2.5
      h_bucket{le="+Inf"} 1.5
      h_count 2
      # TYPE s summary
      s{quantile="0.50"} 3
      s{quantile="0.9"} NaN
      s_sum 2
      s_count 1 7
      """)
    #expect(
      PrometheusJSON.encode(scrape) == """
        [{"name":"h","help":"","type":"HISTOGRAM","metrics":[\
        {"labels":{"l":"v"},"buckets":{"+Inf":"5","1e+06":"5","250000":"3"},"count":"5","sum":"2.5"},\
        {"buckets":{"+Inf":"1.5"},"count":"2","sum":"0"}]},\
        {"name":"s","help":"","type":"SUMMARY","metrics":[{"timestamp_ms":"7","quantiles":{"0.5":"3","0.9":"NaN"},"count":"1","sum":"2"}]}]
        """)
  }

  @Test func `open metrics names`() throws {
    let scrape = try parse("# TYPE j counter\nj_total 2\nj_created 5\n# TYPE i info\ni_info{v=\"1\"} 1\n# EOF\n", .openMetrics)
    #expect(
      PrometheusJSON.encode(scrape) == """
        [{"name":"j_total","help":"","type":"COUNTER","metrics":[{"value":"2"}]},\
        {"name":"i_info","help":"","type":"INFO","metrics":[{"labels":{"v":"1"},"value":"1"}]}]
        """)
  }

  @Test func `an empty scrape is an empty list`() throws {
    #expect(PrometheusJSON.encode(try parse("")) == "[]")
  }

  @Test func `what it writes is JSON`() throws {
    let seed = Array(
      """
      # HELP a b\\n<&>
      # TYPE h histogram
      h_bucket{l="v\\"w",le="1"} 1
      h_count 3
      {"q.n","b c"="d\\\\"} NaN

      """.utf8)
    var written = 0
    for index in seed.indices {
      for byte in [UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x0A, 0x7F, 0xE2, UInt8(ascii: "1"), UInt8(ascii: "{")] {
        var bytes = seed
        bytes[index] = byte
        var parser = ExpositionParser()
        guard let scrape = try? parser.parse(bytes, format: .text) else { continue }
        #expect(try JSONValue.parse(PrometheusJSON.encode(scrape)).arrayValue != nil)
        written += 1
      }
    }
    #expect(written > 50)
  }
}
