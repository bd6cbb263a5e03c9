import Foundation

@testable import PrometheusText

func parse(_ text: String, _ format: ExpositionFormat = .text) throws(ParseError) -> Scrape {
  var parser = ExpositionParser()
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
  let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  return [UInt8](try Data(contentsOf: repository.appendingPathComponent("fixtures/prometheus/\(name)")))
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same mutations in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
