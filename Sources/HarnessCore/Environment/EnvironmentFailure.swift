import WireFormats

/// Why an environment could not be had.
package struct EnvironmentFailure: ProblemCarrier, Sendable, Hashable, CustomStringConvertible {
  /// What, where, what to do.
  package let problem: Problem
  /// Lines that show more, such as the last ones of a failing service's log; not escaped yet.
  package let details: [String]

  /// The problem in words.
  package var description: String { problem.description }

  /// A sentence: what, where, what to do; and lines that show more.
  package init(_ sentence: String, details: [String] = []) { self.init(Problem(.environment, sentence), details: details) }

  /// A problem that keeps an environment from being had, and lines that show more.
  package init(_ problem: Problem, details: [String] = []) {
    self.problem = problem
    self.details = details
  }
}
