import Events

/// The words by which a health answer says that its service is well.
///
/// Only a good word makes a service healthy. Of the others some say plainly that it is not; the rest are shown as they are, and what
/// they mean is not known.
package struct HealthWords: Hashable, Sendable {
  /// What a word means.
  package enum Meaning: Int, Comparable, Sendable {
    case good, unknown, bad

    /// The worse one is greater.
    package static func < (left: Meaning, right: Meaning) -> Bool { left.rawValue < right.rawValue }
  }

  /// What a contract takes as good that does not say itself.
  package static let usual = ["ok", "healthy", "up", "pass", "true", "green", "ready", "running", "alive", "started"]
  /// The usual words, for whoever asks before a contract is known.
  package static let standard = HealthWords(good: usual)

  /// What nobody means well by.
  private static let bad: Set<String> = [
    "false", "no", "not_ok", "degraded", "unhealthy", "not_healthy", "error", "down", "fail", "failed", "failing", "failure", "critical",
    "fatal", "red", "not_ready", "unavailable", "out_of_service", "not_serving", "offline", "disconnected", "unreachable", "starting",
    "stopping", "stopped", "crashed", "dead",
  ]

  private var good: Set<String>
  private var ofService: [ServiceName: Set<String>] = [:]

  /// These words are good, of any service.
  package init(good: some Sequence<String>) { self.good = Set(good.map(Self.plain)) }

  /// What a contract takes as good: its `good_words`, and of a service its `health_word` besides.
  package init(_ contract: Contract) {
    self.init(good: contract.goodWords)
    for endpoint in contract.endpoints where endpoint.kind == .health {
      if let word = endpoint.healthWord { ofService[endpoint.service, default: []].insert(Self.plain(word)) }
    }
  }

  /// What any of these contracts takes as good: it is not known yet which of them holds.
  package init(_ contracts: [Contract]) {
    self.init(good: contracts.isEmpty ? Self.usual : [])
    for words in contracts.map({ HealthWords($0) }) {
      good.formUnion(words.good)
      ofService.merge(words.ofService) { $0.union($1) }
    }
  }

  /// What a word of a service's answer means, without regard to case; `-` and blanks stand for `_`.
  package func meaning(of word: String, by service: ServiceName?) -> Meaning {
    let plain = Self.plain(word)
    if good.contains(plain) || service.flatMap({ ofService[$0] })?.contains(plain) == true { return .good }
    return Self.bad.contains(plain) ? .bad : .unknown
  }

  private static func plain(_ word: String) -> String {
    let trimmed = word.prefix(80).lowercased().split(whereSeparator: { $0 == " " || $0 == "-" || $0 == "_" })
    return trimmed.joined(separator: "_")
  }
}
