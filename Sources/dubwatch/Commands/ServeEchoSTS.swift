import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun
import WireFormats

struct ServeEchoSTS: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "echo-sts", abstract: "The speech service that sends audio back as it came, or its dub.",
    discussion: CommandExamples.after(
      """
      Variables, which flags go before: ECHO_HOST, ECHO_PORT, ECHO_PROCESSING_DELAY_MS, LOG_LEVEL, BACKPRESSURE_ENABLED, \
      BACKPRESSURE_THRESHOLD_LOW/MEDIUM/HIGH, AUTO_DISCONNECT_DELAY, ECHO_DUB_TRACK. In the voice dub the test stream's sound comes back \
      in other tones, so that whoever listens knows it from the original; other sound comes back as it came, which the log says.
      """, of: "serve echo-sts"))

  @OptionGroup var options: ServeOptions

  @Option(help: "Milliseconds that a fragment takes.")
  var processingDelay: Int?

  @Flag(inversion: .prefixedNo, help: "Send backpressure messages by load.")
  var backpressure: Bool?

  @Option(help: "In which voice the audio comes back; without, dub where the variable names a dub track, else echo.")
  var voice: Voice?

  @Option(help: ArgumentHelp("The dub of the test stream; without, the one beside the test stream that is found.", valueName: "FILE"))
  var dubTrack: String?

  enum Voice: String, ExpressibleByArgument, CaseIterable { case echo, dub }

  @Option(help: ArgumentHelp("An origin whose web pages may use the service beside its own; can be repeated.", valueName: "ORIGIN"))
  var allowOrigin: [String] = []

  mutating func validate() throws {
    try ServeOptions.check(origins: allowOrigin)
    if dubTrack != nil, voice != .dub { throw ValidationError("--dub-track is of use with --voice dub only.") }
  }

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
    configuration.allowedOrigins = allowOrigin
    if voice == .echo { configuration.voice = .echo }
    if voice == .dub { configuration.voice = .dub(track: try DubTrackPlace.find(dubTrack, environment: Host.environment)) }
    let service = EchoSTSService(configuration: configuration, clock: options.clock, log: options.log, onLogLoss: options.logLoss)
    try await options.serve(
      "echo-sts", start: { try await service.start() }, wait: { await service.waitUntilExit() }, stop: { await service.stop() })
  }
}
