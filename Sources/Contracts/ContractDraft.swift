import Events
import PrometheusText

/// A first contract for an endpoint that keeps none of those known.
package enum ContractDraft {
  /// A contract drawn up from what an endpoint exposes: every family that a known contract's signal could be becomes that signal,
  /// every other one a signal of its own.
  /// - Parameters:
  ///   - scrape: what the endpoint exposes.
  ///   - name: the draft's name.
  ///   - service: the service that exposes it.
  ///   - url: where; becomes the endpoint of the draft. Without credentials.
  ///   - known: contracts whose signals are looked for, and whose limits and log format the nearest one lends.
  package static func make(_ scrape: Scrape, name: String, service: ServiceName, url: String?, known: [Contract]) -> Contract {
    let shown = ExposedSeries(scrape)
    let kept = known.map { contract in ContractCheck(contract, scrape: scrape, others: []).rows.filter(\.fit.isKept).count }
    let nearest = zip(known, kept).max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil }
    var draft = Contract(name: name, summary: "Drafted from what \(service) exposes; look at every signal.", workerService: service)
    if let nearest {
      draft.breakerEncoding = nearest.breakerEncoding
      draft.logFormat = nearest.logFormat
      draft.logTemplates = nearest.logTemplates
      draft.thresholds = nearest.thresholds
    }
    if let url { draft.endpoints = [Endpoint(service: service, kind: .metrics, url: url)] }
    var taken: Set<SignalID> = []
    var used: Set<String> = []
    for contract in ([nearest].compactMap { $0 } + known) {
      for row in ContractCheck(contract, scrape: scrape, others: []).rows where !taken.contains(row.signal) {
        guard let binding = contract.signals.first(where: { $0.signal == row.signal }), row.fit.isKept else { continue }
        taken.insert(row.signal)
        used.insert(binding.series)
        draft.signals.append(binding)
      }
    }
    for series in shown.names where !used.contains(series) {
      guard let entry = shown[series], !entry.series.isEmpty, let binding = own(series, entry), taken.insert(binding.signal).inserted else {
        continue
      }
      draft.signals.append(binding)
    }
    return draft
  }

  /// A signal of its own for a family.
  private static func own(_ series: String, _ entry: ExposedSeries.Entry) -> SignalBinding? {
    let kind: SignalBinding.Kind
    switch entry.type {
    case .counter: kind = .counter
    case .histogram: kind = .histogram
    case .gauge: kind = .gauge
    case .unknown, nil: kind = series.hasSuffix("_total") ? .counter : .gauge
    case .summary, .info, .stateset, .gaugehistogram: return nil
    }
    let unit = series.hasSuffix("_ms") ? "ms" : series.hasSuffix("_seconds") ? "s" : series.contains("_bytes") ? "bytes" : ""
    let many = entry.series.count > 1 && kind != .histogram
    return SignalBinding(
      signal: SignalID(series), title: series.split(separator: "_").filter { $0 != "total" }.joined(separator: " "), series: series,
      kind: kind,
      aggregation: many ? .sum : .single, unit: unit)
  }
}
