import ArgumentParser
import CommandText
import HarnessCore
import HarnessRun
import PrometheusText
import WireFormats

/// Which text format a file is in; an endpoint says so itself.
enum MetricsFormat: String, CaseIterable, ExpressibleByArgument {
  case text, openmetrics

  var exposition: ExpositionFormat { self == .text ? .text : .openMetrics }
}

struct MetricsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Scrapes an endpoint once, or reads a file, and prints its metrics.",
    discussion: CommandExamples.after(
      """
      An endpoint's Content-Type decides the format; a file is OpenMetrics when its last line is `# EOF`. What deviates from the format \
      costs no more than its line and is noted on standard error. Exit status: 0 printed, 1 no metrics (or, with --lint, deviations), \
      3 it cannot be read.
      """, of: "metrics"))

  @Argument(help: ArgumentHelp("Where to read: http(s)://…, a file, or - for standard input.", valueName: "URL|FILE|-"))
  var source: String

  @Option(help: "Read it as this format, whatever it says of itself.")
  var format: MetricsFormat?

  @Flag(help: "Print JSON as prom2json writes it.")
  var json = false

  @Flag(help: "Print what deviates from the format, a line each, instead of the metrics.")
  var lint = false

  @Flag(help: "Refuse the whole text at the first deviation.")
  var strict = false

  @Option(help: ArgumentHelp("Credentials: bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH."))
  var credentials: String?

  @Option(help: "Seconds that the scrape may take, 0.1 to 600.")
  var timeout: Double = 10

  mutating func validate() throws {
    guard (0.1...600).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
    guard !lint || !json else { throw ValidationError("--lint prints lines: it does not go with --json.") }
    guard !lint || !strict else { throw ValidationError("--lint lists what --strict refuses: give one of them.") }
  }

  mutating func run() async throws {
    let scrape = try await MetricsSource(source, credentials: credentials, timeout: timeout)
      .scrape(format: format?.exposition, rules: strict ? .strict : .scraper)
    if lint {
      let (text, isClean) = MetricsListing.lint(scrape)
      guard StandardOutput.write(text), isClean else { throw ExitCode(ExitStatus.no) }
      return
    }
    if let note = MetricsListing.note(scrape) { StandardError.write("dubwatch: \(note)\n") }
    let isWritten =
      json ? StandardOutput.write(PrometheusJSON.encode(scrape) + "\n") : MetricsListing.write(scrape) { StandardOutput.write($0) }
    guard isWritten else { throw ExitCode(ExitStatus.no) }
  }
}
