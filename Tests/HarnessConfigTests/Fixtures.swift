import Foundation
import HarnessModel
import PrometheusText

@testable import HarnessConfig

/// Where the repository's fixtures are.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures").path

  static func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

  static func lines(_ name: String) throws -> [String] { try text(name).split(separator: "\n").map(String.init) }

  static func scrape(_ name: String) throws -> Scrape {
    var parser = ExpositionParser()
    return try parser.parse(try text(name), format: ExpositionFormat(contentType: "text/plain; version=0.0.4"))
  }
}

/// A deterministic source of numbers.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
