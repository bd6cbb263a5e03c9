import ArgumentParser
import CommandText
import HarnessCore
import HarnessRun
import PrometheusText
import WireFormats

struct MetricsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "metrics")

  @Argument(help: ArgumentHelp("Where to read: http(s)://…, a file, or - for standard input.", valueName: "URL|FILE|-"))
  var source: String

  @OptionGroup var endpoint: EndpointOptions

  @Flag(help: "Print JSON as prom2json writes it.")
  var json = false

  @Flag(help: "Print what deviates from the format, a line each, instead of the metrics.")
  var lint = false

  @Flag(help: "Refuse the whole text at the first deviation.")
  var strict = false

  mutating func validate() throws {
    guard !lint || !json else { throw ValidationError("--lint prints lines: it does not go with --json.") }
    guard !lint || !strict else { throw ValidationError("--lint lists what --strict refuses: give one of them.") }
  }

  mutating func run() async throws {
    let scrape = try await endpoint.source(source)
      .scrape(format: endpoint.format?.exposition, rules: strict ? .strict : .scraper)
    if lint {
      let (text, isClean) = MetricsListing.lint(scrape)
      return try answer(text, isGood: isClean)
    }
    if let note = MetricsListing.note(scrape) { StandardError.write("dubwatch: \(note)\n") }
    let isWritten =
      json ? StandardOutput.write(PrometheusJSON.encode(scrape) + "\n") : MetricsListing.write(scrape) { StandardOutput.write($0) }
    guard isWritten else { throw ExitCode(ExitStatus.no) }
  }
}
