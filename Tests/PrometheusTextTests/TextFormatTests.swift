import Testing

@testable import PrometheusText

@Suite struct TextFormatTests {
  @Test(
    arguments: [
      ("", []),
      ("\n\n", []),
      (
        "minimal 1.234\nother -3e3 103948\n# Even that:\nno_labels{} 3\n# HELP line for nothing\n",
        ["minimal 1.234", "other -3000.0 @103948", "no_labels 3.0"]
      ),
      ("a 1", ["a 1.0"]),
      ("a 1\r\nb 2\r\n# TYPE c gauge\r\nc 3 7\r\n", ["a 1.0", "b 2.0", "c 3.0 @7"]),
      ("a 1\r", ["a 1.0"]),
      ("a{x=\"1\"}2\n", ["a{x=\"1\"} 2.0"]),
      (
        "name {labelname=\"val2\",basename=\"base\\\"v\\\\al\\nue\"} 0.23 1234567890\n",
        ["name{basename=\"base\\\"v\\\\al\\nue\",labelname=\"val2\"} 0.23 @1234567890"]
      ),
      (
        "name2{labelname=\"val2\"\t,basename   =   \"basevalue2\"\t\t} +Inf 54321\nname2{ labelname = \"val1\" , }-Inf\n",
        ["name2{basename=\"basevalue2\",labelname=\"val2\"} inf @54321", "name2{labelname=\"val1\"} -inf"]
      ),
      ("a\t1\n", ["a 1.0"]),
      ("a\t\t{\t\tfoo\t\t=\t\t\"baz\"\t\t}\t\t2\n", ["a{foo=\"baz\"} 2.0"]),
      ("a{foo=\"bar\",} 1\nb{,} 2\nc{  ,} 3\nd{,  } 4\n", ["a{foo=\"bar\"} 1.0", "b 2.0", "c 3.0", "d 4.0"]),
      ("a { quantile = \"2.0\" b = \"c\" } 8\n", ["a{b=\"c\",quantile=\"2.0\"} 8.0"]),
      ("  my{n1=\"v\",} NaN\n", ["my{n1=\"v\"} nan"]),
      ("a{foo=\"\"} 1\n", ["a{foo=\"\"} 1.0"]),
      ("a{foo=\"b{a}z # \"} 1\n", ["a{foo=\"b{a}z # \"} 1.0"]),
      ("a{foo=\"\\foo\"} 1\n", ["a{foo=\"\\\\foo\"} 1.0"]),
      ("a{foo=\"\\\\\\\"\"} 1\n", ["a{foo=\"\\\\\\\"\"} 1.0"]),
      ("a{foo=\"\u{0}\"} 1\n", ["a{foo=\"\u{0}\"} 1.0"]),
      ("some:aggregate:rule5m{a_b=\"c\"}\t1\n_x 1\n", ["some:aggregate:rule5m{a_b=\"c\"} 1.0", "_x 1.0"]),
      ("a 1\t000\nb 2  1234567890   \nb 88   1234566000   \n", ["a 1.0 @0", "b 2.0 @1234567890", "b 88.0 @1234566000"]),
      ("a -1 -2\n", ["a -1.0 @-2"]),
      (
        "{\"my.name\"} 1\n{\"my.name\",\"label.name\"=\"v\"} 2\n{l=\"v\", \"my.name\"} 3\n",
        ["{\"my.name\"} 1.0", "{\"my.name\",\"label.name\"=\"v\"} 2.0", "{\"my.name\",l=\"v\"} 3.0"]
      ),
      ("{\"my\\\"x\\ny\\\\\",\"a b\"=\"\\n yikes } \\\" v\"} 1\n", ["{\"my\\\"x\\ny\\\\\",\"a b\"=\"\\n yikes } \\\" v\"} 1.0"]),
      ("a{\"foo\"=\"bar\"} 1\n", ["a{foo=\"bar\"} 1.0"]),
      ("gauge{n=\"Björn\",m=\"佖佥\"} 3.14e42\n", ["gauge{m=\"佖佥\",n=\"Björn\"} 3.14e+42"]),
      ("#\n# HELP\n# HELP\n#TYPE\n# EOF\na 1\n", ["a 1.0"]),
      ("# comment with \u{FFFD} and { \" \\ \na 1\n", ["a 1.0"]),
    ] as [(String, [String])])
  func `valid text is read`(_ text: String, _ expected: [String]) throws {
    #expect(try lines(parse(text)) == expected)
  }

