/// Why a file of this format cannot be read or written: what, and where in the file.
package struct MCAPError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of trouble it is.
  package enum Kind: String, Hashable, Sendable {
    /// The bytes are no MCAP.
    case foreign
    /// The file ends inside something.
    case truncated
    /// Something contradicts itself or its checksum.
    case damaged
    /// A declared length is above what is taken into memory.
    case tooLarge
    /// Another compression, or another version of the format.
    case unsupported
    /// The system says no.
    case system
  }

  /// What kind of trouble it is.
  package let kind: Kind
  /// What is the matter, as a clause without a full stop.
  package let sentence: String
  /// Where in the file, in bytes from its beginning; nil where that says nothing.
  package let offset: UInt64?

  /// A trouble.
  package init(_ kind: Kind, _ sentence: String, at offset: UInt64? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.offset = offset
  }

  /// The sentence, and where.
  package var description: String { offset.map { "\(sentence), at byte \($0)" } ?? sentence }

  /// The same trouble at a place, where it does not know its own.
  func at(_ offset: UInt64) -> MCAPError { self.offset == nil ? MCAPError(kind, sentence, at: offset) : self }
}
