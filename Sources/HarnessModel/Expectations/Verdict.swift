/// How one expectation stands.
public struct Verdict: Codable, Hashable, Sendable {
  /// The four ways to stand.
  public enum Standing: String, Codable, Hashable, Sendable, CaseIterable { case pending, met, violated, unobservable }

  /// How it stands.
  public var standing: Standing
  /// Why, in one sentence; for a pending one what was seen so far. May carry text from outside, not escaped.
  public var reason: String
  /// When it was decided; nil while it is pending.
  public var decidedAt: RunInstant?
  /// The number of the decision, which names the event that decided it: `#4711.1`; nil while it is pending.
  public var decision: EventNumber?
  /// What it rests on, in the order in which it was seen; of many the first and the last.
  public var evidence: [Evidence]
  /// How much was cited and left out of ``evidence``.
  public var omittedEvidence: Int

  /// Nothing seen yet.
  public static let open = Verdict(
    standing: .pending, reason: "nothing seen yet", decidedAt: nil, decision: nil, evidence: [], omittedEvidence: 0)
}

/// An event that a verdict rests on.
public struct Evidence: Codable, Hashable, Sendable {
  /// The event's number in the history.
  public var sequence: UInt64
  /// When it occurred.
  public var at: RunInstant
  /// What it says. May carry text from outside, not escaped.
  public var text: String
}

/// What the judge says of one expectation: a decision, or, of a pending one, how far it has come.
public struct VerdictChange: Codable, Hashable, Sendable {
  /// Its position among the run's expectations, from 0.
  public var index: Int
  /// Its name, for readers that do not know the run's expectations.
  public var expectation: String
  /// How it stands now.
  public var verdict: Verdict

  /// What the judge says of one expectation.
  public init(index: Int, expectation: String, verdict: Verdict) {
    self.index = index
    self.expectation = expectation
    self.verdict = verdict
  }
}

/// An expectation and how it stands.
public struct VerdictEntry: Codable, Hashable, Sendable {
  /// The expectation.
  public var expectation: Expectation
  /// How it stands.
  public var verdict: Verdict
  /// By when it must be decided; nil for the end of the scenario, or before the scenario began.
  public var deadline: RunInstant?

  /// Whether it makes a run fail: violated, or not to be observed and not optional.
  public var isFailure: Bool {
    switch verdict.standing {
    case .violated: true
    case .unobservable: !expectation.isOptional
    case .pending, .met: false
    }
  }
}

/// How many expectations stand how.
public struct VerdictCounts: Codable, Hashable, Sendable {
  /// Met.
  public var met = 0
  /// Violated.
  public var violated = 0
  /// Pending.
  public var pending = 0
  /// Unobservable.
  public var unobservable = 0
}
