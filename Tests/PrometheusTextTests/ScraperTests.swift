import Foundation
import TestSupport
import Testing

@testable import PrometheusText

/// What deviates from a format costs what cannot be read, is said with its place, and never costs the scrape.
@Suite struct ScraperTests {
  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Checkout.fixture("prometheus/samples/\(name)"))))
  }

  private static func read(_ body: [UInt8], contentType: String? = nil) throws -> Scrape {
    var parser = ExpositionParser()
    return try parser.read(body, contentType: contentType, isFile: contentType == nil)
  }

  /// The samples in `fixtures/prometheus/samples`: how many are read, and the places and costs of the remarks.
  @Test(
    arguments: [
      ("contract-init-summary-count-as-gauge.txt", 18, []), ("om-cadvisor-info-without-suffix-refused.txt", 1, []),
      ("om-counter-family-named-total-refused.txt", 1, []), ("om-dump-repeated-families-refused.txt", 7, ["7:1 nothing"]),
      ("om-exemplar-on-gauge-otel-java-refused.txt", 1, []), ("om-go-signed-histogram-refused.txt", 4, []),
      ("om-otel-java-scope-info-refused.txt", 7, []),
      ("om-prometheus-net-gauge-and-counter-refused.txt", 2, ["4:41 nothing", "5:1 nothing"]),
      ("text-le-not-a-number-refuses-all.txt", 4, ["2:14 sample"]),
      ("text-negative-bucket-refuses-all.txt", 2, ["2:21 sample", "4:9 sample"]),
      ("text-raw-newline-in-label-refused.txt", 1, ["1:26 sample"]), ("text-second-type-homebridge-refused.txt", 2, ["3:63 nothing"]),
      ("text-with-eof-comment-guessed-openmetrics.txt", 1, []),
    ] as [(String, Int, [String])])
  func `every sample is read`(_ name: String, _ count: Int, _ remarks: [String]) throws {
    let scrape = try Self.read(Self.bytes(name))
    #expect(scrape.count == count, "\(lines(scrape))")
    #expect(scrape.remarks.listed.map { "\($0.place.line):\($0.place.column) \($0.cost)" } == remarks)
    #expect(scrape.remarks.count == remarks.count)
    #expect(scrape.remarks.lostSamples == remarks.count { $0.hasSuffix("sample") })
    // A remark belongs to the shape: what is known already does not change what is said.
    var parser = ExpositionParser()
    let first = try parser.read(Self.bytes(name), contentType: nil, isFile: true)
    let second = try parser.read(Self.bytes(name), contentType: nil, isFile: true)
    #expect(first.layout === second.layout && second.remarks == scrape.remarks)
    // A recording writes what was read; what was left out is not read back.
    let copy = try JSONDecoder().decode(Scrape.self, from: JSONEncoder().encode(scrape))
    #expect(lines(copy) == lines(scrape))
  }

  @Test(
    arguments: [
      // The signed histogram of client_python: a count, and no sum, as OpenMetrics has it for buckets below zero.
      (
        "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"-1.0\"} 0.0\nh_bucket{le=\"+Inf\"} 2.0\nh_count 2.0\nh_created 1.5\n# EOF\n",
        ["h_bucket{le=\"-1.0\"} 0.0", "h_bucket{le=\"+Inf\"} 2.0", "h_count 2.0", "h_created 1.5"]
      ),
      (
        "# TYPE go_alloc_bytes gauge\ngo_alloc_bytes 5\n# TYPE go_alloc_bytes counter\ngo_alloc_bytes_total 7\n# EOF\n",
        ["go_alloc_bytes 5.0", "go_alloc_bytes_total 7.0"]
      ),
      ("# TYPE s stateset\ns{state=\"a\"} 1\n# EOF\n", ["s{state=\"a\"} 1.0"]),
      ("a 1\n\n# a comment\nb 2\n# EOF\n", ["a 1.0", "b 2.0"]),
      ("# TYPE a_s gauge\n# UNIT a_s seconds\na_s 1\n# EOF\n", ["a_s 1.0"]),
      (
        "# TYPE a counter\na_total{x=\"1\"} 1 # {trace=\"t\"} 1\na_count 1 # {trace=\"t\"} 1\n# EOF\n",
        ["a_total{x=\"1\"} 1.0", "a_count 1.0"]
      ),
      ("a{b=\"1} 1\nb 2\nc 3\n# EOF\n", ["b 2.0", "c 3.0"]),
    ] as [(String, [String])])
  func `OpenMetrics is read as a scraper reads it`(_ text: String, _ expected: [String]) throws {
    #expect(try lines(parse(text, .openMetrics, .scraper)) == expected)
  }

  @Test(
    arguments: [
      ("# HELP my-metric x\n# TYPE my-metric gauge\na 1\n", ["a 1.0"], 2, 0), ("# TYPE a gauge # seconds\na 1\n", ["a 1.0"], 1, 0),
      ("# TYPE a meh\na 1\n", ["a 1.0"], 1, 0), ("# HELP a one\n# HELP a two\na 1\n", ["a 1.0"], 1, 0),
      ("a{x=\"1\"} 1\n# TYPE a counter\na{x=\"2\"} 2\n", ["a{x=\"1\"} 1.0", "a{x=\"2\"} 2.0"], 1, 0),
      ("a 1\nb x\nc 3\n", ["a 1.0", "c 3.0"], 1, 1), ("a 1\nb-c 2\n", ["a 1.0"], 1, 1), ("\u{FEFF}a 1\n", ["a 1.0"], 1, 0),
      ("a 1\nq{sql=\"select\ncount 5\nfrom x\"} 4\nb 2\n", ["a 1.0", "b 2.0"], 1, 1),
      ("a 1\nq{x=\"never closed\nb 2\n", ["a 1.0", "b 2.0"], 1, 1),
      ("# TYPE h histogram\nh_bucket{le=\"1\"} -1\nh_bucket{le=\"+Inf\"} 2\n", ["h_bucket{le=\"+Inf\"} 2.0"], 1, 1),
    ] as [(String, [String], Int, Int)])
  func `a deviation of text costs no more than its line`(_ text: String, _ expected: [String], _ count: Int, _ lost: Int) throws {
    let scrape = try parse(text, .text, .scraper)
    #expect(lines(scrape) == expected)
    #expect(scrape.remarks.count == count && scrape.remarks.lostSamples == lost, "\(scrape.remarks)")
  }

  @Test func `types that are taken back keep what was read under them`() throws {
    let scrape = try parse("a 1\n# TYPE a counter\nb 1\n# TYPE b gauge\nb 2\n# TYPE b counter\nb 3\n", .text, .scraper)
    let types = (0..<scrape.count).map { scrape.layout.families[scrape.layout.familyIndex(at: $0)].type }
    #expect(types == [.counter, .gauge, .gauge, .counter])
  }

  /// Of which less than half can be read, or nothing.
  @Test(arguments: [
    "a\n", "x y\nz w\n", "2026-11-26 12:00:00 INFO started\n2026-11-26 12:00:01 INFO a\n2026-11-26 12:00:02 INFO b\nuptime 5\n",
    "paths{name=\"cam\",state=\"ready\",zone-id=\"3\"} 1\n",
  ])
  func `what is no exposition is refused`(_ text: String) {
    let error = #expect(throws: ParseError.self) { try parse(text, .text, .scraper) }
    #expect(error?.line == 1)
  }

  /// The labels of MediaMTX have one reading; these have a second one, and nobody knows which is meant.
  @Test(arguments: [
    "zone-id=\"3\"", "b:\"2\"", "b=2,c=\"3\"", "b='x',c=\"2\"", "b.c=\"2\"", "2b=\"2\"", "=\"2\"", "é=\"2\"", "b c=\"2\"",
  ])
  func `a label that is written wrongly is no part of the value before it`(_ label: String) {
    for rules in [ExpositionRules.strict, .scraper] {
      for separator in [",", ", ", " , "] {
        let error = #expect(throws: ParseError.self) {
          try parse("paths{name=\"cam\",state=\"ready\"\(separator)\(label)} 1\n", .text, rules)
        }
        #expect(error?.line == 1 && (error?.column ?? 0) > 30)
      }
    }
    #expect(throws: ParseError.self) { try parse("paths{name=\"cam\",state=\"ready\" zone-id=\"3\"} 1\n") }
  }

  @Test func `a value of many quotes is read in linear time`() throws {
    let value = String(repeating: "\" ", count: 200_000)
    #expect(try parse("p{name=\"\(value)x\",state=\"ready\"} 1\n").count == 1)
  }

  @Test func `names of lost samples are known`() throws {
    let layout = try parse("a{x=\"1} 1\nb{x=\"1\"} 1\nc 1\n", .text, .scraper).layout
    #expect(layout.mayHaveLost("a") && !layout.mayHaveLost("b") && !layout.mayHaveLost("x"))
    let quoted = try parse("{\"a.b\",x=1} 1\nb 1\n", .text, .scraper).layout
    #expect(quoted.mayHaveLost("b") && quoted.mayHaveLost("a.b"))
    #expect(try !parse("b 1\n", .text, .scraper).layout.mayHaveLost("b"))
  }

  @Test func `a series that is lost for a scrape keeps its number`() throws {
    var parser = ExpositionParser()
    let first = try parser.parse("a 1\nb 2\n", format: .text)
    let between = try parser.parse("a 1\nb x\n", format: .text)
    let last = try parser.parse("a 1\nb 3\n", format: .text)
    #expect(between.count == 1)
    #expect(last.layout.id(at: 1) == first.layout.id(at: 1))
  }
}