  @Test(
    arguments: [
      ("a\n", 1, 2), ("a", 1, 2), ("a \n", 1, 3), ("0a 1\n", 1, 1), ("a.b 1\n", 1, 2), ("a-b 1\n", 1, 2), ("@x{l=\"v\"} 1\n", 1, 1),
      ("a 1\nb x\n", 2, 3), ("a true\n", 1, 3), ("foo 1_2\n", 1, 5), ("foo 0x1p-3\n", 1, 5), ("foo 0x1\n", 1, 5), ("foo 0B1\n", 1, 5),
      ("foo 0o1\n", 1, 5), ("foo nan(0x1)\n", 1, 5), ("foo +nan\n", 1, 5), ("foo 1e\n", 1, 5), ("foo .\n", 1, 5), ("foo 1e999\n", 1, 5),
      ("foo --1\n", 1, 5), ("foo inff\n", 1, 5),
      ("foo 0 1_2\n", 1, 7), ("a 1 2.72\n", 1, 5), ("a 1 2 3\n", 1, 7), ("a 1 9223372036854775808\n", 1, 5), ("a 0 1\u{0}\n", 1, 5),
      ("a{l=bla} 1\n", 1, 5), ("a{l='c'} 1\n", 1, 5), ("a{l=\n", 1, 5), ("a{l=\"v\n", 1, 5), ("a{l=\"new\nline\"} 1\n", 1, 5),
      ("a{@=\"v\"} 1\n", 1, 3), ("a{l+=\"v\"} 1\n", 1, 4), ("a{=\"v\"} 1\n", 1, 3), ("a{l=\"v\"+} 1\n", 1, 8), ("a{l=\"v\"\n", 1, 8),
      ("a{l=\"v\"m=\"w\"} 1\n", 1, 8), ("a{l=\"v\",,m=\"w\"} 1\n", 1, 9), ("a{l=\"v\",, } 1\n", 1, 9), ("a{l=\"1\",l=\"2\"} 1\n", 1, 9),
      ("a{l=\"1\",\"l\"=\"2\"} 1\n", 1, 9), ("a{__name__=\"b\"} 1\n", 1, 3), ("a{b\u{0}=\"h\"} 1\n", 1, 4), ("a\u{0}{b=\"d\"} 1\n", 1, 2),
      ("{} 1\n", 1, 1), ("{l=\"v\"} 1\n", 1, 1), ("{\"a\",\"b\"} 1\n", 1, 6), ("b{\"a\"} 1\n", 1, 3), ("{\"\"} 1\n", 1, 2),
      ("{\"a\\xc5z\"} 1\n", 1, 4), ("{\"a\".l=\"v\"} 1\n", 1, 5), ("{\"a\nb\"} 1\n", 1, 2), ("{\"a\", \"b = \"c\"}\n", 1, 13),
      ("{\"a\",b\\nc=\"d\"} 1\n", 1, 7),
      ("# TYPE a counter\n# TYPE a counter\n", 2, 10), ("a 1\n# TYPE a counter\n", 2, 10), ("# TYPE a bla\n", 1, 10), ("# TYPE a\n", 1, 9),
      ("# HELP a one\n# HELP a two\n", 2, 10), ("# TYPE met-ric counter\n", 1, 11), ("# TYPE #\n", 1, 8), ("# HELP #\n", 1, 8),
      ("# TYPE m histogram\nm_bucket{le=\"x\"} 1\n", 2, 14), ("# TYPE m histogram\nm_bucket{le=\"0x1p-3\"} 1\n", 2, 14),
      ("# TYPE m summary\nm{quantile=\"x\"} 1\n", 2, 13), ("# TYPE m histogram\nm_count -2\n", 2, 9),
      ("# TYPE m histogram\nm_bucket{le=\"1\"} -1.5\n", 2, 18), ("a 1 # {l=\"v\"} 1\n", 1, 5), ("ü 1\n", 1, 1), ("aö 1\n", 1, 2),
      ("a{l=\"öö\"x} 1\n", 1, 9),
    ] as [(String, Int, Int)])
  func `invalid text is refused with line and column`(_ text: String, _ line: Int, _ column: Int) {
    let error = #expect(throws: ParseError.self) { try parse(text) }
    #expect(error?.line == line, "\(error?.description ?? "")")
    #expect(error?.column == column, "\(error?.description ?? "")")
    #expect(error?.message.isEmpty == false)
  }

