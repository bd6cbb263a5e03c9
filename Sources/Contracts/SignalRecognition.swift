import Events
import PrometheusText

/// Which of a contract's signals an endpoint exposes under other names: what `contract check` says and `contract init` maps.
struct SignalRecognition {
  /// A signal under another name.
  struct Match {
    /// The name that is there, as a promise.
    var binding: SignalBinding
    /// The contract that has this name for the signal; nil where it is told by the words of the name.
    var contract: Contract?
    /// What differs besides.
    var also: [ContractCheck.Fit] = []
    /// The type that is there, where it is another one.
    var otherType: MetricType?
  }

  private var matches: [SignalID: Match] = [:]

  /// Looks for every signal of which the promised name is not there.
  init(_ contract: Contract, _ shown: ExposedSeries, others: [Contract]) {
    let missing = contract.signals.filter { shown[$0.series] == nil }
    for binding in missing { matches[binding.signal] = Self.known(binding, shown, contract, others) }
    if let breaker = missing.first(where: { $0.signal == .breakerState }), matches[.breakerState] == nil,
      let states = Self.breakers(shown).first, Self.breakers(shown).count == 1
    {
      var found = breaker
      (found.series, found.labels, found.stateLabel, found.aggregation) = (states.series, states.labels, states.label, .single)
      found.kind = .gauge
      matches[.breakerState] = Match(binding: found, also: [.otherEncoding])
    }
    // What another signal is promised as is that signal.
    let promised = Set(contract.signals.map(\.series))
    let names = shown.names.filter { !promised.contains($0) }.map { (name: $0, words: Self.words($0)) }
    // The words that this endpoint puts before names, seen where enough of a name is left to tell by.
    var prefixes: Set<String> = []
    for binding in missing where matches[binding.signal] == nil {
      let words = Self.words(binding.series)
      guard words.count > 1, let found = Self.best(words, names) else { continue }
      matches[binding.signal] = Self.match(binding, found.name, shown)
      prefixes.formUnion(found.words.subtracting(words))
    }
    for binding in missing where matches[binding.signal] == nil {
      let words = Self.words(binding.series)
      guard words.count == 1 else { continue }
      let found = names.filter { $0.words.isSuperset(of: words) && !prefixes.isEmpty && $0.words.subtracting(words) == prefixes }
      if found.count == 1, let name = found.first?.name { matches[binding.signal] = Self.match(binding, name, shown) }
    }
  }

  /// Where a signal is instead; nil when nothing shows that it is there at all.
  subscript(signal: SignalID) -> Match? { matches[signal] }

  /// How many signals are told by words.
  var countByWords: Int { matches.values.count { $0.contract == nil } }

  /// A breaker that has a series a state.
  struct StateBreaker {
    var series: String
    /// The label that names the state.
    var label: String
    /// What tells it from others of the same series.
    var labels: [String: String]
  }

  /// Every breaker that shows itself by a series a state: a label of it has the values closed and open, in any spelling.
  static func breakers(_ shown: ExposedSeries) -> [StateBreaker] {
    shown.names.flatMap { name -> [StateBreaker] in
      guard let entry = shown[name], [nil, .gauge, .stateset, .unknown].contains(entry.type) else { return [] }
      let own = entry.series.map(\.key).filter { $0.name == name }
      let names = Set(own.flatMap { $0.labels.map(\.name) }).sorted()
      guard
        let label = names.first(where: { label in
          Set(own.compactMap { $0[label].flatMap { BreakerState(spelling: $0) } }).isSuperset(of: [.closed, .open])
        })
      else { return [] }
      let others = Set(own.map { $0.labels.filter { $0.name != label } })
      let differing = names.filter { name in name != label && Set(own.map { $0[name] }).count > 1 }
      return others.map { labels in
        let telling = labels.filter { differing.contains($0.name) }.map { ($0.name, $0.value) }
        return StateBreaker(series: name, label: label, labels: Dictionary(telling) { $1 })
      }.sorted { $0.labels.values.sorted().joined() < $1.labels.values.sorted().joined() }
    }
  }

  private static func known(
    _ binding: SignalBinding, _ shown: ExposedSeries, _ contract: Contract, _ others: [Contract]
  ) -> Match? {
    for other in others where other.name != contract.name {
      guard let known = other.signals.first(where: { $0.signal == binding.signal && shown[$0.series] != nil }) else { continue }
      var match = Match(binding: known, contract: other)
      if known.kind != binding.kind { match.also.append(.otherType) }
      if !Set(known.labels.keys).isSuperset(of: binding.labels.keys) { match.also.append(.otherLabel) }
      if binding.signal == .breakerState, Set(other.breakerEncoding) != Set(contract.breakerEncoding) { match.also.append(.otherEncoding) }
      return match
    }
    return nil
  }

  /// The name that shares most of its words with a promised one: at least half of all, and all but one of the promised ones.
  private static func best(
    _ promised: Set<String>, _ names: [(name: String, words: Set<String>)]
  ) -> (name: String, words: Set<String>)? {
    var best: (share: Double, found: (name: String, words: Set<String>))?
    for found in names {
      let common = Double(promised.intersection(found.words).count)
      let share = common / Double(max(1, promised.union(found.words).count))
      if share >= 0.5, common >= Double(promised.count - 1), common >= 2, share > best?.share ?? 0 { best = (share, found) }
    }
    return best?.found
  }

  private static func match(_ binding: SignalBinding, _ name: String, _ shown: ExposedSeries) -> Match {
    var found = binding
    found.series = name
    let type = shown[name]?.type.flatMap { ContractCheck.mismatch(binding.kind, $0) }
    return Match(binding: found, also: type == nil ? [] : [.otherType], otherType: type)
  }

  /// The words of a name that tell what it measures.
  private static func words(_ name: String) -> Set<String> {
    Set(name.split(separator: "_").map(String.init)).subtracting(["total", "worker", "media", "service", "sts", "seconds", "count"])
  }
}
