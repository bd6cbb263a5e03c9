import RunModel

extension Expectation {
  /// One rule over the history of a run, with its own sentence as its title.
  package init(
    id: String, title: String? = nil, rule: RuleDocument, deadlineSeconds: Double? = nil, isOptional: Bool = false, isImplied: Bool = false
  ) {
    self.init(
      id: id, title: title ?? rule.sentence, rule: rule, deadlineSeconds: deadlineSeconds, isOptional: isOptional,
      isImplied: isImplied)
  }
}
