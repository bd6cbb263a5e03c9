import ArgumentParser
import CommandText
import HarnessRun
import MonitorUI
import WireFormats

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Prints the settings in force, and where each comes from.",
    discussion: CommandExamples.after(
      """
      Settings are those of --config FILE, else of $XDG_CONFIG_HOME/dubwatch/config.yaml (~/.config/dubwatch/config.yaml), else built in; \
      what a command line says goes before all of them.
      """, of: "config"))

  @Option(help: ArgumentHelp("A YAML file in place of the usual one.", valueName: "FILE"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  mutating func run() throws {
    let settings = try Settings.load(config, commands: Commands.all.map(\.name))
    guard StandardOutput.write(try ConfigListing.text(settings)) else { throw ExitCode(ExitStatus.no) }
  }
}
