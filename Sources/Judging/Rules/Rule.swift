import RunModel

/// What an expectation demands of a run: one kind of demand, with its parameters. One file a rule, one row of ``Rules/all``.
package protocol Rule: Sendable {
  /// Its word in a scenario's file: `breaker-opens`.
  static var name: String { get }
  /// What it demands, in one sentence, for the manual and for `scenarios --rules`.
  static var summary: String { get }
  /// The parameters it may be given.
  static var fields: [RuleField] { get }
  /// The sources that can show it.
  static var witnesses: [Witness] { get }
  /// The least evidence below which it is left unobservable.
  static var floor: String { get }

  /// Reads the parameters, each of them checked against ``fields`` before.
  /// - Throws: what is wrong with them together.
  init(_ values: RuleValues) throws(RuleMistake)

  /// The rule as a sentence, for an expectation that has no title of its own.
  var sentence: String { get }

  /// A judge of it that has seen nothing.
  func judge() -> any RuleJudge
}

/// Why parameters are none of a rule's.
package struct RuleMistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// The parameter, with the place in it: `failures`, `allow[1]`; nil for the rule as a whole.
  package var field: String?
  /// What is wrong and what would be right: "is 0, but must be 1 to 1000".
  package var message: String

  /// A mistake in a parameter, or in all of them together.
  package init(_ message: String, in field: String? = nil) {
    self.field = field
    self.message = message
  }

  /// "failures is 0, but must be 1 to 1000".
  package var description: String { (field.map { $0 + " " } ?? "") + message }
}
