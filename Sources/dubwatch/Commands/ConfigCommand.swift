import ArgumentParser
import CommandText
import HarnessRun
import MonitorUI

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(of: "config")

  @Option(help: ArgumentHelp("A YAML file in place of the usual one.", valueName: "FILE"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  mutating func run() throws {
    let settings = try Settings.load(config, commands: Commands.all.map(\.name))
    try answer(try ConfigListing.text(settings))
  }
}
