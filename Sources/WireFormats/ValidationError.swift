/// A value that the data model does not allow, in one sentence.
package struct ValidationError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  /// The field.
  package let field: String
  /// What is wrong and what would be right.
  package let message: String

  /// A value the data model does not allow.
  package init(field: String, message: String) {
    self.field = field
    self.message = message
  }

  /// The text shown to people.
  package var description: String { "\(field): \(message)" }
}
