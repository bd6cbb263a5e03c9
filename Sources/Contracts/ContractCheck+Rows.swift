import Events
import PrometheusText
import WireFormats

extension ContractCheck {
  static func row(_ binding: SignalBinding, _ shown: ExposedSeries, _ contract: Contract, _ elsewhere: SignalRecognition?) -> Row {
    var row = Row(signal: binding.signal, promised: promise(binding), found: nil, fit: .same)
    guard let entry = shown[binding.series] else {
      if let match = elsewhere?[binding.signal] {
        row.fit = .otherName
        row.found = sentence(match)
        row.also = match.also
      } else {
        row.fit = .missing
      }
      return row
    }
    if let type = entry.type, let found = mismatch(binding.kind, type) {
      row.fit = .otherType
      row.found = "a \(found.rawValue)"
      return row
    }
    // The count and the sum of a summary, or of a histogram, are no series of its own name.
    let series = binding.kind == .histogram ? entry.series : entry.series.filter { $0.key.name == binding.series }
    let matching = series.filter { series in binding.labels.allSatisfy { series.key[$0.key] == $0.value } }
    if matching.isEmpty {
      row.fit = .noSampleYet
      // A value that has not occurred yet is no other label; a label that no series has is one.
      if !entry.series.isEmpty,
        let absent = binding.labels.keys.sorted().first(where: { name in !entry.series.contains { $0.key[name] != nil } })
      {
        row.fit = .otherLabel
        row.found = "no series has \(absent): " + labelNames(entry)
      } else if entry.series.isEmpty == false, !binding.absentIsZero {
        row.fit = .otherLabel
        row.found = "found " + labelValues(entry, names: binding.labels.keys.sorted())
      }
      return row
    }
    if let label = binding.stateLabel { return states(row, matching, label, entry, shown, contract) }
    let count = binding.kind == .histogram ? ExposedSeries.Entry(series: matching).histogramCount : matching.count
    if binding.aggregation == .single, count > 1 {
      row.fit = .ambiguous
      row.found = "\(count) series match, " + labelNames(entry)
    } else if binding.signal == .breakerState,
      let value = matching.map({ shown.scrape.values[$0.index] }).first(where: { contract.breakerState(code: $0) == nil })
    {
      row.fit = .otherEncoding
      row.found =
        "value \(NumberText.shortest(value)), but the contract knows \(encoding(contract))"
    }
    return row
  }

  /// The row of a breaker that has a series a state.
  private static func states(
    _ row: Row, _ matching: [(key: SeriesKey, index: Int)], _ label: String, _ entry: ExposedSeries.Entry, _ shown: ExposedSeries,
    _ contract: Contract
  ) -> Row {
    var row = row
    let breakers = Set(matching.map { $0.key.labels.filter { $0.name != label } }).count
    let present = matching.filter { shown.scrape.values[$0.index] > 0.5 }.compactMap { $0.key[label] }
    if matching.allSatisfy({ $0.key[label] == nil }) {
      row.fit = .otherLabel
      row.found = "no series has \(label): " + labelNames(entry)
    } else if breakers > 1 {
      row.fit = .ambiguous
      row.found = "\(breakers) breakers match, " + labelNames(entry)
    } else if let word = present.first(where: { contract.breakerState(word: $0) == nil }) {
      row.fit = .otherEncoding
      row.found = "the state is \"\(word)\", which breaker_words does not say"
    }
    return row
  }

  /// `counter worker_audio_fragments_total{status="sent"}`.
  static func promise(_ binding: SignalBinding) -> String {
    let key = SeriesKey(
      name: binding.series, labels: binding.labels.sorted { $0.key < $1.key }.map { SeriesLabel(name: $0.key, value: $0.value) })
    return "\(binding.kind.rawValue) \(key)"
  }

  /// The type found where it is another one; a family without a type may be anything, and what only is there or not is a gauge.
  static func mismatch(_ kind: SignalBinding.Kind, _ type: MetricType) -> MetricType? {
    switch (kind, type) {
    case (_, .unknown), (.counter, .counter), (.histogram, .histogram): nil
    case (.gauge, .gauge), (.gauge, .info), (.gauge, .stateset), (.gauge, .summary): nil
    default: type
    }
  }

  private static func sentence(_ match: SignalRecognition.Match) -> String {
    guard let contract = match.contract else {
      return match.otherType.map { "\(match.binding.series), a \($0.rawValue)" } ?? match.binding.series
    }
    let text = "\(promise(match.binding)), as contract \(contract.name) has it"
    return match.also.contains(.otherEncoding) ? text + " (\(encoding(contract)))" : text
  }

  /// `0 closed, 1 open, 2 half-open`.
  private static func encoding(_ contract: Contract) -> String {
    contract.breakerEncoding.map { "\(NumberText.shortest($0.value)) \($0.state.rawValue)" }.joined(separator: ", ")
  }

  private static func labelNames(_ entry: ExposedSeries.Entry) -> String {
    let names = Set(entry.series.flatMap { $0.key.labels.map(\.name) }).subtracting(["le"]).sorted()
    return names.isEmpty ? "it has no labels" : "its labels are " + names.prefix(6).joined(separator: ", ")
  }

  private static func labelValues(_ entry: ExposedSeries.Entry, names: [String]) -> String {
    let pairs = Set(entry.series.flatMap { series in names.compactMap { name in series.key[name].map { "\(name)=\($0)" } } })
    return pairs.sorted().prefix(6).joined(separator: ", ")
  }
}