  @Test(arguments: [
    [UInt8]("a{l=\"".utf8) + [0xBD] + [UInt8]("\"} 1\n".utf8), [UInt8]("a{".utf8) + [0xFF] + [UInt8]("=\"v\"} 1\n".utf8),
    [UInt8]("# HELP a x".utf8) + [0xC3, 0x28] + [UInt8]("\na 1\n".utf8), [UInt8]("{\"a".utf8) + [0xE2, 0x82] + [UInt8]("\"} 1\n".utf8),
    [UInt8]("a{l=\"".utf8) + [0xED, 0xA0, 0x80] + [UInt8]("\"} 1\n".utf8),
  ])
  func `invalid UTF-8`(_ bytes: [UInt8]) {
    var parser = ExpositionParser(rules: .strict)
    let error = #expect(throws: ParseError.self) { try parser.parse(bytes, format: .text) }
    #expect(error?.excerpt.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
  }

  /// MediaMTX writes values of its users into labels without escaping them.
  @Test(arguments: [
    ("p{name=\"a\"b\",state=\"ready\"} 1\n", "p{name=\"a\\\"b\",state=\"ready\"} 1.0"),
    ("p{name=\"a\\\",state=\"ready\"} 1\n", "p{name=\"a\\\\\",state=\"ready\"} 1.0"),
    ("p{name=\"x\" y\",state=\"z\"} 2\n", "p{name=\"x\\\" y\",state=\"z\"} 2.0"),
    ("p{state=\"s\",name=\"c:\\\"} 4 5\n", "p{name=\"c:\\\\\",state=\"s\"} 4.0 @5"),
  ])
  func `unescaped labels`(_ text: String, _ expected: String) throws {
    #expect(try lines(parse(text)) == [expected])
  }

  @Test func `escapes of a help text are undone`() throws {
    for (written, meant) in [
      ("foo", "foo"), ("\\foo", "\\foo"), ("\\\\foo", "\\foo"), ("foo\\", "foo\\"), ("\\n", "\n"), ("\\\\n", "\\n"),
      ("\\\\\\n", "\\\n"), ("\\\"", "\\\""), ("two-line\\n doc  str\\\\ing", "two-line\n doc  str\\ing"), ("a\u{0}b", "a\u{0}b"),
    ] {
      #expect(try parse("# HELP a \(written)\na 1\n").layout.families[0].help == meant)
    }
    #expect(try parse("  #    TYPE    a gauge\n # HELP  a  \tdoc str\"ing 2\na 1\n").layout.families[0].help == "doc str\"ing 2")
    #expect(try parse("#\tTYPE\ta\tcounter\n#\tHELP\ta\nna 1\n").layout.families[0].help == nil)
  }

  @Test func `families may be interleaved`() throws {
    let scrape = try parse(
      """
      # TYPE s summary
      s{n="1",quantile="0.5"} 110
      decoy -1 -2
      s_count{n="1"} 42
      fake_sum{n="1"} 2001
      # TYPE h histogram
      s_sum{n="1"} 4711 2
      h_bucket{le="+Inf"} 3
      h_count 3
      h_sum 08
      # TYPE g gauge_histogram
      g_bucket{le="+Inf"} 1
      g_sum 1
      # TYPE A000 summArY
      """)
    let names = (0..<scrape.count).map { scrape.layout.families[scrape.layout.familyIndex(at: $0)].name }
    #expect(names == ["s", "decoy", "s", "fake_sum", "s", "h", "h", "h", "g", "g"])
    #expect(scrape.layout.families.map(\.type) == [.summary, .unknown, .unknown, .histogram, .gaugehistogram, .summary])
    #expect((0..<scrape.count).filter { scrape.layout.familyIndex(at: $0) == 0 } == [0, 2, 4])
  }

  @Test func `errors are escaped and bounded`() {
    let error = #expect(throws: ParseError.self) { try parse("a 1\nb{l=\"\u{1B}[31m\u{202E}\" x} 1\n") }
    #expect(error?.description.contains("\u{1B}") == false)
    #expect(error?.description.contains("\\u{1B}[31m\\u{202E}") == true)
    let long = #expect(throws: ParseError.self) { try parse(String(repeating: "x", count: 100_000)) }
    #expect((long?.description.utf8.count ?? .max) < 400)
  }
}
