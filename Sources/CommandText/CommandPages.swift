import ArgumentParser
import Manual
import WireFormats

/// What `help` prints.
package enum CommandPages {
  /// The help of a command with its page of the manual, a page, or, without words, the program's help with the list of pages.
  /// - Throws: a `Problem` where there is neither command nor page of these words.
  package static func text<Program: ParsableCommand>(_ words: [String], of program: Program.Type) throws(Problem) -> String {
    guard let first = words.first else {
      return program.helpMessage(for: program) + "\n\nPages of the manual, `dubwatch help PAGE`:\n\n\(ManualTopic.listing)"
    }
    guard let command = try command(words, of: program) else {
      guard let topic = ManualTopic.named(first), words.count == 1 else { throw unknown(first, of: program) }
      return ManualPage.plain(topic.page)
    }
    // Of a command of commands such as `env up` the page is that of the first.
    let page = (ManualTopic.of(command: first) ?? ManualTopic.named(first)).map { "\n\n" + ManualPage.plain($0.page) } ?? "\n"
    return program.helpMessage(for: command) + page
  }

  /// The command of these words; nil where the first word is none.
  private static func command(_ words: [String], of program: any ParsableCommand.Type) throws(Problem) -> (any ParsableCommand.Type)? {
    var command = program
    for (place, word) in words.enumerated() {
      let children = command.configuration.subcommands
      guard let next = children.first(where: { $0._commandName == word }) else {
        if place == 0 { return nil }
        let names = children.map { $0._commandName }
        let parent = words.prefix(place).joined(separator: " ")
        throw Problem(.unknownName, "\(parent) has no command '\(word)'\(NearestWord.hint(word, among: names))")
      }
      command = next
    }
    return command
  }

  private static func unknown(_ word: String, of program: any ParsableCommand.Type) -> Problem {
    let commands = program.configuration.subcommands.map { $0._commandName }
    let pages = ManualTopic.all.flatMap { [$0.name] + $0.words }
    return Problem(.unknownName, "there is no command and no page '\(word)'\(NearestWord.hint(word, among: commands + pages))")
  }
}
