import Events
import PrometheusText

extension SignalResolver {
  /// The labels by which workers tell their streams apart.
  private static let streamLabels = ["stream_id", "stream"]

  /// Where each signal's value is in scrapes of a shape, and the same for each stream where there are several.
  static func plans(
    _ contract: Contract, _ layout: SeriesLayout
  ) -> (all: [Plan], streams: [(name: String, plans: [(binding: Int, plan: Plan)])]) {
    let bindings = contract.signals
    var wanted: Set<String> = []
    for binding in bindings { wanted.formUnion(names(of: binding)) }
    var keys: [String: [(index: Int, key: SeriesKey)]] = [:]
    // The last of a repeated series counts, as it does for a look-up by key.
    let repeated = Set(layout.repeatedIndices.map { layout.id(at: $0) })
    var seen: [SeriesID: Int] = [:]
    for (index, key) in layout.series.enumerated() where wanted.contains(key.name) {
      let id = layout.id(at: index)
      if repeated.contains(id), let earlier = seen[id] {
        if let place = keys[key.name]?.firstIndex(where: { $0.index == earlier }) { keys[key.name]?[place].index = index }
      } else {
        keys[key.name, default: []].append((index, key))
      }
      seen[id] = index
    }
    let families = Set(layout.families.map(\.name))
    // Only a family that is declared, or shows series of other labels, tells 0 by leaving a series out.
    func isExposed(_ binding: SignalBinding) -> Bool {
      keys[binding.series] != nil || families.contains(familyName(binding.series)) || families.contains(binding.series)
    }
    func plan(_ binding: SignalBinding, _ keys: [String: [(index: Int, key: SeriesKey)]]) -> Plan {
      let plan =
        binding.kind == .histogram
        ? histogram(binding, keys) : binding.stateLabel.map { states(binding, $0, contract, keys) } ?? values(binding, keys)
      // A sample of it is there and could not be read: neither a sum nor its absence tells anything.
      if names(of: binding).contains(where: layout.mayHaveLost) {
        if case .values = plan, binding.aggregation == .single { return plan }
        return .missing
      }
      if case .missing = plan, binding.absentIsZero, binding.kind != .histogram, isExposed(binding) { return .zero }
      return plan
    }
    let streams = byStream(keys)
    let all = bindings.map { plan($0, keys) }
    guard streams.count > 1 else { return (all, []) }
    return (
      all,
      streams.keys.sorted().enumerated().map { place, name in
        let own = streams[name] ?? [:]
        let told = bindings.enumerated().filter { place < streamLimit || $1.signal == .breakerState || $1.signal == .inflightFragments }
        return (name, told.map { ($0.offset, plan($0.element, own)) })
      }
    )
  }

  /// The series of each stream.
  private static func byStream(_ keys: [String: [(index: Int, key: SeriesKey)]]) -> [String: [String: [(index: Int, key: SeriesKey)]]] {
    var streams: [String: [String: [(index: Int, key: SeriesKey)]]] = [:]
    for (name, list) in keys {
      for entry in list {
        guard let stream = streamLabels.lazy.compactMap({ entry.key[$0] }).first else { continue }
        streams[stream, default: [:]][name, default: []].append(entry)
      }
    }
    return streams
  }

  /// The names of the series a binding is made of.
  package static func names(of binding: SignalBinding) -> [String] {
    guard binding.kind == .histogram else { return [binding.series] }
    return ["_bucket", "_sum", "_count"].map { binding.series + $0 }
  }

  /// OpenMetrics names a counter's family without `_total`.
  private static func familyName(_ series: String) -> String {
    series.hasSuffix("_total") ? String(series.dropLast("_total".count)) : series
  }

  private static func matches(_ binding: SignalBinding, _ key: SeriesKey) -> Bool {
    binding.labels.allSatisfy { key[$0.key] == $0.value }
  }

  private static func values(_ binding: SignalBinding, _ keys: [String: [(index: Int, key: SeriesKey)]]) -> Plan {
    let found = (keys[binding.series] ?? []).filter { matches(binding, $0.key) }
    if found.isEmpty { return .missing }
    if found.count > 1, binding.aggregation == .single { return .ambiguous(found.count) }
    return .values(found.map(\.index))
  }

  /// A series a state. OpenMetrics' StateSet is the same: its label has the name of its family.
  private static func states(
    _ binding: SignalBinding, _ label: String, _ contract: Contract, _ keys: [String: [(index: Int, key: SeriesKey)]]
  ) -> Plan {
    let found = (keys[binding.series] ?? []).filter { matches(binding, $0.key) && $0.key[label] != nil }
    if found.isEmpty { return .missing }
    let breakers = Set(found.map { $0.key.labels.filter { $0.name != label } })
    if breakers.count > 1 { return .ambiguous(breakers.count) }
    return .state(
      found.map { index, key in
        let word = key[label] ?? ""
        let state = contract.breakerState(word: word)
        return (index, word, contract.breakerEncoding.first { $0.state == state }?.value)
      })
  }

  private static func histogram(_ binding: SignalBinding, _ keys: [String: [(index: Int, key: SeriesKey)]]) -> Plan {
    func found(_ suffix: String) -> [(index: Int, key: SeriesKey)] {
      (keys[binding.series + suffix] ?? []).filter { matches(binding, $0.key) }
    }
    var plan = HistogramPlan(sums: found("_sum").map(\.index), counts: found("_count").map(\.index))
    var bounds: [Double: [Int]] = [:]
    var sets: Set<SeriesKey> = []
    for (index, key) in found("_bucket") {
      guard let bound = key["le"].flatMap(upperBound) else { continue }
      bounds[bound, default: []].append(index)
      sets.insert(SeriesKey(name: key.name, labels: key.labels.filter { $0.name != "le" }))
    }
    for (_, key) in found("_count") { sets.insert(SeriesKey(name: binding.series + "_bucket", labels: key.labels)) }
    if bounds.isEmpty, plan.counts.isEmpty { return .missing }
    if sets.count > 1, binding.aggregation == .single { return .ambiguous(sets.count) }
    for bound in bounds.keys.sorted() {
      plan.upperBounds.append(bound)
      plan.buckets.append(bounds[bound] ?? [])
    }
    return .histogram(plan)
  }

  private static func upperBound(_ text: String) -> Double? {
    text == "+Inf" || text == "Inf" ? .infinity : FieldValue.number(in: text)
  }
}
