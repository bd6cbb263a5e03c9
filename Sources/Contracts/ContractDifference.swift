import Events
import PrometheusText
import WireFormats

/// One of the ways in which the media service as built differs from the data model (contract `spec-018`), and whether it shows.
package struct ContractDifference: Codable, Hashable, Sendable {
  /// How far a difference shows.
  package enum Standing: String, Codable, Sendable, CaseIterable {
    /// A series or a line shows it.
    case seen
    /// It is known of the contract, and nothing that was read shows it.
    case known
    /// What was read shows that it is not so here.
    case absent = "not so here"
  }

  /// Its number, from 1 to 13.
  package var number: Int
  /// What is otherwise.
  package var sentence: String
  /// Whether it shows.
  package var standing: Standing
  /// The series or line that shows it, or shows that it is not so; nil where nothing does.
  package var evidence: String?
}

extension ContractDifference {
  /// What was read shows it, or the contrary; nil for neither.
  typealias Finder = @Sendable (PipelineEvidence) -> (Standing, String)?

  /// The differences in the order of their numbers: the data model's word against what was observed on running services.
  private static let all: [(sentence: String, find: Finder)] = [
    ("the series have other names", \.names),
    ("every series carries stream_id", \.streamLabel),
    ("processed fragments are told apart by status success, partial and failed", \.processedLabel),
    ("the breaker's codes 1 and 2 are swapped", \.breakerCodes),
    ("the sync figure is a gauge of absolute values: the sign is lost", \.syncKind),
    ("only fallbacks of an open breaker are counted, without a reason", \.fallbackReasons),
    ("no counter tells of reconnections", \.reconnectionCounter),
    ("the log is plain text, not JSON", \.logForm),
    ("no log line tells of a change of the breaker, but at level DEBUG", \.transitionLine),
    ("the delays before reconnections are 1, 2, 4, 8, 16 s, give or take half a second", \.backoff),
    ("a fragment that times out is neither a failure nor replaced: its audio is lost", \.timeouts),
    ("the health answer says the same whatever happens", \.health),
    ("half-open begins with the next request only, not when the cooldown is over", \.halfOpen),
  ]

  /// All of them, as far as a scrape and a log show them.
  static func all(_ evidence: PipelineEvidence) -> [ContractDifference] {
    all.enumerated().map { index, row in
      let found = row.find(evidence)
      return ContractDifference(number: index + 1, sentence: row.sentence, standing: found?.0 ?? .known, evidence: found?.1)
    }
  }
}

extension ContractCheck {
  /// Says which of the differences between the data model and the media service as built show here.
  /// - Parameters:
  ///   - real: the contract that scrape and log are recognised as, one of the media service's.
  ///   - model: what they are compared with.
  package mutating func noteDifferences(
    of real: Contract, from model: Contract, scrape: Scrape?, lines: some Sequence<String>, reference: WallTime? = nil
  ) {
    var evidence = PipelineEvidence(real: real, model: model, scrape: scrape)
    evidence.read(lines, reference: reference)
    differences = ContractDifference.all(evidence)
  }
}
