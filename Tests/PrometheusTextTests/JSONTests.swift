import Testing

@testable import PrometheusText

@Suite struct JSONTests {
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

  @Test func `nothing`() throws {
    #expect(PrometheusJSON.encode(try parse("")) == "[]")
  }
}
