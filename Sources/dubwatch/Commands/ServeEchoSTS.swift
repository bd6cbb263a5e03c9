import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun
import WireFormats

struct ServeEchoSTS: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "serve echo-sts")

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

  @OptionGroup var origins: OriginOptions

  mutating func validate() throws {
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
    configuration.allowedOrigins = origins.allowOrigin
    if voice == .echo { configuration.voice = .echo }
    if voice == .dub { configuration.voice = .dub(track: try DubTrackPlace.find(dubTrack, environment: Host.environment)) }
    let service = EchoSTSService(configuration: configuration, clock: options.clock, log: options.log, onLogLoss: options.logLoss)
    try ExitCode.end(
      try await ServedService(
        "echo-sts", start: { try await service.start() }, wait: { await service.waitUntilExit() }, stop: { await service.stop() }
      ).run())
  }
}
