import ArgumentParser
import HarnessRun

/// How the metrics of an endpoint or a file are read once.
package struct EndpointOptions: ParsableArguments {
  @Option(help: "Read the metrics as this format, whatever they say of themselves.")
  package var format: MetricsFormat?

  @Option(help: ArgumentHelp("Credentials: bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH."))
  package var credentials: String?

  @Option(help: "Seconds that the scrape may take, 0.1 to 600.")
  package var timeout: Double = 10

  package init() {}

  package mutating func validate() throws {
    guard (0.1...600).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
  }
}

extension EndpointOptions {
  /// An endpoint, file or standard input, read by these options.
  package func source(_ place: String) -> MetricsSource { MetricsSource(place, credentials: credentials, timeout: timeout) }

  /// What a contract is compared with, or drafted from, read by these options.
  package func contractSources(metrics: String?, logs: String?) -> ContractSources {
    ContractSources(metrics: metrics, logs: logs, credentials: credentials, timeout: timeout, format: format?.exposition)
  }
}
