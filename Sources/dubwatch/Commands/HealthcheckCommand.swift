import ArgumentParser
import CommandText
import HarnessRun

struct HealthcheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "healthcheck")

  @Argument(help: ArgumentHelp("What to ask.", valueName: "URL"))
  var url: String

  @Option(help: "Seconds that the answer may take, 0.05 to 60.")
  var timeout: Double = 3

  mutating func validate() throws {
    guard (0.05...60).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.05 to 60.") }
  }

  mutating func run() async throws {
    StandardOutput.write(try await Healthcheck.ask(url, timeout: timeout))
  }
}
