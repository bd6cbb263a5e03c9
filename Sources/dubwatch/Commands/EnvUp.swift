import ArgumentParser
import CommandText
import HarnessCore
import HarnessRun
import MonitorUI

struct EnvUp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "env up")

  @OptionGroup var options: ComposeOptions

  @Option(help: ArgumentHelp("A YAML file whose `services` say who plays which part.", valueName: "FILE"))
  var config: String?

  @Option(help: "When a start that failed is left as it is: never, on-failure or always.")
  var keep: KeepPolicy = .never

  mutating func run() async throws {
    let plan = options.plan(try Settings.load(config, commands: Commands.all.map(\.name)).file, keep: keep)
    let up = try await ComposeStart.run(plan)
    if let running = up.running {
      try answer(running.text)
      return
    }
    if let signal = up.signal { throw ExitCode(signal) }
    throw up.problem
  }
}
