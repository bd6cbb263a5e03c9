import ArgumentParser
import HarnessRun

/// Many workers behind an engine.
package struct FleetOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A Prometheus or VictoriaMetrics that scrapes many workers: the URL before /api/v1; can be repeated. Credentials are those of the name prometheus.",
      valueName: "URL"))
  package var prometheus: [String] = []

  @Option(help: ArgumentHelp("Which of its series: conditions on labels, such as 'job=\"media-service\"'.", valueName: "LABELS"))
  package var match = ""

  @Option(help: "How far back an opened worker shows, in minutes, 1 to 1440.")
  package var history = 15.0

  @Flag(help: "With --prometheus: a JSON document a refresh, one a line, and no screen.")
  package var json = false

  package init() {}

  package mutating func validate() throws {
    if !(1...1440).contains(history) { throw ValidationError("--history is \(history), but must be 1 to 1440.") }
    if prometheus.isEmpty, json || !match.isEmpty { throw ValidationError("--json and --match are for --prometheus.") }
  }

  /// Whether a fleet is asked for.
  package var isGiven: Bool { !prometheus.isEmpty }

  /// Refuses other sources beside a fleet.
  package func check(beside sources: WatchOptions) throws {
    guard isGiven, sources.isGiven else { return }
    throw ValidationError("--prometheus does not go together with other sources: open a worker to see it alone.")
  }

  /// Refuses a recording that nothing would go into: of a fleet an opened worker is recorded, and lines and documents open none.
  /// - Parameters:
  ///   - recordsInto: what `--record` names; nil without.
  ///   - isPlain: whether there will be lines in place of a screen.
  package func check(recordsInto path: String?, isPlain: Bool) throws {
    guard isGiven, path != nil, json || isPlain else { return }
    throw ValidationError(
      "--record is for a worker that is opened on the screen: it does not go with --json, --plain or an output that is no terminal.")
  }

  /// What is asked, and how.
  package func request(_ watch: WatchRequest) throws -> FleetRequest {
    try FleetRequest(watch, engines: prometheus, match: match, historySeconds: history * 60)
  }
}
