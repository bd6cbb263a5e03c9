import Events
import PrometheusText

/// What a contract promises beside what a scrape and a log really show. Pure: a scrape and lines in, rows out.
package struct ContractCheck: Codable, Hashable, Sendable {
  /// How a promise and what was found go together.
  package enum Fit: String, Codable, Sendable, CaseIterable {
    /// As promised.
    case same
    /// As promised, but nothing to see yet: a labelled counter before its first event, a series before the first stream.
    case noSampleYet = "no sample yet"
    /// The signal is there under another name.
    case otherName = "other name"
    /// The series is there as another type.
    case otherType = "other type"
    /// The values mean something else than the contract says.
    case otherEncoding = "other encoding"
    /// The series is there with other labels.
    case otherLabel = "other label"
    /// More series match than the contract allows.
    case ambiguous
    /// Nothing of it is there.
    case missing

    /// Whether the promise is kept.
    package var isKept: Bool { self == .same || self == .noSampleYet }
  }

  /// One promise.
  package struct Row: Codable, Hashable, Sendable {
    /// The signal promised.
    package var signal: SignalID
    /// What is promised: `counter worker_audio_fragments_total{status="sent"}`.
    package var promised: String
    /// What was found instead; nil when it is as promised, or nothing was found.
    package var found: String?
    /// How they go together.
    package var fit: Fit
    /// What differs besides, where it is found under another name.
    package var also: [Fit] = []
  }

  /// How often a kind of log line was found.
  package struct LogRow: Codable, Hashable, Sendable {
    /// What the template makes of a line.
    package var happening: String
    /// The template's pattern.
    package var pattern: String
    /// How many lines it matched.
    package var lines: Int
  }

  /// The contract's name.
  package let contract: String
  /// A row per signal, in the contract's order; empty without a scrape.
  package internal(set) var rows: [Row] = []
  /// A row per log template, in the contract's order; empty without a log.
  package internal(set) var logRows: [LogRow] = []
  /// How many log lines were read.
  package internal(set) var lineCount = 0
  /// How many of them no template knows.
  package internal(set) var unknownLineCount = 0
  /// Disagreements that no row can say, as sentences: a swapped encoding, lines that cannot be read.
  package internal(set) var remarks: [String] = []

  /// For a service that is recognised as the media service and compared with the data model: in what it differs; else empty.
  package internal(set) var differences: [ContractDifference] = []

  /// Whether every promise is kept.
  package var isKept: Bool { rows.allSatisfy(\.fit.isKept) && remarks.isEmpty }

  /// The finding of one line for the screen; nil when all promises are kept, or when nothing of the contract is there at all
  /// (a service shows nothing before its first stream).
  package var finding: Finding? { finding(besides: []) }

  /// The same, besides signals of which something else is said: that they were there and are gone.
  package func finding(besides gone: Set<SignalID>) -> Finding? {
    let broken = rows.filter { !$0.fit.isKept && !gone.contains($0.signal) }
    guard rows.contains(where: { $0.fit == .same }), let first = broken.first else { return nil }
    let rest = broken.count > 1 ? ", and \(broken.count - 1) more (see `dubwatch contract check`)" : ""
    return Finding(
      id: "contract-not-kept", text: "contract \(contract): \(first.signal) is promised as \(first.promised): \(first.sentence)\(rest)")
  }

  /// Compares a contract with what was found.
  /// - Parameters:
  ///   - contract: what is promised.
  ///   - scrape: what an endpoint exposes; nil when none was read.
  ///   - others: contracts whose names for the same signals are looked for where a promised name is not there.
  package init(_ contract: Contract, scrape: Scrape?, others: [Contract] = []) {
    self.contract = contract.name
    guard let scrape else { return }
    let shown = ExposedSeries(scrape)
    let elsewhere = SignalRecognition(contract, shown, others: others)
    rows = contract.signals.map { Self.row($0, shown, contract, elsewhere) }
  }
}

extension ContractCheck.Row {
  /// What is not as promised, in words.
  package var sentence: String {
    switch fit {
    case .same, .noSampleYet, .missing: fit.rawValue
    case .otherName, .otherType, .otherEncoding, .otherLabel, .ambiguous: found.map { "\(fit.rawValue), \($0)" } ?? fit.rawValue
    }
  }
}
