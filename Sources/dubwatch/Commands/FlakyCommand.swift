import ArgumentParser
import CommandText
import HarnessRun
import Recording
import Triage
import WireFormats

struct FlakyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(of: "flaky")

  @Argument(help: "Recordings: files, their names, folders; without, all that are kept.", completion: .recordings)
  var recordings: [String] = []

  @Option(help: "Only runs of this scenario.")
  var scenario: String?

  @Option(help: "Only runs of the last so many days, such as 14 or 14d.")
  var since: String?

  @Option(help: "The rate of failure that is to be excluded, above 0 and below 1.")
  var rate = 0.05

  @Flag(help: "As JSON.")
  var json = false

  mutating func validate() throws {
    guard rate > 0, rate < 1 else { throw ValidationError("--rate is \(rate), but must be above 0 and below 1.") }
    if let since, DaysWord.days(since) == nil {
      throw ValidationError("--since is \(since), but must be a number of days above 0, such as 14d.")
    }
  }

  mutating func run() throws {
    let filter = RunLibrary.Filter(scenario: scenario, since: since.flatMap(DaysWord.days).map { RecordingWords.ago(days: $0) })
    let report = FlakyReport(try RecordingWords.summaries(of: recordings).filter(filter.takes), excluding: rate)
    let text = json ? report.json.document : report.lines.joined(separator: "\n") + "\n"
    guard json ? StandardOutput.write(text) : StandardOutput.write(words: text) else { throw ExitCode(ExitStatus.no) }
  }
}
