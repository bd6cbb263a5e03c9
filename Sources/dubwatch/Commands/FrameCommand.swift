import ArgumentParser
import CommandText
import EmbeddedPipeline
import Events
import HarnessCore
import HarnessRun
import MonitorUI
import ProcessGuard
import Recording
import RunModel
import TerminalCanvas
import WireFormats

extension Ground: ExpressibleByArgument {}

/// How a frame is written.
enum FrameFormat: String, CaseIterable, ExpressibleByArgument {
  case text, ansi, svg

  func render(_ canvas: Canvas, palette: FramePalette) -> String {
    switch self {
    case .text: FrameText.render(canvas)
    case .ansi: FrameANSI.render(canvas)
    case .svg: FrameSVG.render(canvas, palette: palette)
    }
  }
}

struct FrameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frame", abstract: "Prints one rendered frame of a demo or of what runs.",
    discussion: CommandExamples.after(
      "Give a recording, or --demo NAME, or --watch and the sources that `watch` takes.", of: "frame"))

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

  mutating func validate() throws {
    guard [demo != nil, watch, recording != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("Give a recording, or --demo NAME, or --watch.")
    }
    if at != nil, recording == nil { throw ValidationError("--at is for a recording.") }
    guard after > 0, after <= 86400 else { throw ValidationError("--after is \(after), but must be above 0 and at most 86400.") }
    try DemoCommand.check(speed: speed)
    if let demo { try DemoScript.parse(demo).check(speed: speed) }
  }

  mutating func run() async throws {
    if let recording { return try await replay(recording) }
    let after = after
    let (run, status) = try await withRun(for: .nobody, setUp) { live in
      let status = await Signals.run { try? await live.clock.sleep(seconds: after) }.status
      return (await live.history.state, status)
    }
    if let status { throw ExitCode(status) }
    try draw(run, MonitorState(theme: theme, ownsEnvironment: demo != nil))
  }

  private func replay(_ recording: String) async throws {
    let opened = try await OpenedRecording(recording)
    if let missing = opened.missing { StandardError.write("dubwatch: \(escapeUntrusted("\(opened.path): \(missing)"))\n") }
    let history = opened.history
    var run = await history.end
    switch at?.place {
    // All that had arrived by then, and no time that went by since.
    case .event(let number)?:
      _ = try await history.instant(of: .event(number))
      run = try await history.state(after: number)
    case let place?: run = try await history.state(at: try await history.instant(of: place))
    case nil: break
    }
    try draw(run, MonitorState(theme: theme, isReplay: true))
  }

  private func draw(_ run: RunState, _ ui: MonitorState) throws {
    var ui = ui
    let ground = background ?? theme.pictureGround
    _ = ui.reduce(.ground(ground), in: run)
    if utc { _ = ui.reduce(.command(.utc), in: run) }
    let canvas = MonitorView.render(run: run, ui: ui, size: size.size, glyphs: ascii ? .ascii : .unicode)
    let text = format.render(canvas, palette: theme.picture(on: ground))
    guard StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n") else { throw ExitCode(ExitStatus.no) }
  }

  private func setUp(_ processGuard: ProcessGuard) throws -> RunSetUp {
    guard let demo else { return try sources.request(try sources.settings()).setUp(processGuard) }
    return .demo(try DemoScript.parse(demo), speed: speed, fixture: try fixture.locator(), processGuard)
  }
}
