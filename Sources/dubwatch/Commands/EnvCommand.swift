import ArgumentParser

struct EnvCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "env", abstract: "Brings a compose environment up, shows how it stands, takes it down.",
    discussion: "A project is known by labels: what dubwatch did not make it never takes down.",
    subcommands: [EnvUp.self, EnvStatus.self, EnvDown.self])
}
