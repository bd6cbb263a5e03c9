import WireFormats

/// A page of the manual: the file that holds it, and what is asked for when it is meant.
package struct ManualTopic: Hashable, Sendable {
  /// The word for `dubwatch help`.
  package let name: String
  /// Its file in the catalog, without `.md`.
  package let file: String
  /// The page as it stands in its file: Markdown with links, lists filled in.
  package var page: String { String(decoding: source, as: UTF8.self) }
  /// What it is about, in a few words.
  package let summary: String
  /// The commands whose help ends with it.
  package let commands: [String]
  /// Other words that it answers to.
  package let words: [String]

  private let source: [UInt8]

  private init(_ name: String, _ file: String, _ page: [UInt8], _ summary: String, commands: [String] = [], words: [String] = []) {
    self.name = name
    self.file = file
    source = page
    self.summary = summary
    self.commands = commands
    self.words = words
  }

  /// Every page, in the order of the overview. `Pages` is the catalog under a name that SwiftPM embeds file by file.
  package static let all: [ManualTopic] = [
    ManualTopic(
      "overview", "dubwatch", PackageResources.dubwatch_md, "what dubwatch is, and where to begin", commands: ["help", "doctor"],
      words: ["dubwatch"]),
    ManualTopic(
      "screen", "Screen", PackageResources.Screen_md, "panes, keys, colours, plain lines", commands: ["demo", "frame"],
      words: ["keys", "panes", "theme"]),
    ManualTopic(
      "watching", "Watching", PackageResources.Watching_md, "what is read of services that run already", commands: ["watch"],
      words: ["sources", "credentials"]),
    ManualTopic(
      "scenarios", "Scenarios", PackageResources.Scenarios_md, "scenario files and the rules they expect", commands: ["run", "scenarios"],
      words: ["rules"]),
    ManualTopic(
      "evidence", "Evidence", PackageResources.Evidence_md, "what may be called good, and when something is not known",
      words: ["verdicts", "witnesses", "inconclusive"]),
    ManualTopic("faults", "Faults", PackageResources.Faults_md, "what can be injected, where, and how it ends", words: ["fault"]),
    ManualTopic(
      "contracts", "Contracts", PackageResources.Contracts_md, "what series, log lines and endpoints mean", commands: ["contract"],
      words: ["signals", "templates", "happenings"]),
    ManualTopic(
      "foreign", "Foreign", PackageResources.Foreign_md, "contracts for resilience4j, opossum, gobreaker and pybreaker",
      words: ["examples", "resilience4j", "opossum", "gobreaker", "pybreaker"]),
    ManualTopic("metrics", "Metrics", PackageResources.Metrics_md, "how metrics are read and shown", commands: ["metrics"]),
    ManualTopic(
      "sync", "Sync", PackageResources.Sync_md, "the three figures of A/V sync, and the test stream", commands: ["probe", "fixture"]),
    ManualTopic(
      "recordings", "Recordings", PackageResources.Recordings_md, "runs kept: replayed, judged again, tidied up",
      commands: ["replay", "check", "runs"], words: ["recording", "mcap"]),
    ManualTopic(
      "triage", "Triage", PackageResources.Triage_md, "what differs from good runs, how often a scenario fails, one page to show",
      commands: ["compare", "flaky", "export"], words: ["divergence", "html"]),
    ManualTopic(
      "containers", "Containers", PackageResources.Containers_md, "environments on a Docker engine", commands: ["env", "serve"],
      words: ["compose"]),
    ManualTopic(
      "exit-status", "ExitStatus", PackageResources.ExitStatus_md, "how the program ends, and why", commands: ["healthcheck"],
      words: ["problems", "exit"]),
    ManualTopic(
      "files", "Files", PackageResources.Files_md, "configuration, reports, what is written where", commands: ["config"],
      words: ["configuration", "config"]),
  ]

  /// The page of a word: of a topic, or of one that means it.
  package static func named(_ word: String) -> ManualTopic? { all.first { $0.name == word } ?? all.first { $0.words.contains(word) } }

  /// The page that belongs to a command.
  package static func of(command: String) -> ManualTopic? { all.first { $0.commands.contains(command) } }

  /// Links to the pages, for the overview: a reader of the catalog sees their abstracts, one at a terminal what they are about.
  static var links: String { all.dropFirst().map { "- <doc:\($0.file)>\n" }.joined() }

  /// The topics with what they are about.
  package static var listing: String { all.map { row($0) + "\n" }.joined() }

  /// A topic's line of it.
  static func row(_ topic: ManualTopic) -> String { pad(topic.name, width: all.map(\.name.count).max() ?? 0) + "  " + topic.summary }
}
