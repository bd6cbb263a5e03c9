import Events

/// One rule over the history of a run.
package struct Expectation: Codable, Hashable, Sendable {
  /// A short stable name, unique in its scenario: `breaker-opens`.
  package var id: String
  /// The sentence shown: "breaker opens at exactly 5 failures".
  package var title: String
  /// The rule, as it was written.
  package var rule: RuleDocument
  /// By when it must be decided, in seconds since the scenario began; nil for the end of the scenario.
  package var deadlineSeconds: Double?
  /// Whether the run passes when this cannot be observed.
  package var isOptional: Bool
  /// Whether every run is judged by it, asked for or not: met, it shows that the run was one, and nothing of what it was to show.
  package var isImplied: Bool

  /// One rule over the history of a run.
  package init(
    id: String, title: String, rule: RuleDocument, deadlineSeconds: Double? = nil, isOptional: Bool = false,
    isImplied: Bool = false
  ) {
    self.id = id
    self.title = title
    self.rule = rule
    self.deadlineSeconds = deadlineSeconds
    self.isOptional = isOptional
    self.isImplied = isImplied
  }
}

extension Expectation {
  /// By when it must be decided, in a run whose judging began then; nil for the end of the scenario, or before it began.
  package func deadline(since began: RunInstant?) -> RunInstant? {
    guard let began, let deadlineSeconds else { return nil }
    return began.advanced(bySeconds: deadlineSeconds)
  }
}
