import Events
import WireFormats

/// Decides which contract a pipeline keeps, by what its endpoints and logs show, and says why.
///
/// Evidence in falling order: series of a contract, lines of its worker's log, lines of other logs, the word of a health answer. Only the
/// first three decide; a health word is a hint. Every further look is taken into account, so that a decision may still change until it
/// ``isSettled``: a log's first lines may be those of a stand-in of another contract.
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
    /// Lines of the worker's log, and of others.
    var workerLines = 0
    var otherLines = 0
    var lineExample: (line: String, service: ServiceName)?
    var exampleIsOwn = false
    var healthExample: (word: String, place: String)?
  }

  /// The contracts to choose from.
  package let candidates: [Contract]
  private let vocabularies: [Set<String>]
  private var matchers: [LogMatcher]
  private var evidence: [Sightings]
  private var scrapedPlaces: [String] = []
  private var seriesSeen = 0
  /// How many lines were looked at, by service, and how many of them tell one candidate from another.
  private var looked: [ServiceName: (lines: Int, telling: Int)] = [:]

  /// By how many names of series the first contract has to be ahead of every other one for nothing to change it.
  private static let telling = 3
  /// After how many lines of the worker's own log that tell candidates from one another nothing more is learned.
  private static let linesTelling = 5000
  /// How many lines of one service are looked at: a log that tells nothing for so long costs no more.
  private static let linesLooked = 50_000

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
      let having = candidates.indices.filter { vocabularies[$0].contains(name) }
      // A name that all contracts use tells nothing.
      guard having.count < candidates.count || candidates.count == 1 else { continue }
      for index in having {
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
    // Contracts of one family answer alike: the first stands for them.
    guard let index = matching.first, matching.allSatisfy({ !vocabularies[$0].isDisjoint(with: vocabularies[index]) || $0 == index }) else {
      return
    }
    if evidence[index].healthExample == nil { evidence[index].healthExample = (word, place) }
  }

  /// Takes a line of a service's log.
  package mutating func observe(logLine line: String, of service: ServiceName) {
    guard looked.count < 64 || looked[service] != nil else { return }
    let seen = looked[service] ?? (0, 0)
    guard seen.lines < Self.linesLooked, seen.telling < Self.linesTelling else { return }
    looked[service] = (seen.lines + 1, seen.telling)
    var telling: [Int] = []
    for index in candidates.indices {
      let match = matchers[index].match(line, service: service)
      if match.line.isMatched, !match.happenings.contains(where: \.isUnreadable) { telling.append(index) }
    }
    guard !telling.isEmpty, telling.count < candidates.count || candidates.count == 1 else { return }
    looked[service]?.telling += 1
    for index in telling {
      if service == candidates[index].workerService { evidence[index].workerLines += 1 } else { evidence[index].otherLines += 1 }
      // The line by which it is told from the others is the one to show.
      let isOwn = telling.count == 1
      if evidence[index].lineExample == nil || (isOwn && !evidence[index].exampleIsOwn) {
        evidence[index].lineExample = (String(line.prefix(120)), service)
        evidence[index].exampleIsOwn = isOwn
      }
    }
  }

  /// Whether nothing that may still be seen changes what is decided.
  package var isSettled: Bool {
    guard let winner = best, candidates[winner].isOfWorker || !candidates.contains(where: \.isOfWorker) else { return false }
    // Lines of others, and lines that every candidate has or none, settle nothing.
    if looked[candidates[winner].workerService]?.telling ?? 0 >= Self.linesTelling { return true }
    let series = evidence[winner].series.count
    return candidates.indices.allSatisfy { $0 == winner || series - evidence[$0].series.count >= Self.telling }
  }

  /// What is known so far.
  package var outcome: Outcome {
    if let index = best {
      let name = candidates[index].name
      let own = evidence[index].lineExample.map { "the log of \($0.service) has its lines, such as \"\($0.line)\"" }
      guard let example = evidence[index].seriesExample else {
        return .decided(contract: candidates[index], reason: "\(name): \(own ?? "")")
      }
      // Contracts of one family share their series: then the lines tell them apart.
      let isShared = candidates.indices.contains { $0 != index && evidence[$0].series.count == evidence[index].series.count }
      let lines = isShared && evidence[index].exampleIsOwn ? own.map { ", and \($0)" } ?? "" : ""
      return .decided(
        contract: candidates[index], reason: "\(name): \(example.name) found at \(example.place)" + lines + rivals(of: index))
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

  /// The contract of which most was seen; of equal ones the first.
  private var best: Int? {
    func weight(_ index: Int) -> (Int, Int, Int, Int) {
      let seen = evidence[index]
      // A speech service beside a worker is part of the worker's pipeline, not the other way round.
      let isWorker = candidates[index].isOfWorker && (!seen.series.isEmpty || seen.workerLines > 0)
      return (isWorker ? 1 : 0, seen.series.count, seen.workerLines, seen.otherLines)
    }
    var found: Int?
    for index in candidates.indices where weight(index) > found.map(weight) ?? (0, 0, 0, 0) { found = index }
    return found
  }

  private func rivals(of winner: Int) -> String {
    // One of which nothing was seen that the winner has not is no rival.
    let names = candidates.indices.filter { $0 != winner && !evidence[$0].series.isSubset(of: evidence[winner].series) }
      .map { candidates[$0].name }
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

extension Contract {
  /// Whether it is that of a worker, which sends fragments, and not of a speech service alone.
  fileprivate var isOfWorker: Bool { workerService != .speechService }
}
