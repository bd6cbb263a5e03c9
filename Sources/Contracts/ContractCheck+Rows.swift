import Events
import PrometheusText
import WireFormats

extension ContractCheck {
  static func row(_ binding: SignalBinding, _ shown: ExposedSeries, _ contract: Contract, _ others: [Contract]) -> Row {
    var row = Row(signal: binding.signal, promised: promise(binding), found: nil, fit: .same)
    guard let entry = shown[binding.series] else {
      if let other = otherName(of: binding, shown, contract, others) {
        row.fit = .otherName
        row.found = other.text
        row.also = other.also
      } else {
        row.fit = .missing
      }
      return row
    }
    if let type = entry.type, let found = mismatch(binding.kind, type) {
      row.fit = .otherType
      row.found = "a \(found)"
      return row
    }
    let matching = entry.series.filter { series in binding.labels.allSatisfy { series.key[$0.key] == $0.value } }
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
    if binding.aggregation == .single, binding.kind != .histogram, matching.count > 1 {
      row.fit = .ambiguous
      row.found = "\(matching.count) series match, " + labelNames(entry)
    } else if binding.signal == .breakerState,
      let value = matching.map({ shown.scrape.values[$0.index] }).first(where: { contract.breakerState(code: $0) == nil })
    {
      row.fit = .otherEncoding
      row.found =
        "value \(NumberText.shortest(value)), but the contract knows \(encoding(contract))"
    }
    return row
  }

  /// `counter worker_audio_fragments_total{status="sent"}`.
  private static func promise(_ binding: SignalBinding) -> String {
    let key = SeriesKey(
      name: binding.series, labels: binding.labels.sorted { $0.key < $1.key }.map { SeriesLabel(name: $0.key, value: $0.value) })
    return "\(binding.kind.rawValue) \(key)"
  }

  /// The type found where it is another one; a family without a type may be anything.
  private static func mismatch(_ kind: SignalBinding.Kind, _ type: MetricType) -> String? {
    switch (kind, type) {
    case (_, .unknown), (.counter, .counter), (.gauge, .gauge), (.histogram, .histogram): nil
    default: type.rawValue
    }
  }

  /// Where the signal is instead: the name that another contract has for it, else the one name that says the same.
  private static func otherName(
    of binding: SignalBinding, _ shown: ExposedSeries, _ contract: Contract, _ others: [Contract]
  ) -> (text: String, also: [Fit])? {
    for other in others where other.name != contract.name {
      guard let known = other.signals.first(where: { $0.signal == binding.signal && shown[$0.series] != nil }) else { continue }
      var also: [Fit] = []
      if known.kind != binding.kind { also.append(.otherType) }
      if !Set(known.labels.keys).isSuperset(of: binding.labels.keys) { also.append(.otherLabel) }
      var text = "\(promise(known)), as contract \(other.name) has it"
      if binding.signal == .breakerState, Set(other.breakerEncoding) != Set(contract.breakerEncoding) {
        also.append(.otherEncoding)
        text += " (\(encoding(other)))"
      }
      return (text, also)
    }
    let promised = words(binding.series)
    var best: (share: Double, name: String)?
    // What another signal is promised as is that signal.
    let others = Set(contract.signals.map(\.series))
    for name in shown.names where !others.contains(name) {
      let found = words(name)
      let common = Double(promised.intersection(found).count)
      let share = common / Double(max(1, promised.union(found).count))
      // Names that share most of their words, and all but one of the promised ones.
      if share >= 0.5, common >= Double(promised.count - 1), common >= 2, share > best?.share ?? 0 { best = (share, name) }
    }
    guard let name = best?.name else { return nil }
    let type = shown[name]?.type.flatMap { mismatch(binding.kind, $0) }
    return (type.map { "\(name), a \($0)" } ?? name, type == nil ? [] : [.otherType])
  }

  /// `0 closed, 1 open, 2 half-open`.
  private static func encoding(_ contract: Contract) -> String {
    contract.breakerEncoding.map { "\(NumberText.shortest($0.value)) \($0.state.rawValue)" }.joined(separator: ", ")
  }

  /// The words of a name that tell what it measures.
  private static func words(_ name: String) -> Set<String> {
    Set(name.split(separator: "_").map(String.init)).subtracting(["total", "worker", "media", "service", "sts", "seconds", "count"])
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
