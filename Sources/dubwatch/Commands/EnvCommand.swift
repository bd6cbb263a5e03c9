import ArgumentParser
import CommandText

struct EnvCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "env", subcommands: [EnvUp.self, EnvStatus.self, EnvDown.self])
}
