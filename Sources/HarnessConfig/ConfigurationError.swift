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
      return escapeUntrusted([place, field, message].filter { !$0.isEmpty }.joined(separator: ": "))
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
