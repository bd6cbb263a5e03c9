import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun

struct ServeMediaService: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "serve media-service")

  @OptionGroup var options: ServeOptions

  @Option(help: "Where the speech service is, such as http://127.0.0.1:8080.")
  var stsURL: String?

  @Option(help: "The input, such as rtmp://127.0.0.1:1935/live/test/in; http, rtmp or rtsp.")
  var input: String?

  @Option(help: "The output, such as rtmp://127.0.0.1:1935/live/test/out; http, rtmp or rtsp.")
  var output: String?

  @Option(help: "The stream's name.")
  var streamID: String?

  @Option(help: "Without an input: after how many segments it ends.")
  var segments: Int?

  @OptionGroup var origins: OriginOptions

  @Option(help: .hidden)
  var mutation: WorkerMutation?

  mutating func run() async throws {
    // Flags are checked by the rules of the variables they stand for.
    var environment = Host.environment
    for (name, value) in [
      ("STS_URL", stsURL), ("INPUT_URL", input), ("OUTPUT_URL", output), ("STREAM_ID", streamID), ("METRICS_HOST", options.host),
      ("METRICS_PORT", options.port.map(String.init)), ("SEGMENT_LIMIT", segments.map(String.init)),
    ] {
      if let value { environment[name] = value }
    }
    var configuration = try MediaServiceConfiguration(environment: environment)
    configuration.isControlEnabled = options.control
    configuration.shape = options.shape
    configuration.allowedOrigins = origins.allowOrigin
    if let mutation { configuration.rules.breakOnPurpose(mutation) }
    // Also when it ends badly or by a signal: its ffmpeg goes with it.
    try await withProcessGuard { processGuard in
      let worker = MediaServiceWorker(
        configuration: configuration, clock: options.clock, log: options.log, processGuard: processGuard, onLogLoss: options.logLoss)
      try ExitCode.end(
        try await ServedService(
          "media-service", start: { try await worker.start() }, wait: { await worker.waitUntilExit() }, stop: { await worker.stop() }
        ).run())
    }
  }
}
