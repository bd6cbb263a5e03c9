import Testing

@testable import PrometheusText

@Suite struct OpenMetricsTests {
  @Test(
    arguments: [
      ("# EOF", []), ("# EOF\n", []), ("# HELP a \n# UNIT a \n# EOF\n", []), ("a 1\n# EOF", ["a 1.0"]),
      ("# TYPE a counter\n# HELP a help\na_total 1\n# EOF\n", ["a_total 1.0"]),
      (
        "# TYPE a counter\na_total{foo=\"1\"} 1 000\na_total{foo=\"3\"} 1 1.1\na_total{foo=\"5\"} 1 1.5e3\n# EOF\n",
        ["a_total{foo=\"1\"} 1.0 @0", "a_total{foo=\"3\"} 1.0 @1100", "a_total{foo=\"5\"} 1.0 @1500000"]
      ),
      ("# TYPE a counter\na_total 1 1520872607.123\na_created 1520872600.5\n# EOF\n", nil),
      ("# TYPE a counter\na_total 17 # {id=\"x # \"} 5 1.5\na_created 3\n# EOF\n", ["a_total 17.0", "a_created 3.0"]),
      ("# TYPE a counter\na_total{} 0 123 # {a=\"b\"} 0.5\n# EOF\n", ["a_total 0.0 @123000"]),
      ("# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1\n# EOF\n", ["a_seconds 1.0"]),
      ("# TYPE a summary\na_count 1\na_sum 2\na{quantile=\"0.5\"} 0.7\n# EOF\n", ["a_count 1.0", "a_sum 2.0", "a{quantile=\"0.5\"} 0.7"]),
      (
        "# TYPE a histogram\na_bucket{le=\"1.0\"} 0 # {a=\"b\"} 0.5\na_bucket{le=\"+Inf\"} 3 # {} 4 123\na_count 3\na_sum 2\na_created 1\n# EOF\n",
        ["a_bucket{le=\"1.0\"} 0.0", "a_bucket{le=\"+Inf\"} 3.0", "a_count 3.0", "a_sum 2.0", "a_created 1.0"]
      ),
      (
        "# TYPE a histogram\na_bucket{le=\"-1.0\"} 0\na_bucket{le=\"+Inf\"} 3\n# EOF\n",
        ["a_bucket{le=\"-1.0\"} 0.0", "a_bucket{le=\"+Inf\"} 3.0"]
      ),
      (
        "# TYPE a gaugehistogram\na_bucket{le=\"-1.0\"} 1\na_bucket{le=\"+Inf\"} 3\na_gcount 3\na_gsum -5\n# EOF\n",
        ["a_bucket{le=\"-1.0\"} 1.0", "a_bucket{le=\"+Inf\"} 3.0", "a_gcount 3.0", "a_gsum -5.0"]
      ),
      (
        "# TYPE a info\na_info{a=\"1\",foo=\"bar\"} 1 1\na_info{a=\"2\",foo=\"bar\"} 1 0\n# EOF\n",
        ["a_info{a=\"1\",foo=\"bar\"} 1.0 @1000", "a_info{a=\"2\",foo=\"bar\"} 1.0 @0"]
      ),
      ("# TYPE a stateset\na{a=\"bar\"} 0\na{a=\"foo\"} 1.0\n# EOF\n", ["a{a=\"bar\"} 0.0", "a{a=\"foo\"} 1.0"]),
      ("a 12\nb -Inf\nc NaN\n# EOF\n", ["a 12.0", "b -inf", "c nan"]),
      ("# HELP \"a.b\" x\n# TYPE \"a.b\" gauge\n{\"a.b\",\"l.m\"=\"v\"} 1\n# EOF\n", ["{\"a.b\",\"l.m\"=\"v\"} 1.0"]),
      ("foo_total 17.0\nfoo_created 1.5\n# EOF\n", ["foo_total 17.0", "foo_created 1.5"]),
      ("a{foo=\"\\foo\"} 1\r\n# EOF\r\n", ["a{foo=\"\\\\foo\"} 1.0"]),
      ("# TYPE a gauge\na{a=\"1\"} 1 0.0000000000\na{a=\"1\"} 2 0.0000000001\na{a=\"1\"} 3 0.0000000010\n# EOF\n", nil),
    ] as [(String, [String]?)])
  func `valid OpenMetrics is read`(_ text: String, _ expected: [String]?) throws {
    if let expected {
      #expect(try lines(parse(text, .openMetrics)) == expected)
    } else if text.contains("_created") {
      #expect(throws: ParseError.self) { try parse(text, .openMetrics) }
    } else {
      #expect(try parse(text, .openMetrics).layout.repeatedIndices == [1, 2])
    }
  }

