import WireFormats

/// Conditions on labels as PromQL has them within braces: `job="media-service", region=~"eu-.*"`.
package struct LabelMatchers: Hashable, Sendable {
  /// How a value is compared.
  package enum Comparison: String, Sendable, CaseIterable {
    case equal = "="
    case differs = "!="
    case matches = "=~"
    case matchesNot = "!~"
  }

  /// One condition.
  package struct Matcher: Hashable, Sendable {
    /// The label.
    package var label: String
    /// How its value is compared.
    package var comparison: Comparison
    /// With what.
    package var value: String
  }

  /// All of them have to hold.
  package private(set) var all: [Matcher] = []

  /// No condition.
  package init() {}

  /// Reads what a user wrote, with or without braces.
  /// - Throws: what is wrong with it, and how it is written.
  package init(parsing text: String) throws(Problem) {
    var rest = Substring(text).trimmed
    if rest.first == "{", rest.last == "}" { rest = rest.dropFirst().dropLast().trimmed }
    while !rest.isEmpty {
      let label = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      rest = rest.dropFirst(label.count).trimmed
      // The longer ones first: `=~` begins as `=` does.
      let comparison = [Comparison.matches, .matchesNot, .differs, .equal].first { rest.hasPrefix($0.rawValue) }
      guard !label.isEmpty, label.first?.isNumber == false, let comparison else { throw Self.wrong(text) }
      rest = rest.dropFirst(comparison.rawValue.count).trimmed
      all.append(Matcher(label: String(label), comparison: comparison, value: try Self.quoted(&rest, of: text)))
      rest = rest.trimmed
      guard !rest.isEmpty else { return }
      guard rest.first == "," else { throw Self.wrong(text) }
      rest = rest.dropFirst().trimmed
    }
  }

  /// The same with a condition more.
  package func adding(_ label: String, _ value: String, _ comparison: Comparison = .equal) -> LabelMatchers {
    var more = self
    more.all.append(Matcher(label: label, comparison: comparison, value: value))
    return more
  }

  /// What stands after a metric's name: `{job="a"}`; nothing without conditions.
  package var text: String {
    all.isEmpty ? "" : "{" + all.map { "\($0.label)\($0.comparison.rawValue)\(Self.literal($0.value))" }.joined(separator: ",") + "}"
  }

  /// A text as PromQL writes it.
  static func literal(_ value: String) -> String {
    var literal = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": literal += "\\\\"
      case "\"": literal += "\\\""
      case "\n": literal += "\\n"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }

  /// A text in which no letter means anything to RE2.
  package static func escapedPattern(_ text: String) -> String {
    var pattern = ""
    for character in text {
      if "\\.+*?()|[]{}^$".contains(character) { pattern.append("\\") }
      pattern.append(character)
    }
    return pattern
  }

  private static func quoted(_ rest: inout Substring, of text: String) throws(Problem) -> String {
    guard let quote = rest.first, quote == "\"" || quote == "'" else { throw wrong(text) }
    rest = rest.dropFirst()
    var value = ""
    while let character = rest.popFirst() {
      if character == quote { return value }
      guard character == "\\" else {
        value.append(character)
        continue
      }
      guard let escaped = rest.popFirst() else { break }
      switch escaped {
      case "n": value.append("\n")
      case "\\", "\"", "'": value.append(escaped)
      // Of a pattern: `\.` and its like stay what they are.
      default: value += "\\\(escaped)"
      }
    }
    throw wrong(text)
  }

  private static func wrong(_ text: String) -> Problem {
    Problem(
      .usage, "--match cannot be read: \(escapeUntrusted(String(text.prefix(80))))",
      hint: "conditions on labels are written as in PromQL, 'job=\"media-service\",region=~\"eu-.*\"'")
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }
}
