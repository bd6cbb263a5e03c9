import ArgumentParser
import CommandText
import HarnessRun
import MonitorUI
import Recording
import RunScreen
import TerminalNcurses

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "replay")

  @Argument(help: "A recording: a file, its name, latest or failed.", completion: .recordings)
  var recording: String

  @Option(help: ArgumentHelp("Where to begin: a time such as 00:52, an event such as '#4711', violation, or end.", valueName: "PLACE"))
  var at: RecordedPlaceWord?

  @Option(help: "Seconds of the recording in one second, 0.1 to 100; without, 1. Lines are printed at once.")
  var speed: Double?

  @OptionGroup var screen: ScreenOptions

  mutating func validate() throws {
    if let speed, !(speed >= 0.1 && speed <= 100) { throw ValidationError("--speed is \(speed), but must be 0.1 to 100.") }
  }

  mutating func run() async throws {
    let shown = try screen.resolved(try Settings.load(nil, commands: Commands.all.map(\.name)))
    try ExitCode.end(try await ReplayScreen(recording, at: at?.place, speed: speed).show(on: shown))
  }
}
