/// Why a text is not JSON, or not the JSON that is asked for: where, and what is wrong there.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What can be wrong.
  package enum Kind: Hashable, Sendable {
    case noObject, noValue, misspelt, noName, noColon, noComma(inList: Bool), unclosed, unclosedString, controlCharacter, unknownEscape
    case badUnicodeEscape, noDigit, leadingZero, outOfRange, tooDeep(limit: Int), notUTF8, trailing(afterObject: Bool)
  }

  /// Offset of the offending byte, from 0.
  package let offset: Int
  /// What is wrong there.
  package let kind: Kind

  /// What is wrong there, as one clause.
  package var reason: String { reason(in: "text") }

  /// The same with a word for what was read, such as "line".
  package func reason(in whole: String) -> String {
    switch kind {
    case .noObject: "it does not begin with {"
    case .noValue: "a value is missing"
    case .misspelt: "a value is misspelt"
    case .noName: "a name in quotes is missing"
    case .noColon: "a colon is missing after a name"
    case .noComma(let inList): "a comma or the end of the \(inList ? "list" : "object") is missing"
    case .unclosed: "the \(whole) ends inside an object or a list"
    case .unclosedString: "the \(whole) ends inside a string"
    case .controlCharacter: "a control character stands in a string"
    case .unknownEscape: "an unknown escape stands in a string"
    case .badUnicodeEscape: "\\u needs four hexadecimal digits"
    case .noDigit: "a digit is missing in a number"
    case .leadingZero: "a number begins with a zero too many"
    case .outOfRange: "a number is out of range"
    case .tooDeep(let limit): "it is nested deeper than \(limit)"
    case .notUTF8: "a string is not valid UTF-8"
    case .trailing(let afterObject): "something follows the \(afterObject ? "object" : "document")"
    }
  }

  /// One sentence.
  package var description: String { "invalid JSON at byte \(offset): \(reason)" }
}
