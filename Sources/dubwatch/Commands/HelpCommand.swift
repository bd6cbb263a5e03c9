import ArgumentParser
import CommandText
import HarnessRun
import WireFormats

struct HelpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(of: "help")

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
    StandardOutput.write(try CommandPages.text(words, of: Dubwatch.self))
  }
}
