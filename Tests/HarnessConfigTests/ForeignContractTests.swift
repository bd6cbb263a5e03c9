import Contracts
import Events
import Foundation
import PrometheusText
import TestSupport
import Testing

@testable import HarnessConfig

/// The contracts of the manual's page on other libraries read the logs and scrapes that stand beside them.
@Suite struct ForeignContractTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let title: String
    let happenings: [String]
    let breaker: BreakerState?
    let signals: [SignalID: Double]
    var testDescription: String { title }
  }

  static let examples = [
    Example(
      title: "Spring Boot with resilience4j",
      happenings: [
        "fragment-sent", "fragment-failed", "breaker open", "breaker half-open", "speech-disconnected", "reconnection-planned",
        "reconnection-attempt",
      ], breaker: .halfOpen,
      signals: [.fragmentsProcessed: 31, .breakerFailures: 5, .fallbackCircuitOpen: 4, .reconnections: 1]),
    Example(
      title: "Node with opossum and pino",
      happenings: [
        "fragment-sent", "fragment-failed", "breaker open", "fragment-fallback", "breaker half-open", "breaker closed",
        "speech-disconnected", "reconnection-attempt", "reconnection-attempt", "backpressure",
      ], breaker: nil,
      signals: [.fragmentsSent: 40, .fragmentsProcessed: 31, .breakerFailures: 5, .fallbackCircuitOpen: 4, .inflightFragments: 1]),
    Example(
      title: "Go with gobreaker and zap", happenings: ["breaker open", "breaker half-open"], breaker: .halfOpen,
      signals: [:]),
    Example(
      title: "Python with pybreaker", happenings: ["breaker open", "fragment-fallback", "breaker half-open"], breaker: .halfOpen,
      signals: [.breakerFailures: 5]),
  ]

  private static func page() throws -> String {
    try String(contentsOfFile: Checkout.path("Sources/dubwatch/Manual.docc/Foreign.md"), encoding: .utf8)
  }

  /// The block of a language in a section of the page.
  private static func block(_ language: String, of title: String) throws -> String {
    let section = try #require(try page().components(separatedBy: "\n## ").first { $0.hasPrefix(title) })
    let rest = try #require(section.components(separatedBy: "```\(language)\n").dropFirst().first)
    return try #require(rest.components(separatedBy: "```").first)
  }

  @Test(arguments: examples) func `an example reads what stands beside it`(_ example: Example) throws {
    let contract = try ContractLoader.parse(yaml: Self.block("yaml", of: example.title), file: "example.yaml")
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    let lines = try Self.block("log", of: example.title).split(separator: "\n").map(String.init)
    let matches = lines.map { matcher.match($0, service: contract.workerService) }
    let told = matches.flatMap(\.happenings).map { happening in
      if case .breaker(let change) = happening.kind { "breaker \(change.state.rawValue)" } else { happening.kind.descriptor.word }
    }
    #expect(told == example.happenings)
    #expect(matches.allSatisfy { ($0.line.isMatched || $0.isExpected) && $0.line.reportedAt != nil && $0.line.level != nil })
    var parser = ExpositionParser()
    let scrape = try parser.parse(Self.block("metrics", of: example.title), format: .text)
    var resolver = SignalResolver(contract: contract)
    let values = resolver.resolve(scrape)
    for (signal, value) in example.signals { #expect(values[signal] == .number(value), "\(signal)") }
    #expect(values[.breakerState]?.number.flatMap { contract.breakerState(code: $0) } == example.breaker)
    var check = ContractCheck(contract, scrape: scrape, others: BuiltInContracts.all)
    check.read(lines: lines, contract: contract, scrape: scrape, others: BuiltInContracts.all)
    #expect(check.isKept, "\(check.rows.filter { !$0.fit.isKept }) \(check.remarks)")
  }

  @Test func `every section of the page is tried`() throws {
    let titles = try Self.page().components(separatedBy: "\n## ").dropFirst().map { String($0.prefix { $0 != "\n" }) }
    #expect(titles == Self.examples.map(\.title))
  }

  @Test func `a draft finds a breaker that has a series a state`() throws {
    for title in ["Spring Boot with resilience4j", "Python with pybreaker"] {
      var parser = ExpositionParser()
      let scrape = try parser.parse(Self.block("metrics", of: title), format: .text)
      let draft = ContractDraft(scrape, name: "draft", service: "worker", url: nil, known: BuiltInContracts.all)
      let yaml = ContractWriter.yaml(draft.contract, notes: draft.notes, remarks: draft.leftOut)
      let contract = try ContractLoader.parse(yaml: yaml, file: "draft.yaml")
      #expect(contract == draft.contract)
      let binding = try #require(contract.signals.first { $0.signal == .breakerState })
      #expect(binding.stateLabel == (title.hasPrefix("Spring") ? "state" : "sts_breaker"))
      var resolver = SignalResolver(contract: contract)
      #expect(resolver.resolve(scrape)[.breakerState]?.number.flatMap { contract.breakerState(code: $0) } == .halfOpen)
      #expect(ContractCheck(contract, scrape: scrape).isKept)
    }
  }

  static let states: [(text: String, state: BreakerState?)] = [
    ("b{state=\"closed\"} 1\nb{state=\"open\"} 0\n", .closed), ("b{state=\"closed\"} 0\nb{state=\"open\"} 1\n", .open),
    ("b{state=\"closed\"} 0\nb{state=\"open\"} 0\nb{state=\"HALF_OPEN\"} 1\n", .halfOpen),
    // None is present, two are, or one that nobody knows: no state.
    ("b{state=\"closed\"} 0\nb{state=\"open\"} 0\n", nil), ("b{state=\"closed\"} 1\nb{state=\"open\"} 1\n", nil),
    ("b{state=\"closed\"} 0\nb{state=\"open\"} 0\nb{state=\"melted\"} 1\n", nil),
    ("b{state=\"closed\"} 0\nb{state=\"open\"} 0\nb{state=\"forced\"} 1\n", .open), ("c 1\n", nil),
  ]

  @Test(arguments: states) func `the state whose series is 1 is the present one`(text: String, state: BreakerState?) throws {
    let contract = try ContractLoader.parse(
      yaml: """
        name: x
        signals:
          - {signal: breaker_state, series: b, kind: gauge, state_label: state}
        breaker_words: {forced: open}
        """, file: "x.yaml")
    var parser = ExpositionParser()
    var resolver = SignalResolver(contract: contract)
    let value = resolver.resolve(try parser.parse("# TYPE b gauge\n" + text, format: .text))[.breakerState]
    #expect(value?.number.flatMap { contract.breakerState(code: $0) } == state)
  }
}
