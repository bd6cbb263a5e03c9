import ArgumentParser
import HarnessRun

/// Whether and where a run is recorded.
package struct RecordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record into this file, or into a folder that is there; without, below $XDG_STATE_HOME/dubwatch/runs.", valueName: "FILE"),
    completion: .file())
  package var record: String?

  @Flag(help: "Do not record.")
  package var noRecord = false

  @Flag(help: "Record without the texts of log lines.")
  package var noLogs = false

  package init() {}

  package mutating func validate() throws {
    if record != nil, noRecord { throw ValidationError("--record and --no-record do not go together.") }
    if noLogs, noRecord { throw ValidationError("--no-logs and --no-record do not go together.") }
    if record?.isEmpty == true { throw ValidationError("--record names no file.") }
  }

  /// What these options ask for.
  package var plan: RecordingPlan {
    let place: RecordingPlan.Place = noRecord ? .nowhere : record.map { .named($0) } ?? .usual
    return RecordingPlan(place, lacksLogs: noLogs, words: CommandLine.arguments, environment: Host.environment)
  }
}
