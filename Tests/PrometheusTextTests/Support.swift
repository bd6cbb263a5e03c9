import Foundation
import TestSupport

@testable import PrometheusText

/// Under the strict rules: the grammar's tables are about what a format allows.
func parse(_ text: String, _ format: ExpositionFormat = .text, _ rules: ExpositionRules = .strict) throws(ParseError) -> Scrape {
  var parser = ExpositionParser(rules: rules)
  return try parser.parse(text, format: format)
}

/// One line per sample, `key value [@timestamp]`: what a table of inputs is compared with.
func lines(_ scrape: Scrape) -> [String] {
  scrape.values.indices.map { index in
    let time = scrape.timestamp(at: index).map { " @\($0)" } ?? ""
    return "\(scrape.layout.key(at: index)) \(scrape.values[index])\(time)"
  }
}

func fixture(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: Checkout.fixture("prometheus/\(name)"))))
}
