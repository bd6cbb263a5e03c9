import ArgumentParser
import WireFormats

/// The words of a command line, made into a command.
package enum CommandLineWords {
  /// The command of a program that the words mean.
  /// - Throws: a `Problem` with what is wrong with them; what the parser throws for help, the version and completions.
  package static func parse<Program: ParsableCommand>(
    _ words: [String], as program: Program.Type, environment: [String: String]
  ) throws -> any ParsableCommand {
    let words = try SecretWords.resolved(words, environment: environment)
    do {
      return try program.parseAsRoot(words)
    } catch {
      guard program.exitCode(for: error) != .success, let tree = CommandTree(of: program) else { throw error }
      let bound = CommandLineMistake.bindingNegativeValues(words, in: tree)
      if bound != words { return try parse(bound, as: program, environment: environment) }
      // Words that are none come before values that are wrong.
      if let mistake = CommandLineMistake.sentence(words, in: tree) { throw Problem(.usage, mistake) }
      throw Problem(.usage, sentence(program.message(for: error)))
    }
  }

  /// A message of the parser or of a validation as one sentence that goes on after `dubwatch: `.
  package static func sentence(_ message: String) -> String {
    var text = message.split(separator: "\n", omittingEmptySubsequences: true).first.map(String.init) ?? message
    if text.hasSuffix("."), !text.hasSuffix("..") { text.removeLast() }
    // A name such as TERM stays as it is.
    guard let first = text.first, first.isUppercase, text.dropFirst().first?.isUppercase == false else { return text }
    return first.lowercased() + text.dropFirst()
  }
}
