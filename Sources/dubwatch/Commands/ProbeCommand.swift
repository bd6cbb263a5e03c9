import ArgumentParser
import CommandText
import HarnessRun
import WireFormats

struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "probe")

  @Argument(help: ArgumentHelp("An rtmp, rtsp or http URL, a file, or - for standard input.", valueName: "URL|FILE|-"), completion: .file())
  var source: String

  @Option(help: "How many seconds of media are read, 1 to 86400; without, all of it.")
  var duration: Double?

  @Option(help: "Milliseconds that sound and picture may lie apart, 1 to 3000.")
  var threshold: Double = 120

  @Flag(name: .customLong("no-content"), help: "Read packets only: no search for flashes and beeps, a tenth of the work.")
  var noContent = false

  @Flag(help: "Print JSON.")
  var json = false

  mutating func validate() throws {
    if let duration, !(1...86400).contains(duration) { throw ValidationError("--duration is \(duration), but must be 1 to 86400.") }
    guard (1...3000).contains(threshold) else { throw ValidationError("--threshold is \(threshold), but must be 1 to 3000.") }
  }

  mutating func run() async throws {
    let probe = try MediaProbe(source, seconds: duration, probesContent: !noContent)
    let (report, status) = await probe.read(threshold: threshold)
    if let problem = probe.problem(report) {
      if let status { throw ExitCode(status) }
      throw problem
    }
    let isWritten = StandardOutput.write(json ? report.json() : ProbeListing.text(report, .ofLocale))
    if let status { throw ExitCode(status) }
    guard isWritten, report.isGood else { throw ExitCode(ExitStatus.no) }
  }
}
