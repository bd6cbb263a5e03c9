import ArgumentParser
import CommandText
import EmbeddedPipeline
import Events
import HarnessCore
import HarnessRun
import MonitorUI
import ProcessGuard
import TerminalCanvas
import WireFormats

extension Ground: ExpressibleByArgument {}

/// How a frame is written.
enum FrameFormat: String, CaseIterable, ExpressibleByArgument { case text, svg }

struct FrameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frame", abstract: "Prints one rendered frame of a demo or of what runs.",
    discussion: CommandExamples.after(
      "Give --demo NAME, or --watch and the sources that `watch` takes.", of: "frame"))

  @Option(help: ArgumentHelp("Which demo to run.", valueName: "NAME"))
  var demo: String?

  @Flag(help: "Watch services that already run.")
  var watch = false

  @Option(help: "How long to watch first, in seconds of the pipeline's time.")
  var after: Double = 10

  @Option(help: ArgumentHelp("Columns and rows, 1x1 to 1000x500.", valueName: "WxH"))
  var size = FrameSize(160, 48)

  @Option(help: "How to write it.")
  var format = FrameFormat.text

  @Option(help: "Pipeline speed of a demo, 1 to 20.")
  var speed: Double = 1

  @Option(help: "Colours of an SVG.")
  var theme = Theme.dark

  @Option(help: "What an SVG is drawn on, for the themes high-contrast, colour-blind and none; without, dark, and light for none.")
  var background: Ground?

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Flag(help: "Times in UTC.")
  var utc = false

  @OptionGroup var fixture: FixtureOptions

  @OptionGroup var sources: WatchOptions

  mutating func validate() throws {
    guard (demo != nil) != watch else { throw ValidationError("Give either --demo NAME or --watch.") }
    guard after > 0, after <= 86400 else { throw ValidationError("--after is \(after), but must be above 0 and at most 86400.") }
    try DemoCommand.check(speed: speed)
    if let demo { try DemoScript.parse(demo).check(speed: speed) }
  }

  mutating func run() async throws {
    let after = after
    let (run, status) = try await withRun(for: .nobody, setUp) { live in
      let status = await Signals.run { try? await live.clock.sleep(seconds: after) }.status
      return (await live.history.state, status)
    }
    if let status { throw ExitCode(status) }
    let ground = background ?? theme.pictureGround
    var ui = MonitorState(theme: theme, ownsEnvironment: demo != nil)
    _ = ui.reduce(.ground(ground), in: run)
    if utc { _ = ui.reduce(.command(.utc), in: run) }
    let canvas = MonitorView.render(run: run, ui: ui, size: size.size, glyphs: ascii ? .ascii : .unicode)
    let text = format == .svg ? FrameSVG.render(canvas, palette: theme.picture(on: ground)) : FrameText.render(canvas)
    guard StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n") else { throw ExitCode(ExitStatus.no) }
  }

  private func setUp(_ processGuard: ProcessGuard) throws -> RunSetUp {
    guard let demo else { return try sources.request(try sources.settings()).setUp(processGuard) }
    return .demo(try DemoScript.parse(demo), speed: speed, fixture: try fixture.locator(), processGuard)
  }
}
