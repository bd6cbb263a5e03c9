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
