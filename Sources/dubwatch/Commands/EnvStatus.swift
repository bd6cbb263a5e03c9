import ArgumentParser
import CommandText
import HarnessRun

struct EnvStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "env status")

  @Option(help: ArgumentHelp("Only this project.", valueName: "NAME"))
  var project: String?

  mutating func run() async throws {
    let (text, isWell) = try await ComposeListing.text(project)
    try answer(text, isGood: isWell)
  }
}
