import ArgumentParser
import CommandText
import Export
import HarnessRun
import MonitorUI
import TerminalCanvas

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "export")

  @Argument(help: "A recording: a file, its name, latest or failed.", completion: .recordings)
  var recording: String

  @Flag(help: "As what.")
  var format: ExportWord?

  @Option(help: ArgumentHelp("As a table of a signal of the contract, such as fragments_sent.", valueName: "SIGNAL"))
  var csv: String?

  @Option(help: ArgumentHelp("Where to; without, standard output.", valueName: "FILE"))
  var output: String?

  @Option(help: ArgumentHelp("A cast: columns and rows.", valueName: "WxH"))
  var size = FrameSize(120, 40)

  @Option(help: "A cast: its colours.")
  var theme = Theme.dark

  @Option(help: "A cast: seconds from frame to frame, 0.1 to 60.")
  var step = 1.0

  @Option(help: "A cast: the version of the format, 2 or 3; asciinema before 3.0 reads 2 only.")
  var castVersion = 2

  mutating func validate() throws {
    if (format == nil) == (csv == nil) { throw ValidationError("As what? Give one of \(ExportWord.list) or --csv SIGNAL.") }
    guard step >= 0.1, step <= 60 else { throw ValidationError("--step is \(step), but must be 0.1 to 60.") }
    guard CastExport.versions.contains(castVersion) else { throw ValidationError("--cast-version is \(castVersion), but must be 2 or 3.") }
  }

  mutating func run() async throws {
    var options = ExportFormat.Options()
    options.signal = csv ?? ""
    options.cast.size = size.size
    options.cast.theme = theme
    options.cast.stepSeconds = step
    options.cast.version = castVersion
    let (path, name) = (try RecordingWords.path(of: recording), format?.rawValue ?? "csv")
    guard let chosen = ExportFormat.all.first(where: { $0.name == name }) else { throw ValidationError("There is no format \(name).") }
    guard let output else { return try await chosen.write(path, options) { StandardOutput.write($0) } }
    var text = ""
    try await chosen.write(path, options) {
      text += $0
      return true
    }
    try FileOutput.replace(output, with: text)
  }
}
