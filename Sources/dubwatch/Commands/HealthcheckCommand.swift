import ArgumentParser
import CommandText
import Events
import HarnessCore
import HarnessRun
import WireFormats

struct HealthcheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "healthcheck", abstract: "Asks a URL once: exit 0 when the answer is good, 1 when not.",
    discussion: CommandExamples.after(
      "For images that have no shell. A status of 200 to 299 is good where the body has no status, or one of the usual good words (ok, healthy, up, …).",
      of: "healthcheck"))

  @Argument(help: ArgumentHelp("What to ask.", valueName: "URL"))
  var url: String

  @Option(help: "Seconds that the answer may take, 0.05 to 60.")
  var timeout: Double = 3

  mutating func validate() throws {
    guard (0.05...60).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.05 to 60.") }
  }

  mutating func run() async throws {
    let target = try TargetURL(url)
    let outcome = await withFetcher { await HealthCheck.ask(target, timeout: timeout, fetcher: $0) }
    switch outcome {
    case .healthy(let status, let word, _):
      // What is written here stands in the engine's record of health checks.
      StandardOutput.write("\(target): \(status)\(word.map { " \(escapeUntrusted($0))" } ?? "")\n")
    case .unhealthy(let status, let excerpt): throw Problem(.negative, "\(target): status \(status) \(excerpt.prefix(200))")
    case .unclear(let status, _, _):
      throw Problem(.negative, "\(target): status \(status), and not known to be good: \(outcome.doubt ?? "")")
    case .unreachable(let reason), .unasked(let reason): throw Problem(.negative, "\(target): \(reason)")
    }
  }
}
