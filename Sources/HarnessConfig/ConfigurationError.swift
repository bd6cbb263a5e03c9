import WireFormats

/// What is wrong with a configuration file, one sentence for each mistake.
package struct ConfigurationError: ProblemCarrier, Hashable, Sendable, CustomStringConvertible {
  /// One mistake.
  package struct Mistake: Hashable, Sendable, CustomStringConvertible {
    /// The file, as the user named it.
    package let file: String
    /// The line, from 1; nil for the file as a whole.
    package let line: Int?
    /// The field, `signals[3].kind`; empty where there is none.
    package let field: String
    /// What is wrong and what would be right.
    package let message: String

    /// `my.yaml:12: signals[3].knd: unknown field "knd"; did you mean "kind"?`, safe to print.
    package var description: String {
      let place = file + (line.map { ":\($0)" } ?? "")
      return Self.printable([place, field, message].filter { !$0.isEmpty }.joined(separator: ": "))
    }

    /// Control characters of the file must not reach a terminal.
    private static func printable(_ text: String) -> String {
      var result = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        let value = scalar.value
        let isHarmless =
          value >= 0x20 && !(0x7f...0x9f).contains(value) && !(0x200b...0x200f).contains(value)
          && !(0x2028...0x202e).contains(value) && !(0x2066...0x2069).contains(value) && value != 0xfeff
        if isHarmless {
          result.append(scalar)
        } else {
          result.append(contentsOf: "\\u{\(String(value, radix: 16))}".unicodeScalars)
        }
      }
      return String(result)
    }
  }

  /// What kind of problem it is: `document`, or `file` and `unknownName` where there is none.
  package let code: ProblemCode
  /// The mistakes, in the order of their lines.
  package let problems: [Mistake]

  /// One line for each mistake.
  package var description: String { problems.map(\.description).joined(separator: "\n") }

  /// All of it as one problem, a line for each mistake.
  package var problem: Problem { Problem(code, description) }

  init(_ problems: [Mistake]) {
    code = .document
    self.problems = problems
  }

  init(_ code: ProblemCode = .document, file: String, line: Int? = nil, field: String = "", _ message: String) {
    self.code = code
    problems = [Mistake(file: file, line: line, field: field, message: message)]
  }
}
