import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun
import MonitorUI
import ProcessGuard
import Recording
import RunScreen
import TerminalCanvas

extension Ground: ExpressibleByArgument {}

extension FrameFormat: ExpressibleByArgument {}

struct FrameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "frame")

  @Argument(help: "A recording: a file, its name, latest or failed.", completion: .recordings)
  var recording: String?

  @Option(
    help: ArgumentHelp(
      "The moment of a recording: a time such as 00:52, an event such as '#4711', violation, or end.", valueName: "PLACE"))
  var at: RecordedPlaceWord?

  @Option(help: ArgumentHelp("Which demo to run.", valueName: "NAME"))
  var demo: String?

  @Flag(help: "Watch services that already run.")
  var watch = false

  @Option(help: "How long to watch first, in seconds of the pipeline's time.")
  var after: Double = 10

  @Option(help: ArgumentHelp("Columns and rows, 1x1 to 1000x500.", valueName: "WxH"))
  var size = FrameSize(160, 48)

  @Option(help: "How to write it: plain text, text with the colours of a terminal, or a picture.")
  var format = FrameFormat.text

  @Option(help: "Pipeline speed of a demo, 1 to 20.")
  var speed: Double = 1

  @Option(help: "Colours of a frame that has some.")
  var theme = Theme.dark

  @Option(help: "What an SVG is drawn on, for the themes high-contrast, colour-blind and none; without, dark, and light for none.")
  var background: Ground?

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Flag(help: "Times in UTC.")
  var utc = false

  @OptionGroup var fixture: FixtureOptions

  @OptionGroup var sources: WatchOptions

  @OptionGroup var fleet: FleetOptions

  mutating func validate() throws {
    guard [demo != nil, watch, recording != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("Give a recording, or --demo NAME, or --watch.")
    }
    try fleet.check(beside: sources)
    if fleet.isGiven, !watch { throw ValidationError("--prometheus is for --watch.") }
    if at != nil, recording == nil { throw ValidationError("--at is for a recording.") }
    guard after > 0, after <= 86400 else { throw ValidationError("--after is \(after), but must be above 0 and at most 86400.") }
    try PipelineSpeed.check(speed)
    if let demo { try DemoScript.parse(demo).check(speed: speed) }
  }

  mutating func run() async throws {
    let print = FramePrint(
      size: size.size, format: format, theme: theme, ground: background, glyphs: ascii ? .ascii : .unicode, usesUTC: utc)
    if let recording { return try ExitCode.end(try await print.replay(recording, at: at?.place)) }
    if fleet.isGiven {
      return try ExitCode.end(await print.fleet(try fleet.request(sources.request(try sources.settings()))))
    }
    try ExitCode.end(try await print.watch(seconds: after, ownsEnvironment: demo != nil, setUp))
  }

  private func setUp(_ processGuard: ProcessGuard) throws -> RunSetUp {
    guard let demo else { return try sources.request(try sources.settings()).setUp(processGuard) }
    return .demo(try DemoScript.parse(demo), speed: speed, fixture: try fixture.locator(), processGuard)
  }
}
