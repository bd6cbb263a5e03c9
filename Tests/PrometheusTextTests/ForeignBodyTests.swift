import Foundation
import TestSupport
import Testing

@testable import PrometheusText

/// A page that is no exposition is said by name, with what to do.
@Suite struct ForeignBodyTests {
  private static func refusal(_ body: [UInt8], _ type: String?, _ encoding: String? = nil) -> AnswerRefusal? {
    var parser = ExpositionParser()
    do throws(AnswerRefusal) { _ = try parser.read(body, contentType: type, contentEncoding: encoding, isFile: type == nil) } catch {
      return error
    }
    return nil
  }

  @Test(
    arguments: [
      ("<!DOCTYPE html><html><body>Log in</body></html>", "text/html", "is HTML of the type text/html, not metrics"),
      ("\n <html>\n<pre>\n</pre></html>\n", nil, "is HTML"), ("<?xml version=\"1.0\"?><a/>", "text/plain", "is XML"),
      ("{\"status\": \"ok\"}", "application/json", "is JSON"), ("[1, 2]\n", nil, "is JSON"), ("{\n  \"a\": 1\n}\n", nil, "is JSON"),
      ("{}", "application/vnd.api+json", "is JSON"),
      ("# TYPE a_total counter\na_total 1\n", "application/openmetrics-text; version=1.0.0", "does not end with '# EOF'"),
      ("\u{0}\u{1}\u{2}\u{3}abc", nil, "is binary data"),
    ] as [(String, String?, String)])
  func `text of something else`(_ body: String, _ type: String?, _ what: String) throws {
    let refusal = try #require(Self.refusal(Array(body.utf8), type))
    #expect(refusal.description.contains(what), "\(refusal)")
    #expect(refusal.foreign?.remedy.isEmpty == false)
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0], nil, nil, "is gzip, and no Content-Encoding says so"), ([0x28, 0xB5, 0x2F, 0xFD, 0], nil, nil, "zstd"),
      ([0x8B, 0x02, 0x80], "text/plain", "br", "brotli"), ([0xFF, 0xFE, 0x61, 0], nil, nil, "UTF-16"),
      ([0x61, 0, 0x20, 0, 0x31, 0, 0x0A, 0], nil, nil, "UTF-16"), ([0, 0x61, 0, 0x20, 0, 0x31], nil, nil, "UTF-16"),
      ([5, 1, 2], "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily", nil, "protobuf"),
      ([0x0D, 0x0A, 4, 0x75, 0x70, 0x5F, 0x61, 0x18, 1, 0x22, 2, 8, 0], nil, nil, "protobuf"),
    ] as [([UInt8], String?, String?, String)])
  func `bytes of something else`(_ body: [UInt8], _ type: String?, _ encoding: String?, _ what: String) throws {
    let refusal = try #require(Self.refusal(body, type, encoding))
    #expect(refusal.description.contains(what), "\(refusal)")
  }

  @Test func `the compressed sample`() throws {
    let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Checkout.fixture("prometheus/samples/gzip-body-without-header.bin"))))
    #expect(Self.refusal(body, "text/plain")?.foreign?.what.contains("gzip") == true)
  }

  @Test func `metrics are nothing else`() {
    for text in ["a 1\n", "{\"a.b\"} 1\n", "{\"a.b\",x=\"1\"} 1\n", "\n\n# c\na 1\n", "a{x=\"<html>\"} 1\n", "", "# nothing\n"] {
      #expect(Self.refusal(Array(text.utf8), "text/plain") == nil, "\(text)")
    }
  }

  @Test func `a page without samples says so`() {
    #expect(ForeignBody.withoutSamples([]).description.contains("the page is empty"))
    #expect(ForeignBody.withoutSamples(Array(" \n".utf8)).description.contains("is empty"))
    #expect(ForeignBody.withoutSamples(Array("# TYPE a gauge\n".utf8)).description.contains("no sample"))
  }

  @Test func `a place is said with its line, and a guess of the format with its remedy`() throws {
    #expect(Self.refusal(Array("a b\n".utf8), "text/plain")?.description.contains("line 1, column 3") == true)
    #expect(Self.refusal(Array("a b\n".utf8), "text/plain")?.description.hasSuffix("a b") == true)
    #expect(Self.refusal(Array("a b\n# EOF\n".utf8), nil)?.description.contains("--format text") == true)
  }

  @Test func `types say what they are not`() {
    for (text, what) in [
      ("# TYPE a gauge # seconds\n", "nothing can follow the type"), ("# TYPE a\n", "without a type"), ("# TYPE a meh\n", "'meh'"),
    ] {
      let error = #expect(throws: ParseError.self) { try parse(text) }
      #expect(error?.message.contains(what) == true, "\(error?.message ?? "")")
    }
  }
}

@Suite struct ExpositionLintTests {
  private static func lint(_ text: String, _ format: ExpositionFormat = .openMetrics) throws -> [String] {
    ExpositionLint.remarks(of: try parse(text, format, .scraper)).map { "\($0.place.line) \($0.place.message)" }
  }

  @Test(arguments: [
    "om-cadvisor-info-without-suffix-refused.txt", "om-counter-family-named-total-refused.txt", "om-dump-repeated-families-refused.txt",
    "om-exemplar-on-gauge-otel-java-refused.txt", "om-go-signed-histogram-refused.txt", "om-otel-java-scope-info-refused.txt",
    "om-prometheus-net-gauge-and-counter-refused.txt", "text-with-eof-comment-guessed-openmetrics.txt",
  ])
  func `what the strict rules refuse is listed`(_ name: String) throws {
    let text = try String(contentsOfFile: Checkout.fixture("prometheus/samples/\(name)"), encoding: .utf8)
    let error = #expect(throws: ParseError.self) { try parse(text, .openMetrics) }
    let remarks = try Self.lint(text)
    #expect(!remarks.isEmpty)
    #expect(remarks.contains { $0.hasPrefix("\(error?.line ?? 0) ") }, "\(remarks), but strictly: \(error?.description ?? "")")
  }

  @Test func `each family is judged by itself`() throws {
    let remarks = try Self.lint(
      "# TYPE a counter\na 1\n# TYPE b gauge\nb 1\n# TYPE c info\nc 1\n# TYPE d histogram\nd_bucket{le=\"1\"} 1\n# EOF\n")
    #expect(remarks.map { $0.prefix(1) } == ["2", "6", "8"])
  }

  @Test func `what is right has no remarks`() throws {
    #expect(try Self.lint("# TYPE a counter\na_total 1\n# TYPE b gauge\nb 1\nc 2\n# EOF\n") == [])
    #expect(try Self.lint("# TYPE a counter\na_total 1\n\nb 1\n", .text) == [])
    #expect(try Self.lint("a 1\na 2\n", .text) == ["2 this series has a sample already further up"])
  }
}
