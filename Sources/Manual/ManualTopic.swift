/// A page of the manual: the file that holds it, and what is asked for when it is meant.
package struct ManualTopic: Hashable, Sendable {
  /// The word for `dubwatch help`.
  package let name: String
  /// Its file in the catalog, without `.md`.
  package let file: String
  /// What it is about, in a few words.
  package let summary: String
  /// The commands whose help ends with it.
  package let commands: [String]
  /// Other words that it answers to.
  package let words: [String]

  private init(_ name: String, _ file: String, _ summary: String, commands: [String] = [], words: [String] = []) {
    self.name = name
    self.file = file
    self.summary = summary
    self.commands = commands
    self.words = words
  }

  /// Every page, in the order of the overview. To add one, write its file, and put it here and in Package.swift.
  package static let all: [ManualTopic] = [
    ManualTopic("overview", "dubwatch", "what dubwatch is, and where to begin", commands: ["help", "doctor"], words: ["dubwatch"]),
    ManualTopic(
      "screen", "Screen", "panes, keys, colours, plain lines", commands: ["demo", "watch", "frame"], words: ["keys", "panes", "theme"]),
    ManualTopic("scenarios", "Scenarios", "scenario files and the rules they expect", commands: ["run", "scenarios"], words: ["rules"]),
    ManualTopic("faults", "Faults", "what can be injected, where, and how it ends", words: ["fault"]),
    ManualTopic(
      "contracts", "Contracts", "what series, log lines and endpoints mean", commands: ["contract"],
      words: ["signals", "templates", "happenings"]),
    ManualTopic("metrics", "Metrics", "how metrics are read and shown", commands: ["metrics"]),
    ManualTopic("sync", "Sync", "the three figures of A/V sync, and the test stream", commands: ["probe", "fixture"]),
    ManualTopic("containers", "Containers", "environments on a Docker engine", commands: ["env", "serve"], words: ["compose"]),
    ManualTopic("exit-status", "ExitStatus", "how the program ends, and why", commands: ["healthcheck"], words: ["problems", "exit"]),
    ManualTopic("files", "Files", "configuration, reports, what is written where", words: ["configuration", "config"]),
  ]

  /// The page of a word: of a topic, or of one that means it.
  package static func named(_ word: String) -> ManualTopic? { all.first { $0.name == word } ?? all.first { $0.words.contains(word) } }

  /// The page that belongs to a command.
  package static func of(command: String) -> ManualTopic? { all.first { $0.commands.contains(command) } }

  /// The topics with what they are about.
  package static var listing: String { ManualList.columns(all.map { [$0.name, $0.summary] }) }
}
