import Foundation
import TestSupport
import Testing

@testable import PrometheusText

/// What OpenMetrics allows and what it forbids, by the inputs of the parser tests of `prometheus_client` 0.20.0 (PyPI, Apache-2.0) and the
/// verdicts of that parser on them. They were made by the authors of the format, whose own test data were made of them.
@Suite struct OpenMetricsVerdictTests {
  struct Case: Decodable, Sendable {
    let text: String
    let accepted: Bool
  }

  static func cases() throws -> [Case] {
    try JSONDecoder().decode([Case].self, from: Data(fixture("openmetrics-verdicts.json")))
  }

  @Test func `every verdict holds under the strict rules`() throws {
    let cases = try Self.cases()
    #expect(cases.count == 230 && cases.count { $0.accepted } == 63)
    for (index, example) in cases.enumerated() {
      do throws(ParseError) {
        _ = try parse(example.text, .openMetrics)
        #expect(example.accepted, "\(index) is taken: \(example.text.debugDescription)")
      } catch {
        #expect(!example.accepted, "\(index) is refused (\(error)): \(example.text.debugDescription)")
      }
    }
  }

  /// A scraper loses as little as it can, and never crashes on what is refused.
  @Test func `what the strict rules take a scraper takes, with the same values`() throws {
    for example in try Self.cases() {
      let read = try? parse(example.text, .openMetrics, .scraper)
      guard example.accepted else { continue }
      #expect(try read.map(lines) == lines(parse(example.text, .openMetrics)), "\(example.text.debugDescription)")
    }
  }
}
