import Events

/// How one expectation stands.
package struct Verdict: Codable, Hashable, Sendable {
  /// The four ways to stand.
  package enum Standing: String, Codable, Hashable, Sendable, CaseIterable { case pending, met, violated, unobservable }

  /// How it stands.
  package var standing: Standing
  /// Why, in one sentence; for a pending one what was seen so far. May carry text from outside, not escaped.
  package var reason: String
  /// When it was decided; nil while it is pending.
  package var decidedAt: RunInstant?
  /// The number of the decision, which names the event that decided it: `#4711.1`; nil while it is pending.
  package var decision: EventNumber?
  /// What it rests on, in the order in which it was seen; of many the first and the last.
  package var evidence: [Evidence]
  /// How much was cited and left out of ``evidence``.
  package var omittedEvidence: Int
  /// The times of the run that nothing is known of, where that is why it is unobservable.
  package var gaps: [EvidenceGap] = []

  /// Nothing seen yet.
  package static let open = Verdict(
    standing: .pending, reason: "nothing seen yet", decidedAt: nil, decision: nil, evidence: [], omittedEvidence: 0)
}

/// An event that a verdict rests on.
package struct Evidence: Codable, Hashable, Sendable {
  /// The event's number in the history.
  package var sequence: UInt64
  /// When it occurred.
  package var at: RunInstant
  /// What it says. May carry text from outside, not escaped.
  package var text: String

  /// An event that a verdict rests on.
  package init(sequence: UInt64, at: RunInstant, text: String) {
    self.sequence = sequence
    self.at = at
    self.text = text
  }
}

/// What the judge says of one expectation: a decision, or, of a pending one, how far it has come.
package struct VerdictChange: Codable, Hashable, Sendable {
  /// Its position among the run's expectations, from 0.
  package var index: Int
  /// Its name, for readers that do not know the run's expectations.
  package var expectation: String
  /// How it stands now.
  package var verdict: Verdict

  /// What the judge says of one expectation.
  package init(index: Int, expectation: String, verdict: Verdict) {
    self.index = index
    self.expectation = expectation
    self.verdict = verdict
  }
}

/// An expectation and how it stands.
package struct VerdictEntry: Codable, Hashable, Sendable {
  /// The expectation.
  package var expectation: Expectation
  /// How it stands.
  package var verdict: Verdict
  /// By when it must be decided; nil for the end of the scenario, or before the scenario began.
  package var deadline: RunInstant?

  /// Whether it keeps a run from passing: violated, or not known and not optional.
  package var isFailure: Bool {
    switch verdict.standing {
    case .violated: true
    case .unobservable: !expectation.isOptional
    case .pending, .met: false
    }
  }
}

/// How many expectations stand how.
package struct VerdictCounts: Codable, Hashable, Sendable {
  /// Met.
  package var met = 0
  /// Violated.
  package var violated = 0
  /// Pending.
  package var pending = 0
  /// Unobservable.
  package var unobservable = 0

  /// None of any.
  package init() {}
}

extension Verdict.Standing {
  /// The word that people read; reports keep the raw value.
  package var word: String { self == .unobservable ? "not known" : rawValue }
}
