/// A compiled pattern of a log template: literal text and typed fields.
///
/// Matching is linear in the line: there are no alternatives and no repetitions, a field reaches as far as its type
/// allows or to the first place where the literal text after it stands, and nothing is tried twice there.
package struct TemplatePattern: Sendable {
  /// What a field takes.
  package enum FieldType: String, Sendable, CaseIterable {
    /// A whole number.
    case int
    /// A decimal number.
    case number
    /// A number of seconds, not negative.
    case seconds
    /// A number of milliseconds, not negative.
    case milliseconds
    /// Anything without spaces, up to the literal text that follows.
    case word
    /// Anything, up to the literal text that follows or the end of the line.
    case text
    /// An identifier of the form 8-4-4-4-12 hexadecimal digits.
    case uuid
    /// true, false, yes, no, 1 or 0, in any case.
    case bool

    /// What it takes, as the manual says it.
    package var meaning: String {
      switch self {
      case .int: "a whole number"
      case .number: "a decimal number"
      case .seconds: "a number of seconds, not negative"
      case .milliseconds: "a number of milliseconds, not negative"
      case .word: "anything without spaces, up to the literal text that follows"
      case .text: "anything, up to the literal text that follows or the end of the line"
      case .uuid: "an identifier of the form 8-4-4-4-12 hexadecimal digits"
      case .bool: "true, false, yes, no, 1 or 0, in any case"
      }
    }
  }

  /// What is wrong with a pattern, and where.
  package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// The character it is about, from 1.
    package let position: Int
    /// What is wrong and what would be right.
    package let message: String
    /// The word that is not known, where a word is the trouble; the nearest valid one is looked for among `validWords`.
    package let unknownWord: String?
    /// What would be valid instead.
    package let validWords: [String]

    init(position: Int, message: String, unknownWord: String? = nil, validWords: [String] = []) {
      self.position = position
      self.message = message
      self.unknownWord = unknownWord
      self.validWords = validWords
    }

    /// Position and message.
    package var description: String { "character \(position): \(message)" }
  }

  enum Piece: Hashable, Sendable {
    case literal([UInt8])
    case field(name: String, type: FieldType)
  }

  /// The longest pattern, in bytes.
  package static let maximumLength = 1024

  let pieces: [Piece]
  let ignoresCase: Bool

  /// The names of its fields, in order.
  package var fieldNames: [String] {
    pieces.compactMap { if case .field(let name, _) = $0 { name } else { nil } }
  }

  /// Compiles a pattern.
  /// - Parameters:
  ///   - text: literal text and fields `{name:type}`; `{{` and `}}` stand for braces.
  ///   - ignoresCase: whether ASCII letters of the literal text match in either case.
  package init(_ text: String, ignoresCase: Bool = false) throws(Mistake) {
    self.ignoresCase = ignoresCase
    pieces = try Self.compile(Array(text.unicodeScalars), ignoresCase: ignoresCase)
    if text.utf8.count > Self.maximumLength {
      throw Mistake(position: Self.maximumLength, message: "the pattern is longer than \(Self.maximumLength) bytes")
    }
    if needle(asciiOnly: false).count < 3 {
      throw Mistake(position: 1, message: "the pattern needs at least 3 characters of literal text in a row to look for")
    }
  }

  /// The literal text to look for first: the longest run, cut to a length that keeps the scanner small.
  /// - Parameter asciiOnly: leave out what a JSON string may write in another way (escapes).
  func needle(asciiOnly: Bool) -> [UInt8] {
    var best: ArraySlice<UInt8> = []
    for case .literal(let bytes) in pieces {
      let runs =
        asciiOnly ? bytes.split(whereSeparator: { !(0x20..<0x7f).contains($0) || $0 == 0x22 || $0 == 0x5c || $0 == 0x2f }) : [bytes[...]]
      for run in runs where run.count > best.count { best = run }
    }
    return Array(best.prefix(24))
  }

  private static func compile(_ text: [Unicode.Scalar], ignoresCase: Bool) throws(Mistake) -> [Piece] {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var names: Set<String> = []
    var index = 0
    func flush() {
      if !literal.isEmpty { pieces.append(.literal(ignoresCase ? literal.map(asciiLowercase) : literal)) }
      literal = []
    }
    while index < text.count {
      let scalar = text[index]
      if scalar == "{" || scalar == "}", index + 1 < text.count, text[index + 1] == scalar {
        literal.append(UInt8(ascii: scalar == "{" ? "{" : "}"))
        index += 2
        continue
      }
      if scalar == "}" {
        throw Mistake(position: index + 1, message: "a \"}\" without its \"{\"; write }} for the character itself")
      }
      guard scalar == "{" else {
        literal.append(contentsOf: Array(String(Character(scalar)).utf8))
        index += 1
        continue
      }
      guard let end = text[index...].firstIndex(of: "}") else {
        throw Mistake(position: index + 1, message: "this \"{\" is never closed; write {{ for the character itself")
      }
      flush()
      if case .field? = pieces.last {
        throw Mistake(position: index + 1, message: "two fields stand next to each other; put literal text between them")
      }
      let (name, type) = try field(text[(index + 1)..<end], position: index + 2)
      guard names.insert(name).inserted else {
        throw Mistake(position: index + 2, message: "the field name \"\(name)\" is used twice")
      }
      pieces.append(.field(name: name, type: type))
      index = end + 1
    }
    flush()
    return pieces
  }

  private static func field(_ text: ArraySlice<Unicode.Scalar>, position: Int) throws(Mistake) -> (String, FieldType) {
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    let name = String(String.UnicodeScalarView(text[..<colon]))
    guard colon < text.endIndex else {
      throw Mistake(position: position, message: "the field \"\(name)\" has no type; write {\(name):word} or another type")
    }
    let isName = !name.isEmpty && name.utf8.allSatisfy { byte in isWordByte(byte) } && !(name.utf8.first.map(isDigit) ?? true)
    guard isName else {
      throw Mistake(position: position, message: "\"\(name)\" is no field name; use letters, digits and underscores")
    }
    let word = String(String.UnicodeScalarView(text[(colon + 1)...]))
    guard let type = FieldType(rawValue: word) else {
      throw Mistake(
        position: position + (colon - text.startIndex) + 1, message: "unknown field type \"\(word)\"", unknownWord: word,
        validWords: FieldType.allCases.map(\.rawValue))
    }
    return (name, type)
  }
}

func asciiLowercase(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
func isWordByte(_ byte: UInt8) -> Bool { isDigit(byte) || asciiLowercase(byte) &- 0x61 < 26 || byte == 0x5f }
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
