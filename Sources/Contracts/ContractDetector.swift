import Events
import WireFormats

/// Decides which contract a pipeline keeps, by what its endpoints and logs show, and says why.
///
/// Evidence in falling order: series of a contract, lines of its log, the word of its health answer. Only the first two
/// decide; a health word is a hint. Every further look is taken into account, so that an undecided one can be settled.
package struct ContractDetector: Sendable {
  /// What is known so far.
  package enum Outcome: Hashable, Sendable {
    /// One contract; the reason is one sentence.
    case decided(contract: Contract, reason: String)
    /// None yet; which one is likely, if any, and what is missing, in one sentence.
    case undecided(likely: Contract?, missing: String)
  }

  private struct Sightings: Sendable {
    var series: Set<String> = []
    var seriesExample: (name: String, place: String)?
    var lines = 0
    var lineExample: (line: String, service: ServiceName)?
    var healthExample: (word: String, place: String)?
  }

  /// The contracts to choose from.
  package let candidates: [Contract]
  private let vocabularies: [Set<String>]
  private var matchers: [LogMatcher]
  private var evidence: [Sightings]
  private var scrapedPlaces: [String] = []
  private var seriesSeen = 0

  /// A detector that has seen nothing yet.
  /// - Parameter candidates: the contracts to choose from; the first wins where all is equal.
  package init(candidates: [Contract]) {
    self.candidates = candidates
    vocabularies = candidates.map { contract in
      Set(contract.signals.flatMap { binding in [binding.series, Self.family(binding.series)] + SignalResolver.names(of: binding) })
    }
    matchers = candidates.map { LogMatcher(contract: $0, hostUTCOffsetSeconds: 0) }
    evidence = candidates.map { _ in Sightings() }
  }

  /// OpenMetrics names a counter's family without `_total`.
  private static func family(_ series: String) -> String {
    series.hasSuffix("_total") ? String(series.dropLast("_total".count)) : series
  }

  /// Takes the names of series and families that a metrics endpoint exposes.
  package mutating func observe(series names: some Sequence<String>, at place: String) {
    if !scrapedPlaces.contains(place), scrapedPlaces.count < 8 { scrapedPlaces.append(place) }
    for name in names {
      seriesSeen += 1
      for index in candidates.indices where vocabularies[index].contains(name) {
        // A name that several contracts use tells nothing.
        guard !candidates.indices.contains(where: { $0 != index && vocabularies[$0].contains(name) }) else { continue }
        evidence[index].series.insert(name)
        if evidence[index].seriesExample == nil { evidence[index].seriesExample = (name, place) }
      }
    }
  }

  /// Takes the body of a health answer of a service.
  package mutating func observe(healthBody body: String, of service: ServiceName, at place: String) {
    var body = String(body.prefix(4096))
    let word: String? = body.withUTF8 { bytes in (try? JSONLine(bytes))?.value("status", in: bytes)?.text }
    guard let word else { return }
    let matching = candidates.indices.filter { index in
      candidates[index].endpoints.contains { $0.kind == .health && $0.service == service && $0.healthWord == word }
    }
    if matching.count == 1, let index = matching.first, evidence[index].healthExample == nil {
      evidence[index].healthExample = (word, place)
    }
  }

  /// Takes a line of a service's log.
  package mutating func observe(logLine line: String, of service: ServiceName) {
    var telling: [Int] = []
    for index in candidates.indices {
      let match = matchers[index].match(line, service: service)
      if match.line.isMatched, !match.happenings.contains(where: \.isUnreadable) { telling.append(index) }
    }
    guard telling.count == 1, let index = telling.first else { return }
    evidence[index].lines += 1
    if evidence[index].lineExample == nil { evidence[index].lineExample = (String(line.prefix(120)), service) }
  }

  /// What is known so far.
  package var outcome: Outcome {
    if let index = best(by: \.series.count), let example = evidence[index].seriesExample {
      return .decided(
        contract: candidates[index], reason: "\(candidates[index].name): \(example.name) found at \(example.place)" + rivals(of: index))
    }
    if let index = best(by: \.lines), let example = evidence[index].lineExample {
      return .decided(
        contract: candidates[index],
        reason: "\(candidates[index].name): the log of \(example.service) has its lines, such as \"\(example.line)\"")
    }
    let places =
      scrapedPlaces.isEmpty ? "no metrics endpoint has answered" : "\(scrapedPlaces.joined(separator: ", ")) shows no series of a contract"
    let hints = candidates.indices.filter { evidence[$0].healthExample != nil }
    if hints.count == 1, let index = hints.first, let example = evidence[index].healthExample {
      let name = candidates[index].name
      return .undecided(
        likely: candidates[index], missing: "likely \(name), as \(example.place) says \"\(example.word)\", but \(places) yet")
    }
    return .undecided(likely: nil, missing: "\(places) yet, and no log line of a contract was seen")
  }

  private func best(by count: (Sightings) -> Int) -> Int? {
    let most = evidence.map(count).max() ?? 0
    return most > 0 ? evidence.firstIndex { count($0) == most } : nil
  }

  private func rivals(of winner: Int) -> String {
    let names = candidates.indices.filter { $0 != winner && !evidence[$0].series.isEmpty }.map { candidates[$0].name }
    return names.isEmpty ? "" : " (series of \(names.joined(separator: ", ")) were found too, but fewer)"
  }
}

extension Happening {
  /// Whether it says that a line could not be read.
  fileprivate var isUnreadable: Bool {
    if case .finding(let finding) = kind { return finding.id == "log-line-not-json" || finding.id == "log-line-unreadable" }
    return false
  }
}
