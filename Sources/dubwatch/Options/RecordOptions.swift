import ArgumentParser
import HarnessRun

/// Whether and where a run is recorded.
struct RecordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record into this file, or into a folder that is there; without, below $XDG_STATE_HOME/dubwatch/runs.", valueName: "FILE"),
    completion: .file())
  var record: String?

  @Flag(help: "Do not record.")
  var noRecord = false

  @Flag(help: "Record without the texts of log lines.")
  var noLogs = false

  mutating func validate() throws {
    if record != nil, noRecord { throw ValidationError("--record and --no-record do not go together.") }
    if noLogs, noRecord { throw ValidationError("--no-logs and --no-record do not go together.") }
    if record?.isEmpty == true { throw ValidationError("--record names no file.") }
  }

  /// What these options ask for.
  var plan: RecordingPlan {
    let place: RecordingPlan.Place = noRecord ? .nowhere : record.map { .named($0) } ?? .usual
    return RecordingPlan(place, lacksLogs: noLogs, words: CommandLine.arguments, environment: Host.environment)
  }
}
