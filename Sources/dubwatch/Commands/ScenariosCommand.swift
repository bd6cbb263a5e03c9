import ArgumentParser
import CommandText
import Events
import HarnessRun
import Judging

struct ScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(of: "scenarios")

  @Option(help: ArgumentHelp("Print the file of a scenario.", valueName: "NAME"))
  var show: String?

  @Flag(help: "Print the faults that a step can inject, with what they take.")
  var faults = false

  @Flag(help: "Print the rules that expectations are made of, with their fields, the sources that show them and the least evidence.")
  var rules = false

  mutating func validate() throws {
    if [rules, faults, show != nil].count(where: { $0 }) > 1 {
      throw ValidationError("--rules, --faults and --show are different questions: ask one of them.")
    }
  }

  mutating func run() throws {
    if faults { return try answer(FaultKind.manual) }
    if rules { return try answer(Rules.manual) }
    try answer(try show.map { try ScenarioListing.file(of: $0) } ?? ScenarioListing.text)
  }
}
