/// Something that went wrong: a code for programs, a sentence for people.
///
/// Nothing may depend on the text of the sentence; what has to be told apart has a code.
package struct Problem: Error, Sendable, CustomStringConvertible {
  /// What kind it is.
  package let code: ProblemCode
  /// What, where; without a full stop. Several mistakes of one file have a line each.
  package let sentence: String
  /// What to do about it.
  package let hint: String?
  /// What it came from.
  package let cause: (any Error)?

  /// A problem.
  package init(_ code: ProblemCode, _ sentence: String, hint: String? = nil, cause: (any Error)? = nil) {
    self.code = code
    self.sentence = sentence
    self.hint = hint
    self.cause = cause
  }

  /// The exit status of a program that ends by it.
  package var status: Int32 { code.status }

  /// The sentence, and what to do.
  package var description: String { hint.map { "\(sentence): \($0)" } ?? sentence }

  /// The same problem with words before its sentence that say where it was met, `--fixture`.
  package func at(_ place: String) -> Problem { Problem(code, "\(place): \(sentence)", hint: hint, cause: cause) }

  /// The same problem with something to do about it.
  package func hinting(_ hint: String) -> Problem { Problem(code, sentence, hint: hint, cause: cause) }
}

extension Problem: Hashable {
  /// Equal when code, sentence and hint are; a cause has no equality.
  package static func == (left: Problem, right: Problem) -> Bool {
    left.code == right.code && left.sentence == right.sentence && left.hint == right.hint
  }

  /// Goes with `==`.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(sentence)
    hasher.combine(hint)
  }
}

/// An error that carries a problem and something more.
package protocol ProblemCarrier: Error {
  /// What went wrong.
  var problem: Problem { get }
}

extension Problem: ProblemCarrier {
  /// Itself.
  package var problem: Problem { self }
}

extension Problem {
  /// The problem that an error is or carries; one with the given code and the error's own words for any other.
  package init(_ error: any Error, otherwise code: ProblemCode) {
    self = (error as? any ProblemCarrier)?.problem ?? Problem(code, "\(error)", cause: error)
  }
}
