import Events
import PrometheusText

/// A first contract for an endpoint that keeps none of those known.
package struct ContractDraft: Sendable {
  /// The contract.
  package private(set) var contract: Contract
  /// Why a signal is taken for what it is, where that was concluded.
  package private(set) var notes: [SignalID: String] = [:]
  /// What is exposed and is no signal of the draft, and why.
  package private(set) var leftOut: [String] = []

  /// How many signals told by their words alone make a contract the nearest one.
  private static let tellingMatches = 3

  private let shown: ExposedSeries
  private var used: Set<String> = []
  private var taken: Set<SignalID> = []
  private var titles: Set<String> = []

  /// A contract drawn up from what an endpoint exposes: every family that a known contract's signal could be becomes that signal,
  /// every other one a signal of its own. It is kept by what it was drawn up from.
  /// - Parameters:
  ///   - scrape: what the endpoint exposes.
  ///   - name: the draft's name.
  ///   - service: the service that exposes it.
  ///   - source: where the scrape is from, for the summary; nil for the service itself. Without credentials.
  ///   - url: where; becomes the endpoint of the draft. Without credentials.
  ///   - known: contracts whose signals are looked for, and whose limits and log format the nearest one lends.
  package init(
    _ scrape: Scrape, name: String, service: ServiceName, source: String? = nil, url: String?, known: [Contract]
  ) {
    shown = ExposedSeries(scrape)
    contract = Contract(
      name: name, summary: "Drafted from what \(source ?? service.text) exposes; look at every signal.", workerService: service)
    if let url { contract.endpoints = [Endpoint(service: service, kind: .metrics, url: url)] }
    let nearest = nearest(of: known, scrape)
    if let nearest {
      contract.breakerEncoding = nearest.breakerEncoding
      contract.logFormat = nearest.logFormat
      contract.logTemplates = nearest.logTemplates
      contract.thresholds = nearest.thresholds
    }
    for other in [nearest].compactMap(\.self) + known { takeKept(of: other, scrape) }
    if let nearest { takeRecognised(of: nearest) }
    takeBreaker()
    for series in shown.names where !used.contains(series) { takeOwn(series) }
  }

  /// The draft's contract alone.
  package static func make(_ scrape: Scrape, name: String, service: ServiceName, url: String?, known: [Contract]) -> Contract {
    ContractDraft(scrape, name: name, service: service, url: url, known: known).contract
  }

  /// The contract of which most is there, under its own names or others.
  private func nearest(of known: [Contract], _ scrape: Scrape) -> Contract? {
    let scores = known.map { contract in
      let kept = ContractCheck(contract, scrape: scrape, others: []).rows.count(where: \.fit.isKept)
      let told = SignalRecognition(contract, shown, others: []).countByWords
      return kept + (kept > 0 || told >= Self.tellingMatches ? told : 0)
    }
    return zip(known, scores).max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil }
  }

  private mutating func takeKept(of other: Contract, _ scrape: Scrape) {
    for row in ContractCheck(other, scrape: scrape, others: []).rows where row.fit.isKept && !taken.contains(row.signal) {
      guard let binding = other.signals.first(where: { $0.signal == row.signal }) else { continue }
      add(binding)
    }
  }

  private mutating func takeRecognised(of nearest: Contract) {
    let elsewhere = SignalRecognition(nearest, shown, others: [])
    for promised in nearest.signals where !taken.contains(promised.signal) {
      guard let match = elsewhere[promised.signal] else { continue }
      var binding = match.binding
      if let type = match.otherType {
        guard let kind = Self.kind(type, binding.series) else { continue }
        binding.kind = kind
      }
      guard isKept(binding) else { continue }
      notes[binding.signal] = "by its name: contract \(nearest.name) has \(ContractCheck.promise(promised))"
      add(binding)
    }
  }

  /// A breaker that has a series a state; of several none is *the* breaker.
  private mutating func takeBreaker() {
    let found = SignalRecognition.breakers(shown)
    guard !taken.contains(.breakerState), let breaker = found.first else { return }
    guard found.count == 1 else {
      return leave(breaker.series, "\(found.count) breakers: bind breaker_state to one by its labels, with state_label: \(breaker.label)")
    }
    let binding = SignalBinding(
      signal: .breakerState, title: "breaker", series: breaker.series, labels: breaker.labels, kind: .gauge, stateLabel: breaker.label)
    // What it may show besides means something that only its maker knows.
    let words = (shown[breaker.series]?.series ?? []).compactMap { $0.key[breaker.label] }
    let unknown = Set(words.filter { contract.breakerState(word: $0) == nil }).sorted()
    guard isKept(binding) else {
      return leave(ContractCheck.promise(binding), ContractCheck.row(binding, shown, contract, nil).sentence)
    }
    notes[.breakerState] =
      "by its states, a series each" + (unknown.isEmpty ? "" : "; say under breaker_words what \(unknown.joined(separator: ", ")) mean")
    add(binding)
  }

  private mutating func takeOwn(_ series: String) {
    guard let entry = shown[series], !entry.series.isEmpty else { return }
    guard Contract.isMetricName(series) else { return leave(series, "a name that a contract cannot hold") }
    let own = entry.series.filter { $0.key.name == series }
    if shown.isHistogram(series) {
      return takeOwn(binding(series, entry, kind: .histogram, sums: entry.histogramCount > 1))
    }
    guard let kind = Self.kind(entry.type ?? .unknown, series) else {
      return leave(series, "a \((entry.type ?? .unknown).rawValue), which no kind of signal is")
    }
    // The series of a summary are its quantiles; its count and sum are names of their own.
    guard !own.isEmpty else { return }
    if own.count == 1 || kind == .counter { return takeOwn(binding(series, entry, kind: kind, sums: own.count > 1)) }
    guard own.count <= Self.seriesOfOneGauge else {
      return leave(series, "\(own.count) series of a gauge, which have no sum: name the one that counts by its labels")
    }
    // Values of a gauge do not add up: one signal a series, told apart by the labels that differ.
    let keys = own.map(\.key)
    let names = Set(keys.flatMap { $0.labels.map(\.name) }).sorted().filter { name in Set(keys.map { $0[name] }).count > 1 }
    for key in keys {
      var one = binding(series, entry, kind: kind, sums: false)
      for name in names { one.labels[name] = key[name] }
      let values = names.compactMap { key[$0] }
      one.signal = SignalID(([series] + values).joined(separator: "_"))
      one.title += " (" + names.compactMap { name in key[name].map { "\(name)=\($0)" } }.joined(separator: ", ") + ")"
      takeOwn(one)
    }
  }

  /// How many series of one gauge become signals.
  private static let seriesOfOneGauge = 16

  private mutating func takeOwn(_ binding: SignalBinding) {
    var binding = binding
    guard contract.signals.count < Contract.signalLimit else {
      return leave(binding.series, "more than \(Contract.signalLimit) signals")
    }
    if taken.contains(binding.signal) { binding.signal = SignalID(binding.signal.text + "_\(taken.count)") }
    if titles.contains(binding.title) { binding.title = binding.signal.text }
    guard isKept(binding) else {
      return leave(ContractCheck.promise(binding), ContractCheck.row(binding, shown, contract, nil).sentence)
    }
    add(binding)
  }

  private mutating func add(_ binding: SignalBinding) {
    taken.insert(binding.signal)
    used.insert(binding.series)
    titles.insert(binding.title)
    contract.signals.append(binding)
  }

  private mutating func leave(_ series: String, _ why: String) { leftOut.append("left out: \(series): \(why)") }

  private func isKept(_ binding: SignalBinding) -> Bool { ContractCheck.row(binding, shown, contract, nil).fit.isKept }

  private func binding(_ series: String, _ entry: ExposedSeries.Entry, kind: SignalBinding.Kind, sums: Bool) -> SignalBinding {
    let unit = series.hasSuffix("_ms") ? "ms" : series.hasSuffix("_seconds") ? "s" : series.contains("_bytes") ? "bytes" : ""
    let words = series.split(separator: "_").filter { $0 != "total" }.joined(separator: " ")
    return SignalBinding(
      signal: SignalID(series), title: entry.help.flatMap(Self.title) ?? words, series: series, kind: kind,
      aggregation: sums ? .sum : .single, unit: unit)
  }

  /// A help text as a title: its first sentence, where that is short. An asterisk would read as an alias of YAML.
  private static func title(_ help: String) -> String? {
    let line = help.prefix { !$0.isNewline }.replacing("*", with: "")
    let sentence = line.firstRange(of: ". ").map { line[..<$0.lowerBound] } ?? line[...]
    let text = sentence.trimmingPrefix { $0 == " " }.reversed().drop { $0 == "." || $0 == " " }.reversed()
    return text.isEmpty || text.count > 60 ? nil : String(text)
  }

  /// Endings of names that count, where no type is declared.
  private static let countingEndings = [
    "_total", "_count", "_sum", "_received", "_sent", "_inbound_bytes", "_outbound_bytes", "_in_error", "_discarded", "_lost",
  ]

  /// What a series is to a contract; nil for a type that is none.
  private static func kind(_ type: MetricType, _ series: String) -> SignalBinding.Kind? {
    switch type {
    case .counter: .counter
    case .histogram: .histogram
    case .gauge, .info, .stateset, .summary: .gauge
    case .unknown: countingEndings.contains(where: series.hasSuffix) ? .counter : .gauge
    case .gaugehistogram: nil
    }
  }
}