  /// A series stands there once, in whatever order its labels are.
  @Test(arguments: [
    ("a 1\na 2\n", 2), ("# TYPE a gauge\na{x=\"1\"} 1\na{x=\"2\"} 1\na{x=\"2\"} 2\n", 4),
    ("# TYPE a gauge\na{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2\n", 3), ("# TYPE a counter\na_total 1\na_created 1\na_total 1\n", 4),
    ("# TYPE a summary\na{quantile=\"0.5\"} 1\na{quantile=\"0.9\"} 1\na{quantile=\"0.5\"} 1\n", 4),
    ("# TYPE a stateset\na{a=\"x\"} 1\na{a=\"x\"} 0\n", 3), ("# TYPE a info\na_info{v=\"x\"} 1\na_info{v=\"y\"} 1\na_info{v=\"x\"} 1\n", 4),
    ("# TYPE a histogram\na_bucket{le=\"+Inf\"} 3\na_count 3\na_sum 2\na_sum 2\n", 5),
  ])
  func `a repeated series is refused`(text: String, line: Int) {
    let error = #expect(throws: ParseError.self) { try parse(text + "# EOF\n", .openMetrics) }
    #expect(error?.line == line && error?.column == 1, "\(error?.description ?? "")")
  }

  static let long = String(repeating: "x", count: 128)

  @Test(arguments: [
    "", "\n", "metric", "metric 1", "a 1\n# EOF\nblah", "a 1\n# EOFblah", "# EOF\n\n", "# EOF\na 1", " # EOF\n",
    "a{a=1} 1\n", "a{a=\"1} 1\n", "a{a='1'} 1\n", "a{a=\"1\"b=\"2\"} 1\n", "a{a=\"1\",,b=\"2\"} 1\n", "a{a=\"1\",b=\"2\",} 1\n",
    "a{,b=\"2\"} 1\n", "a{ b=\"2\"} 1\n", "a{b=\"2\" c=\"3\"} 1\n", "a{b=\"x\"y\"} 1\n", "a\n", "a \n", "a  1\n", "a\t1\n", "a 1\t\n",
    "a 1 \n",
    " a 1\n", "a {b=\"c\"} 1\n", "a{b=\"c\"}1\n", "a{b=\"c\"}  1\n",
    "# HELP\n", "# HELP \n", "# HELP a\n", "# HELP a\t\n", " # HELP a meh\n", "#\tTYPE c counter\n", "#  TYPE c counter\n",
    "# TYPE c  counter\n",
    "# TYPE\n", "# TYPE \n", "# TYPE a\n", "# TYPE a meh\n", "# TYPE a gauge \n", "# TYPE a untyped\n", "# FOO a x\n", "#\n", "# H\n",
    "# UNIT\n", "# UNIT a\n", "# UNIT a seconds\n", "# UNIT aseconds seconds\n", "# UNIT a_seconds seconds \n",
    "# TYPE x_u info\n# UNIT x_u u\n", "# TYPE x_u stateset\n# UNIT x_u u\n",
    "# HELP a x\na 1\n# TYPE a gauge\n", "# TYPE a gauge\na 1\n# HELP a gauge\n", "# HELP a x\n# HELP a x\n", "# HELP a \n# HELP a \n",
    "# UNIT a_s s\n# UNIT a_s s\n", "# TYPE a counter\n# TYPE a counter\n", "0a 1\n", "a.b 1\n", "a-b 1\n",
    "a a\n", "a 1_2\n", "a 0x1p-3\n", "a 0b1\n", "a 1 z\n", "a 1 1z\n", "a 1 1_2\n", "a 1 1.1.1\n", "a 1 NaN\n", "a 1 Inf\n", "a 1 -Inf\n",
    "a 1 2 \n", "a 1 2 #\n", "a 1 1 1\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 #\n", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1# {} 1\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 #{} 1\n", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {}1\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {} 1 \n", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {} 1 1 \n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {a=\"\(long)\"} 1 1\n", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {} 1 NaN\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {bb} 1\n", "# TYPE a counter\na_total 1 # {aa=\"bb\",cc=} 1\n",
    "# TYPE a counter\na_total 1 1 # {id=\"a\"}  \n", "# TYPE a counter\na_total 1 1 # id=\"a\"} 1\n",
    "# TYPE a counter\na_total 1 # {aa=\"b\",aa=\"c\"} 1\n", "# TYPE a counter\na_total 1 # {aa=\"bb\"} 0x1p-3\n",
    "# TYPE a histogram\na_sum 1 # {a=\"b\"} 0.5\n", "# TYPE a counter\na_created 1 # {a=\"b\"} 0.5\n",
    "# TYPE a gauge\na 1 # {a=\"b\"} 1\n",
    "# TYPE a_bucket gauge\na_bucket 1 # {a=\"b\"} 0.5\n", "# TYPE a info\na_info 1 # {a=\"b\"} 1\n",
    "# TYPE a stateset\na 2\n", "# TYPE a stateset\na{a=\"x\"} 2\n", "# TYPE a info\na 2\n", "# TYPE a info\na_info 2\n",
    "# TYPE a summary\na 0\n", "# TYPE a summary\na{quantile=\"-1\"} 0\n", "# TYPE a summary\na{quantile=\"foo\"} 0\n",
    "# TYPE a summary\na{quantile=\"1.01\"} 0\n", "# TYPE a summary\na{quantile=\"NaN\"} 0\n", "# TYPE a histogram\na_bucket 0\n",
    "# TYPE a counter\na_total NaN\n", "# TYPE a counter\na_total -1\n", "# TYPE a counter\na 1\n", "# TYPE a histogram\na_count -1\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} -1\n", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 0.5\n",
    "# TYPE a histogram\na_bucket{le=\"-1.0\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum 1\n",
    "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} NaN\n",
    "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum -1\na_gcount 1\n",
    "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum NaN\n",
    "# TYPE a summary\na_count 0.5\n", "# TYPE a summary\na_sum -1\n", "# TYPE a summary\na{quantile=\"0.5\"} -1\n",
    "# TYPE a histogram\na_sum 1\n", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 0\na_sum 0\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 0\na_count 0\n", "# TYPE a histogram\na_count 1\na_bucket{le=\"+Inf\"} 0\n",
    "# TYPE a histogram\na_bucket{le=\"+Inf\"} 0\na_count 1\na_sum 0\n", "# TYPE a histogram\na_bucket{le=\"+INF\"} 0\n",
    "# TYPE a histogram\na_bucket{le=\"2\"} 0\na_bucket{le=\"1\"} 0\na_bucket{le=\"+Inf\"} 0\n",
    "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"2\"} 1\na_bucket{le=\"+Inf\"} 0\n",
    "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 0\na_bucket{le=\"+Inf\"} 0\n",
    "# TYPE a summary\na_sum{a=\"1\"} 0\na_sum{a=\"2\"} 0\na_count{a=\"1\"} 0\n", "# TYPE a gauge\na 0 -1\na 0 -2\n",
    "# TYPE a gauge\na 0 1.1\na 0 1\n",
    "# TYPE a gauge\na 0 -1\na 0 -1.1\n", "# TYPE a gauge\na 0\na 0 0\n", "# TYPE a gauge\na 0 0\na 0\n",
    "# TYPE a info\n# TYPE a counter\n", "# TYPE a_created gauge\n# TYPE a counter\n", "a 1\nb 1\na{c=\"d\"} 1\n", "{b=\"c\"} 1\n",
  ])
  func `invalid OpenMetrics is refused`(_ text: String) {
    let isWhole = text.isEmpty || text.contains("EOF") || !text.hasSuffix("\n")
    let error = #expect(throws: ParseError.self) { try parse(isWhole ? text : text + "# EOF\n", .openMetrics) }
    #expect(error?.message.contains("must end with a line '# EOF'") != true || isWhole, "\(error?.description ?? "")")
  }

