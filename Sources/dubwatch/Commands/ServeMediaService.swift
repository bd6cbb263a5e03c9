import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun

struct ServeMediaService: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "media-service", abstract: "The worker.",
    discussion: CommandExamples.after(
      """
      Variables, which flags go before: RTSP_URL (or INPUT_URL), STS_URL, METRICS_HOST, METRICS_PORT, STREAM_ID, WORKER_ID, LOG_LEVEL, \
      MAX_INFLIGHT, FRAGMENT_TIMEOUT_MS, OUTPUT_URL, SEGMENT_LIMIT. http takes and puts MPEG-TS; rtmp and rtsp need ffmpeg. An input that \
      is not there after four tries within 7 s ends the worker, unless AWAIT_INPUT is true. Without an input, segments of silence are \
      cut by the clock.
      """, of: "serve media-service"))

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

  @Option(help: ArgumentHelp("An origin whose web pages may ask the service beside its own; can be repeated.", valueName: "ORIGIN"))
  var allowOrigin: [String] = []

  @Option(help: .hidden)
  var mutation: WorkerMutation?

  mutating func validate() throws { try ServeOptions.check(origins: allowOrigin) }

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
    configuration.allowedOrigins = allowOrigin
    if let mutation { configuration.rules.breakOnPurpose(mutation) }
    // Also when it ends badly or by a signal: its ffmpeg goes with it.
    try await withProcessGuard { processGuard in
      let worker = MediaServiceWorker(
        configuration: configuration, clock: options.clock, log: options.log, processGuard: processGuard, onLogLoss: options.logLoss)
      try await options.serve(
        "media-service", start: { try await worker.start() }, wait: { await worker.waitUntilExit() }, stop: { await worker.stop() })
    }
  }
}
