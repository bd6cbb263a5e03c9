import ArgumentParser
import CommandText
import HarnessConfig
import HarnessRun

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(of: "check")

  @Argument(help: "A recording: a file, its name, latest or failed.", completion: .recordings)
  var recording: String

  @Option(help: ArgumentHelp("Judge by the expectations of a built-in scenario or a YAML file.", valueName: "NAME"))
  var scenario: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Change a limit of the contract or a number of a rule, such as cooldown_s=25; any number.", valueName: "NAME=NUMBER")
  )
  var set: [String] = []

  @Option(help: ArgumentHelp("Write the verdict as JUnit XML.", valueName: "FILE"))
  var junit: String?

  @Option(help: ArgumentHelp("Write verdict and evidence as JSON.", valueName: "FILE"))
  var json: String?

  mutating func run() throws {
    let path = try RecordingWords.path(of: recording)
    let played = try scenario.map { try ScenarioLoader.load($0) }
    let check = RecordingCheck(path, scenario: played, settings: set, reports: ReportFiles(junit: junit, json: json))
    let status = try check.run()
    try ExitCode.end(status)
  }
}
