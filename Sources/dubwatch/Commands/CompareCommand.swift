import ArgumentParser
import CommandText
import HarnessRun
import Triage
import WireFormats

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(of: "compare")

  @Argument(help: "The recording in question: a file, its name, latest or failed.", completion: .recordings)
  var bad: String

  @Argument(help: "Good recordings or folders; without, the last 20 of its scenario that passed.", completion: .recordings)
  var good: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which of the recordings that are kept are the good ones, such as 'scenario=av-sync verdict=passed'.", valueName: "WORDS"))
  var against: String?

  @Flag(help: "As lines; this is how it is printed in any case.")
  var plain = false

  @Flag(help: "As JSON.")
  var json = false

  mutating func validate() throws {
    if against != nil, !good.isEmpty { throw ValidationError("--against chooses the good runs: name none beside it.") }
    if plain, json { throw ValidationError("--plain and --json do not go together.") }
  }

  mutating func run() throws {
    let path = try RecordingWords.path(of: bad)
    let trace = try RunTrace(path: path)
    let chosen = try GoodRuns(good, against: against, for: trace).traces { StandardError.write("dubwatch: \($0)\n") }
    let comparison = try Comparison(trace, with: chosen)
    if json {
      StandardOutput.write(comparison.json.document)
    } else {
      StandardOutput.write(words: comparison.lines().joined(separator: "\n") + "\n")
    }
    if !comparison.isSame || comparison.ignorance != nil { throw ExitCode(ExitStatus.no) }
  }
}
