import Contracts
import Events
import PrometheusText
import RunModel

/// Names one number of a scrape: a signal of the contract, or a series by a subset of its labels.
package enum MetricSelector: Codable, Hashable, Sendable {
  /// A signal of the contract in force.
  case signal(SignalID)
  /// A series by its name and some of its labels; several that match are added up only where that is asked for.
  case series(String, labels: [String: String], sums: Bool)

  /// What a selector finds.
  package enum Selection: Hashable, Sendable {
    /// One number.
    case value(Double)
    /// Several series match and nobody asked for their sum: an error, never a guess.
    case several(Int)
    /// What matches is no number: NaN, as of a quantile of which nothing was observed.
    case notANumber
    /// Nothing matches, or it cannot be read: unobservable, never 0.
    case none

    fileprivate init(number: Double) { self = number.isNaN ? .notANumber : .value(number) }
  }

  /// Reads a scrape.
  package func read(_ sample: MetricsSample) -> Selection {
    switch self {
    case .signal(let id):
      switch sample.signals[id] {
      case .number(let value): return Selection(number: value)
      case .histogram(let histogram): return Selection(number: histogram.count)
      case .ambiguous(let matches): return .several(matches)
      case .unclear, nil: return .none
      }
    case .series(let name, let labels, let sums):
      var found: [Double] = []
      for (index, key) in sample.scrape.layout.series.enumerated() where key.name == name {
        if labels.allSatisfy({ key[$0.key] == $0.value }), sample.scrape.values.indices.contains(index) {
          found.append(sample.scrape.values[index])
        }
      }
      guard let first = found.first, !sums || !sample.scrape.layout.mayHaveLost(name) else { return .none }
      if found.count > 1 { return sums ? Selection(number: found.reduce(0, +)) : .several(found.count) }
      return Selection(number: first)
    }
  }

  /// "fragments_sent", `worker_fallback_total{reason="error"}`.
  package var sentence: String {
    switch self {
    case .signal(let id): return id.text
    case .series(let name, let labels, let sums):
      let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
      return (sums ? "sum of " : "") + name + (pairs.isEmpty ? "" : "{\(pairs)}")
    }
  }
}

extension MetricSelector {
  /// Whether an endpoint can answer it: a signal of the contract is the worker's, a series is anybody's.
  func isMeant(_ service: ServiceName, _ context: JudgeContext) -> Bool {
    if case .signal = self { context.isOfWorker(service) } else { true }
  }

  /// The same with the endpoint that answers, where there are several.
  func sentence(of service: ServiceName, _ context: JudgeContext) -> String {
    if case .series = self, context.metrics.count > 1 { "\(sentence) of \(service)" } else { sentence }
  }

  /// Whether an answer may have what is meant in a line that could not be read: that it is not there says nothing then.
  func mayBeLost(in sample: MetricsSample, _ contract: Contract) -> Bool {
    let layout = sample.scrape.layout
    if layout.isWhole { return false }
    return switch self {
    case .series(let name, _, _): layout.mayHaveLost(name)
    case .signal(let id):
      contract.signals.first { $0.signal == id }.map { SignalResolver.names(of: $0).contains(where: layout.mayHaveLost) } ?? false
    }
  }

  /// What an answer from before the contract was known says, read by the contract now; nil where it says nothing.
  func value(in scrape: Scrape, _ contract: Contract) -> Double? {
    guard case .signal(let id) = self, isShown(in: scrape.layout, contract) else { return nil }
    var resolver = SignalResolver(contract: contract)
    return resolver.resolve(scrape)[id]?.number.flatMap { $0.isFinite ? $0 : nil }
  }

  /// Whether answers of a shape have the series that is meant.
  func isShown(in layout: SeriesLayout, _ contract: Contract) -> Bool {
    switch self {
    case .series(let name, let wanted, _):
      layout.series.contains { key in key.name == name && wanted.allSatisfy { key[$0.key] == $0.value } }
    case .signal(let id):
      contract.signals.first { $0.signal == id }.map { binding in
        layout.series.contains { key in key.name == binding.series && binding.labels.allSatisfy { key[$0.key] == $0.value } }
      } ?? false
    }
  }

  /// Where answers of a shape say when the series of a counter were made: `NAME_created` beside `NAME_total`, with the same labels.
  func creations(in layout: SeriesLayout, _ contract: Contract) -> [Int] {
    let series: String
    let labels: [String: String]
    switch self {
    case .series(let name, let wanted, _): (series, labels) = (name, wanted)
    case .signal(let id):
      guard let binding = contract.signals.first(where: { $0.signal == id }) else { return [] }
      (series, labels) = (binding.series, binding.labels)
    }
    let name = (series.hasSuffix("_total") ? String(series.dropLast("_total".count)) : series) + "_created"
    return layout.series.enumerated().filter { _, key in key.name == name && labels.allSatisfy { key[$0.key] == $0.value } }.map(\.offset)
  }
}

/// How a number is compared.
package enum Comparison: String, Codable, Hashable, Sendable, CaseIterable {
  case equals
  case atLeast = "at_least"
  case atMost = "at_most"

  /// "exactly", "at least", "at most".
  package var words: String {
    switch self {
    case .equals: "exactly"
    case .atLeast: "at least"
    case .atMost: "at most"
    }
  }

  /// Whether a number compares so with another; counts that differ by less than a millionth are equal.
  package func holds(_ number: Double, _ other: Double) -> Bool {
    switch self {
    case .equals: abs(number - other) < 1e-6
    case .atLeast: number >= other
    case .atMost: number <= other
    }
  }
}
