import Contracts
import Events
import Foundation
import PrometheusText
import TestSupport
import Testing

@testable import HarnessConfig

/// `contract init` and `contract check` are one recognition: a draft is kept by what it was drafted from.
@Suite struct DraftTests {
  static let expositions = [
    "metrics-before.txt", "metrics-during.txt", "metrics-after.txt", "metrics-after-reconnect.txt", "mediamtx.txt",
    "samples/contract-init-summary-count-as-gauge.txt", "samples/contract-init-other-prefix.txt", "samples/contract-init-utf8-names.txt",
    "samples/om-cadvisor-info-without-suffix-refused.txt", "samples/om-counter-family-named-total-refused.txt",
    "samples/om-dump-repeated-families-refused.txt", "samples/om-exemplar-on-gauge-otel-java-refused.txt",
    "samples/om-go-signed-histogram-refused.txt", "samples/om-otel-java-scope-info-refused.txt",
    "samples/om-prometheus-net-gauge-and-counter-refused.txt", "samples/text-le-not-a-number-refuses-all.txt",
    "samples/text-negative-bucket-refuses-all.txt", "samples/text-raw-newline-in-label-refused.txt",
    "samples/text-second-type-homebridge-refused.txt", "samples/text-with-eof-comment-guessed-openmetrics.txt",
  ]

  private static func scrape(_ name: String) throws -> Scrape {
    var parser = ExpositionParser()
    return try parser.read(
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: Checkout.fixture("prometheus/\(name)")))), contentType: nil, isFile: true)
  }

  private static func draft(_ scrape: Scrape) -> ContractDraft {
    ContractDraft(scrape, name: "draft", service: "media-service", url: nil, known: BuiltInContracts.all)
  }

  /// Writes, reads back and checks.
  private static func roundTrip(_ scrape: Scrape) throws -> Contract {
    let draft = draft(scrape)
    let yaml = ContractWriter.yaml(draft.contract, notes: draft.notes, remarks: draft.leftOut)
    let contract = try ContractLoader.parse(yaml: yaml, file: "draft.yaml")
    #expect(contract == draft.contract)
    let check = ContractCheck(contract, scrape: scrape, others: BuiltInContracts.all)
    #expect(check.isKept, "\(check.rows.filter { !$0.fit.isKept })")
    // What is promised is found: no signal of a draft is of several series that nobody adds up.
    var resolver = SignalResolver(contract: contract)
    for (signal, value) in resolver.resolve(scrape) {
      if case .ambiguous = value { Issue.record("\(signal) is ambiguous") }
    }
    return contract
  }

  @Test(arguments: expositions)
  func `a draft passes its own check`(_ name: String) throws {
    #expect(try !Self.roundTrip(Self.scrape(name)).signals.isEmpty)
  }

  @Test func `twelve hundred series are one contract`() throws {
    let text = (0..<1200).map { "# HELP node_x\($0)_total What \($0) did.\n# TYPE node_x\($0)_total counter\nnode_x\($0)_total 1\n" }
    var parser = ExpositionParser()
    #expect(try Self.roundTrip(parser.parse(text.joined(), format: .text)).signals.count == 1200)
  }

  @Test func `signals under another prefix are mapped as check recognises them`() throws {
    let scrape = try Self.scrape("samples/contract-init-other-prefix.txt")
    let spec = try #require(BuiltInContracts.all.first { $0.name == "spec-018" })
    let check = ContractCheck(spec, scrape: scrape)
    #expect(check.rows.filter { $0.fit != .otherName }.map(\.signal) == [])
    let draft = Self.draft(scrape)
    #expect(draft.contract.signals.map(\.signal) == spec.signals.map(\.signal))
    #expect(draft.contract.signals.first { $0.signal == .breakerState }?.series == "dubbing_sts_breaker_state")
    #expect(draft.contract.signals.first { $0.signal == .fragmentsFallback }?.labels == ["status": "fallback"])
    #expect(draft.notes[.breakerState]?.contains("contract spec-018 has gauge worker_sts_breaker_state") == true)
    #expect(draft.contract.breakerEncoding == spec.breakerEncoding)
  }

  @Test func `kinds, titles and several series`() throws {
    let contract = Self.draft(try Self.scrape("samples/contract-init-summary-count-as-gauge.txt")).contract
    func binding(_ name: String) -> SignalBinding? { contract.signals.first { $0.signal.text == name } }
    #expect(binding("http_server_requests_seconds_count")?.kind == .counter)
    #expect(binding("http_server_requests_seconds_sum")?.kind == .counter)
    #expect(binding("room_temperature_celsius") == nil)
    #expect(binding("room_temperature_celsius_a")?.labels == ["room": "a"])
    #expect(binding("mode_b")?.kind == .gauge)
    #expect(binding("lat_seconds")?.aggregation == .sum)
    #expect(binding("q")?.title == "\"quotes\" and: colons # hash")
    #expect(binding("dotted.name")?.series == "dotted.name")
    #expect(contract.signals.allSatisfy { $0.kind != .gauge || $0.aggregation == .single })
    let untyped = Self.draft(try Self.scrape("mediamtx.txt")).contract
    #expect(untyped.signals.filter { $0.series.hasSuffix("bytes_received") }.allSatisfy { $0.kind == .counter })
  }

  @Test func `titles are told apart`() throws {
    var parser = ExpositionParser()
    let scrape = try parser.parse("# TYPE a_bytes gauge\na_bytes 1\n# TYPE a_bytes_total counter\na_bytes_total 1\n", format: .text)
    #expect(Self.draft(scrape).contract.signals.map(\.title) == ["a bytes", "a_bytes_total"])
  }

  @Test func `what is left out is said`() throws {
    let series = (0..<40).map { "g{x=\"\($0)\"} 1\n" }.joined()
    var parser = ExpositionParser()
    let draft = Self.draft(try parser.parse("# TYPE g gauge\n\(series)h 1\n", format: .text))
    #expect(draft.contract.signals.map(\.signal.text) == ["h"])
    #expect(draft.leftOut == ["left out: g: 40 series of a gauge, which have no sum: name the one that counts by its labels"])
    let yaml = ContractWriter.yaml(draft.contract, notes: draft.notes, remarks: draft.leftOut)
    #expect(yaml.contains("  # left out: g: 40 series"))
  }
}
