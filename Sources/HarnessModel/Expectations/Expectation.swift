/// One rule over the history of a run.
public struct Expectation: Codable, Hashable, Sendable {
  /// A short stable name, unique in its scenario: `breaker-opens`.
  public var id: String
  /// The sentence shown: "breaker opens at exactly 5 failures".
  public var title: String
  /// The rule, as it was written.
  public var rule: RuleDocument
  /// By when it must be decided, in seconds since the scenario began; nil for the end of the scenario.
  public var deadlineSeconds: Double?
  /// Whether the run passes when this cannot be observed.
  public var isOptional: Bool

  /// One rule over the history of a run.
  public init(id: String, title: String? = nil, rule: RuleDocument, deadlineSeconds: Double? = nil, isOptional: Bool = false) {
    self.id = id
    self.title = title ?? rule.sentence
    self.rule = rule
    self.deadlineSeconds = deadlineSeconds
    self.isOptional = isOptional
  }
}
