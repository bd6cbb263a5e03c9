/// What kind of problem it is: what programs decide by, where people read the sentence.
package struct ProblemCode: Hashable, Sendable, CustomStringConvertible {
  /// A word for logs and reports, `tool-missing`.
  package let name: String
  /// The exit status of a program that ends by it.
  package let status: Int32
  /// What it means, as one clause.
  package let meaning: String

  /// The name.
  package var description: String { name }

  private init(_ name: String, _ status: Int32, _ meaning: String) {
    self.name = name
    self.status = status
    self.meaning = meaning
  }
}

extension ProblemCode {
  /// The answer of a check is no.
  package static let negative = ProblemCode("negative", ExitStatus.no, "the answer is no")
  /// What was read is not what it should be.
  package static let badInput = ProblemCode("bad-input", ExitStatus.no, "what was read is not what it should be")
  /// A promised output cannot be written.
  package static let output = ProblemCode("output", ExitStatus.no, "an output cannot be written")

  /// The command line, or an address in it, cannot be understood.
  package static let usage = ProblemCode("usage", ExitStatus.usage, "what was asked for cannot be understood")
  /// There is nothing of that name: no scenario, contract, command.
  package static let unknownName = ProblemCode("unknown-name", ExitStatus.usage, "there is nothing of that name")
  /// A scenario, contract or configuration cannot be understood.
  package static let document = ProblemCode("document", ExitStatus.usage, "a scenario, contract or configuration cannot be understood")
  /// The things asked for do not go together.
  package static let conflict = ProblemCode("conflict", ExitStatus.usage, "what was asked for does not go together")

  /// A file is not there or cannot be read.
  package static let file = ProblemCode("file", ExitStatus.unavailable, "a file is not there or cannot be read")
  /// A program is not installed.
  package static let toolMissing = ProblemCode("tool-missing", ExitStatus.unavailable, "a program is not installed")
  /// A program that is needed could not be started, did not answer, or failed.
  package static let tool = ProblemCode("tool", ExitStatus.unavailable, "a program does not do its work")
  /// An endpoint does not answer, or a port cannot be had.
  package static let endpoint = ProblemCode("endpoint", ExitStatus.unavailable, "an endpoint does not answer or a port cannot be had")
  /// A stream is not there, or ended before anything came.
  package static let stream = ProblemCode("stream", ExitStatus.unavailable, "a stream cannot be had")
  /// An environment does not come up, or cannot do what is asked of it.
  package static let environment = ProblemCode("environment", ExitStatus.unavailable, "an environment cannot be had")
  /// There is no terminal that can be drawn on.
  package static let terminal = ProblemCode("terminal", ExitStatus.unavailable, "there is no usable terminal")
  /// The program is ending already.
  package static let ending = ProblemCode("ending", ExitStatus.unavailable, "it was ended meanwhile")

  /// The catalogue.
  package static let all: [ProblemCode] = [
    negative, badInput, output, usage, unknownName, document, conflict, file, toolMissing, tool, endpoint, stream, environment, terminal,
    ending,
  ]
}
