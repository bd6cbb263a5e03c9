import ArgumentParser
import CommandText
import HarnessRun
import Manual
import WireFormats

struct HelpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Prints the help of a command with its page of the manual, or a page.",
    discussion: CommandExamples.after(
      "Pages:\n" + ManualTopic.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"), of: "help"))

  @Argument(help: ArgumentHelp("A command, such as run or env up, or a page of the manual.", valueName: "WORD"))
  var words: [String] = []

  @Flag(help: .hidden)
  var man = false

  mutating func run() throws {
    if man {
      guard let program = CommandTree(of: Dubwatch.self) else { throw Problem(.tool, "the program cannot describe itself") }
      StandardOutput.write(ManPage.text(program))
      return
    }
    guard let first = words.first else {
      let pages = "\n\nPages of the manual, `dubwatch help PAGE`:\n\n\(ManualTopic.listing)"
      StandardOutput.write(Dubwatch.helpMessage(for: Dubwatch.self) + pages)
      return
    }
    guard let command = try Self.command(words) else {
      guard let topic = ManualTopic.named(first), words.count == 1 else { throw Self.unknown(first) }
      StandardOutput.write(ManualPage.plain(topic.page))
      return
    }
    // Of a command of commands such as `env up` the page is that of the first.
    let page = (ManualTopic.of(command: first) ?? ManualTopic.named(first)).map { "\n\n" + ManualPage.plain($0.page) } ?? "\n"
    StandardOutput.write(Dubwatch.helpMessage(for: command) + page)
  }

  /// The command of these words; nil where the first word is none.
  private static func command(_ words: [String]) throws(Problem) -> (any ParsableCommand.Type)? {
    var command: any ParsableCommand.Type = Dubwatch.self
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

  private static func unknown(_ word: String) -> Problem {
    let commands = Dubwatch.configuration.subcommands.map { $0._commandName }
    let pages = ManualTopic.all.flatMap { [$0.name] + $0.words }
    return Problem(.unknownName, "there is no command and no page '\(word)'\(NearestWord.hint(word, among: commands + pages))")
  }
}
