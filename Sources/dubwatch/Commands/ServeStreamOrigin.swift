import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun

struct ServeStreamOrigin: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "serve stream-origin")

  @OptionGroup var options: ServeOptions

  @Option(help: "A further port for the API alone (MediaMTX: 9997).")
  var apiPort: Int?

  @Option(help: "A further port for the metrics alone (MediaMTX: 9998).")
  var metricsPort: Int?

  mutating func run() async throws {
    // Flags are checked by the rules of the variables they stand for.
    var environment = Host.environment
    for (name, value) in [
      ("ORIGIN_HOST", options.host), ("ORIGIN_PORT", options.port.map(String.init)), ("ORIGIN_API_PORT", apiPort.map(String.init)),
      ("ORIGIN_METRICS_PORT", metricsPort.map(String.init)),
    ] {
      if let value { environment[name] = value }
    }
    var configuration = try StreamOriginConfiguration(environment: environment)
    configuration.isControlEnabled = options.control
    configuration.shape = options.shape
    let origin = StreamOrigin(configuration: configuration, clock: options.clock, log: options.log, onLogLoss: options.logLoss)
    try ExitCode.end(
      try await ServedService(
        "stream-origin", start: { try await origin.start().main }, wait: { await origin.waitUntilExit() }, stop: { await origin.stop() }
      ).run())
  }
}
