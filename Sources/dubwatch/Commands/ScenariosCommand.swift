import ArgumentParser
import CommandText
import Events
import HarnessConfig
import HarnessRun
import Judging
import WireFormats

struct ScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios", abstract: "Lists the built-in scenarios, one sentence each.",
    discussion: CommandExamples.after(
      "--show prints one as the YAML file that it is: a start for one of your own. --rules prints what it may expect.", of: "scenarios"))

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
    if faults { StandardOutput.write(FaultKind.manual) }
    if rules { StandardOutput.write(Rules.manual) }
    if faults || rules {
      return
    }
    if let show {
      guard let file = BuiltInScenarios.files.first(where: { $0.name == show }) else {
        let names = BuiltInScenarios.files.map(\.name)
        throw Problem(.unknownName, "there is no scenario '\(show)'\(NearestWord.hint(show, among: names))")
      }
      StandardOutput.write(file.yaml)
      return
    }
    let width = BuiltInScenarios.all.map(\.name.utf8.count).max() ?? 0
    for scenario in BuiltInScenarios.all {
      StandardOutput.write(pad(scenario.name, width: width) + "  " + escapeUntrusted(scenario.sentence) + "\n")
    }
  }
}