  @Test func `help escapes and units`() throws {
    for (written, meant) in [("\\\"", "\""), ("\\\\\"", "\\\""), ("he\\n\\\\l\\tp", "he\n\\l\\tp"), ("foo\\", "foo\\")] {
      #expect(try parse("# HELP a \(written)\na 1\n# EOF\n", .openMetrics).layout.families[0].help == meant)
    }
    let family = try parse("# TYPE a_s gauge\n# UNIT a_s s\n# EOF\n", .openMetrics).layout.families[0]
    #expect(family == MetricFamily(name: "a_s", type: .gauge, help: nil, unit: "s"))
  }

  @Test func `huge timestamps are kept in range`() throws {
    let scrape = try parse("a 1 12345678901234567890.1234567890\nb 1 -1.5\nc 1 1e30\n# EOF\n", .openMetrics)
    #expect((0..<3).map { scrape.timestamp(at: $0) } == [.max, -1_500, .max])
  }

  /// Values are checked in every scrape, also when nothing but values changed.
  @Test func `rules hold on a known layout`() throws {
    var parser = ExpositionParser(rules: .strict)
    let text = { (inf: String, count: String) in
      "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} \(inf)\na_count \(count)\na_sum 1\n# EOF\n"
    }
    let first = try parser.parse(text("3", "3"), format: .openMetrics)
    let second = try parser.parse(text("40", "40"), format: .openMetrics)
    #expect(first.layout === second.layout)
    for (inf, count) in [("1", "1"), ("4", "5"), ("-1", "-1"), ("4.5", "4.5"), ("NaN", "NaN")] {
      #expect(throws: ParseError.self) { try parser.parse(text(inf, count), format: .openMetrics) }
    }
    #expect(try parser.parse(text("3", "3"), format: .openMetrics).layout === first.layout)
  }

  @Test func `timestamps and exemplars keep the layout`() throws {
    var parser = ExpositionParser()
    let text = { (round: Int) in "# TYPE a counter\na_total \(round) 10\(round).5 # {id=\"\(round)\"} 1\nb 1\n# EOF\n" }
    let first = try parser.parse(text(1), format: .openMetrics)
    let second = try parser.parse(text(22), format: .openMetrics)
    #expect(first.layout === second.layout)
    #expect(second.timestamp(at: 0) == 1_022_500)
    #expect(second.timestamp(at: 1) == nil)
    #expect(second.values == [22, 1])
  }
}
