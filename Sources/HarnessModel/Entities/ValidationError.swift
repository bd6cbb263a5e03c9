/// A value that the data model does not allow, in one sentence.
public struct ValidationError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  /// The field.
  public let field: String
  /// What is wrong and what would be right.
  public let message: String

  /// A value the data model does not allow.
  public init(field: String, message: String) {
    self.field = field
    self.message = message
  }

  /// The text shown to people.
  public var description: String { "\(field): \(message)" }
}
