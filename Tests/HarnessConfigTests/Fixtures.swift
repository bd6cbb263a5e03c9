import Contracts
import Foundation
import PrometheusText
import TestSupport

@testable import HarnessConfig

/// The repository's fixtures, read.
enum Fixtures {
  static func text(_ name: String) throws -> String { try String(contentsOfFile: Checkout.fixture(name), encoding: .utf8) }

  static func lines(_ name: String) throws -> [String] { try text(name).split(separator: "\n").map(String.init) }

  static func scrape(_ name: String) throws -> Scrape {
    var parser = ExpositionParser()
    return try parser.parse(try text(name), format: ExpositionFormat(contentType: "text/plain; version=0.0.4"))
  }
}

extension BuiltInContracts {
  /// The contract of the media service as built.
  static var mediaService: Contract { all.first { $0.name == "media-service" } ?? Contract(name: "media-service", summary: "") }
}
