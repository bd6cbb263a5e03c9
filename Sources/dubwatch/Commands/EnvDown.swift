import ArgumentParser
import CommandText
import HarnessRun

struct EnvDown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "env down")

  @Option(help: ArgumentHelp("Which project; not needed where there is only one.", valueName: "NAME"))
  var project: String?

  @Flag(help: "All projects that dubwatch brought up.")
  var all = false

  mutating func validate() throws {
    if all, project != nil { throw ValidationError("Give either --project NAME or --all.") }
  }

  mutating func run() async throws {
    let status = try await ComposeRemoval.run(project: project, all: all) { StandardOutput.write($0) }
    if let status { throw ExitCode(status) }
  }
}
