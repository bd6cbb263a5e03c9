/// The members of one JSON object in a log line, read without building a tree.
///
/// A strict reader (RFC 8259) for one object that is the whole line. Members of nested objects are there under their dotted path,
/// `error.code`; the contents of arrays are checked and left out. Strings may hold bytes that are no UTF-8.
package struct JSONLine: Sendable {
  /// A member: where its name and its value stand.
  package struct Member: Sendable {
    /// What its value is.
    package enum Kind: Sendable { case string, number, yes, no, null }
    /// The path of the object it is in with a dot at its end; empty for the line's own object.
    package let parent: [UInt8]
    /// Its name, between the quotes.
    package let name: Range<Int>
    /// What its value is.
    package let kind: Kind
    /// Its value; of a string, what is between the quotes.
    package let range: Range<Int>
    /// Whether it is a string with escapes.
    let hasEscapes: Bool

    /// Whether it has this dotted path; a name with escapes is nobody's field.
    func has(_ path: String, in line: UnsafeBufferPointer<UInt8>) -> Bool {
      let bytes = path.utf8
      // Lengths differ far more often than letters: a look at them is what most members cost.
      guard bytes.count == parent.count + name.count else { return false }
      return bytes.starts(with: parent) && bytes.dropFirst(parent.count).elementsEqual(line[name])
    }

    /// The text of a string, the letters of anything else. Bytes that are no UTF-8 and lone surrogates become U+FFFD.
    package func text(in line: UnsafeBufferPointer<UInt8>) -> String {
      let inside = UnsafeBufferPointer(rebasing: line[range])
      return hasEscapes
        ? String(decoding: JSONScanner.unescape(UnsafeRawBufferPointer(inside)), as: UTF8.self) : String(decoding: inside, as: UTF8.self)
    }
  }

  /// How deep objects and arrays may lie in each other.
  package static let maximumDepth = 64
  /// How many members are kept; more are checked and left out.
  package static let maximumMembers = 256

  /// The members, in the order of the line; of a name that stands there twice, both.
  package private(set) var members: [Member] = []

  /// Reads a line.
  package init(_ line: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var reader = Reader(line)
    try reader.readDocument()
    members = reader.members
  }

  /// The last member with a dotted path; nil where there is none.
  package func member(_ path: String, in line: UnsafeBufferPointer<UInt8>) -> Member? {
    members.last { $0.has(path, in: line) }
  }
}
