/// A rule as it was written: its name and its parameters. This is what a run's description carries and what recordings keep, so that a
/// recording can be read by a version that does not know the rule.
package struct RuleDocument: Codable, Hashable, Sendable {
  /// The rule's name.
  package var name: String
  /// The parameters that were given.
  package var values: RuleValues

  /// A rule as it was written; nothing is checked yet.
  package init(_ name: String, _ values: RuleValues = [:]) {
    self.name = name
    self.values = values
  }
}
