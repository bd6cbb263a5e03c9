import ArgumentParser
import CommandText
import HarnessConfig
import HarnessRun
import MonitorUI
import Recording
import WireFormats

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    of: "runs",
    subcommands: [RunsList.self, RunsShow.self, RunsPin.self, RunsRemove.self, RunsPrune.self, RunsCompact.self, RunsPath.self],
    defaultSubcommand: RunsList.self)
}

struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs list")

  @Option(help: "Only runs of this scenario.")
  var scenario: String?

  @Option(help: "Only runs that ended so: passed, failed, inconclusive, cut-short, watched, running.")
  var verdict: String?

  @Option(help: "Only runs of the last so many days.")
  var since: Double?

  @Flag(help: "As JSON.")
  var json = false

  mutating func validate() throws {
    let words = ["passed", "failed", "inconclusive", "cut-short", "watched", "running"]
    if let verdict, !words.contains(verdict) {
      throw ValidationError("--verdict is \(verdict), but must be one of \(words.joined(separator: ", ")).")
    }
    if let since, !(since > 0 && since < 100_000) {
      throw ValidationError("--since is \(since), but must be above 0 and below 100000 days.")
    }
  }

  mutating func run() throws {
    let library = RunLibrary(try RecordingWords.folder())
    let filter = RunLibrary.Filter(
      scenario: scenario, verdict: verdict.map { $0 == "cut-short" ? "cut short" : $0 },
      since: since.map { RecordingWords.ago(days: $0) })
    let found = try library.recordings().filter(filter.takes)
    try answer(json ? RunsListing.json(found) : RunsListing.lines(found, folder: library.folder.path))
  }
}

struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs show")

  @Argument(help: "Which recording.", completion: .recordings)
  var recording: String

  mutating func run() throws {
    let summary = RecordingSummary(try RecordingWords.path(of: recording))
    StandardOutput.write(RunsListing.details(summary))
    if let trouble = summary.trouble { throw Problem(.badInput, "\(summary.path): \(trouble)") }
  }
}

struct RunsPin: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs pin")

  @Argument(help: "Which recording.", completion: .recordings)
  var recording: String

  @Flag(help: "Not any more.")
  var off = false

  mutating func run() throws { try RunLibrary.pin(try RecordingWords.path(of: recording), !off) }
}

struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs rm")

  @Argument(help: "Which recordings.", completion: .recordings)
  var recordings: [String]

  mutating func run() throws {
    for path in try recordings.map(RecordingWords.path) { try RunLibrary.remove(path) }
  }
}

struct RunsPrune: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs prune")

  @Option(help: ArgumentHelp("The greatest age, in days; without, the settings', or \(Int(Retention().days))."))
  var days: Double?

  @Option(help: ArgumentHelp("The greatest number; without, the settings', or \(Retention().count)."))
  var count: Int?

  @Option(help: ArgumentHelp("The greatest size of all together, in MiB; without, the settings', or \(Retention().bytes >> 20)."))
  var mib: Int?

  @Flag(help: "Remove them.")
  var yes = false

  mutating func validate() throws {
    guard days ?? 0 >= 0, count ?? 0 >= 0, (0...1 << 30).contains(mib ?? 0) else {
      throw ValidationError("--days, --count and --mib must be 0 or more.")
    }
  }

  mutating func run() throws {
    let kept = try Settings.load(nil, commands: Commands.all.map(\.name)).file?.retention
    var rule = Retention()
    rule.days = days ?? kept?.days ?? rule.days
    rule.count = count ?? kept?.count ?? rule.count
    rule.bytes = (mib ?? kept?.mib).map { UInt64($0) << 20 } ?? rule.bytes
    try RunsPruning(rule).run(isMeant: yes) { StandardOutput.write($0) }
  }
}

struct RunsCompact: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs compact")

  @Argument(help: "Which recordings; without, all of them.", completion: .recordings)
  var recordings: [String] = []

  mutating func run() throws {
    let library = RunLibrary(try RecordingWords.folder())
    // Of all of them, what is no recording is somebody else's.
    let paths =
      recordings.isEmpty ? try library.recordings().filter { $0.head != nil }.map(\.path) : try recordings.map(RecordingWords.path)
    var rewritten = 0
    for path in paths where try RecordingCompaction.rewrite(path) { rewritten += 1 }
    StandardOutput.write("\(rewritten) of \(paths.count) recordings were rewritten\n")
  }
}

struct RunsPath: ParsableCommand {
  static let configuration = CommandConfiguration(of: "runs path")

  @Argument(help: "Which recording; without, the folder.", completion: .recordings)
  var recording: String?

  mutating func run() throws {
    let path = try recording.map(RecordingWords.path) ?? RecordingWords.folder().path
    StandardOutput.write(path + "\n")
  }
}
