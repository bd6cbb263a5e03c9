import ArgumentParser
import EmbeddedPipeline
import Events
import ProcessGuard
import WireFormats

extension ServiceShape: ExpressibleByArgument {}

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Runs one service of the embedded pipeline alone, as compose does.",
    subcommands: [ServeEchoSTS.self, ServeMediaService.self, ServeStreamOrigin.self])
}

/// What both services take.
struct ServeOptions: ParsableArguments {
  @Option(help: "Address to listen on.")
  var host: String?

  @Option(help: "Port to listen on; 0 for any free one.")
  var port: Int?

  @Option(help: "In which shape the service shows itself.")
  var shape: ServiceShape = .spec018

  @Option(help: ArgumentHelp("Append the log to a file instead of standard output.", valueName: "FILE"))
  var logFile: String?

  @Flag(help: "Answer POST /control: faults by HTTP. Anyone who can reach the port can use it.")
  var control = false

  @Option(help: "Pipeline speed, 1 to 20.")
  var speed: Double = 1

  mutating func validate() throws {
    try DemoCommand.check(speed: speed)
    if let port, !(0...65535).contains(port) { throw ValidationError("--port is \(port), but must be 0 to 65535.") }
  }

  var log: LogDestination { logFile.map { .file($0) } ?? .standardOutput }
  var clock: ScaledClock { ScaledClock(speed: speed, wallOrigin: Host.wallClock()) }

  /// Runs a service until it ends by itself or a signal comes.
  func serve(
    _ name: String, start: @escaping @Sendable () async throws -> Int, wait: @escaping @Sendable () async -> ServiceExit?,
    stop: @escaping @Sendable () async -> Void
  ) async throws {
    do {
      let port = try await start()
      StandardError.write("dubwatch: \(name) listens on port \(port)\n")
    } catch {
      await stop()
      throw Problem(error, otherwise: .environment).at("\(name) could not be started")
    }
    let exit = ExitBox()
    let signal = await Signals.run { await exit.set(await wait()) }
    await stop()
    if let signal { throw ExitCode(signal) }
    guard let end = await exit.value, end.status != 0 else { return }
    StandardError.write("dubwatch: \(name) ended: \(end.reason)\n")
    throw ExitCode(end.status)
  }
}

private actor ExitBox {
  private(set) var value: ServiceExit?
  func set(_ new: ServiceExit?) { value = new }
}

struct ServeEchoSTS: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "echo-sts", abstract: "The speech service that echoes audio back.",
    discussion: """
      Variables, which flags go before: ECHO_HOST, ECHO_PORT, ECHO_PROCESSING_DELAY_MS, LOG_LEVEL, BACKPRESSURE_ENABLED, \
      BACKPRESSURE_THRESHOLD_LOW/MEDIUM/HIGH, AUTO_DISCONNECT_DELAY.
      """)

  @OptionGroup var options: ServeOptions

  @Option(help: "Milliseconds that a fragment takes.")
  var processingDelay: Int?

  @Flag(inversion: .prefixedNo, help: "Send backpressure messages by load.")
  var backpressure: Bool?

  mutating func run() async throws {
    var configuration = try EchoSTSConfiguration(environment: Host.environment)
    if let host = options.host { configuration.host = host }
    if let port = options.port { configuration.port = port }
    if let processingDelay {
      guard (0...600_000).contains(processingDelay) else { throw Problem(.usage, "--processing-delay must be 0 to 600000 ms") }
      configuration.processingDelayMilliseconds = processingDelay
    }
    if let backpressure { configuration.isBackpressureEnabled = backpressure }
    configuration.isControlEnabled = options.control
    configuration.shape = options.shape
    let service = EchoSTSService(configuration: configuration, clock: options.clock, log: options.log)
    try await options.serve(
      "echo-sts", start: { try await service.start() }, wait: { await service.waitUntilExit() }, stop: { await service.stop() })
  }
}

struct ServeMediaService: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "media-service", abstract: "The worker.",
    discussion: """
      Variables, which flags go before: RTSP_URL (or INPUT_URL), STS_URL, METRICS_HOST, METRICS_PORT, STREAM_ID, WORKER_ID, LOG_LEVEL, \
      MAX_INFLIGHT, FRAGMENT_TIMEOUT_MS, OUTPUT_URL, SEGMENT_LIMIT. http takes and puts MPEG-TS; rtmp and rtsp need ffmpeg. An input that \
      is not there after four tries within 7 s ends the worker, unless AWAIT_INPUT is true. Without an input, segments of silence are \
      cut by the clock.
      """)

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
    if let mutation { configuration.rules.breakOnPurpose(mutation) }
    let processGuard = ProcessGuard()
    let worker = MediaServiceWorker(configuration: configuration, clock: options.clock, log: options.log, processGuard: processGuard)
    do {
      try await options.serve(
        "media-service", start: { try await worker.start() }, wait: { await worker.waitUntilExit() }, stop: { await worker.stop() })
    } catch {
      // Also when it ended badly or by a signal: its ffmpeg goes with it.
      await processGuard.shutdown()
      throw error
    }
    await processGuard.shutdown()
  }
}
