import Events
import Recording
import Triage
import WireFormats

/// The good runs that a run is compared with, as a command line names them.
package struct GoodRuns: Sendable {
  /// So many of them at most where they are not named one by one: the newest.
  package static let limit = 20
  /// The only verdict of a good run.
  private static let passed = "passed"

  /// Their recordings.
  package let paths: [String]

  /// The good runs of some words; of no word those of the usual folder that the filter takes. Each is there once, however often it is meant.
  /// - Parameters:
  ///   - words: recordings or folders.
  ///   - against: `scenario=NAME verdict=passed`; nil for the scenario of the run in question.
  ///   - bad: the run in question, which is never among them.
  ///   - limit: how many are taken that are not named one by one.
  /// - Throws: where a recording that was named cannot be read or did not pass, and where none is left.
  package init(_ words: [String], against: String?, for bad: RunTrace, limit: Int = GoodRuns.limit) throws(Problem) {
    let filter = try Self.filter(against, for: bad)
    let own = FileIdentity(bad.path)
    let meant = try RecordingWords.meant(by: words).filter { own == nil || FileIdentity($0.recording.path) != own }
    let named = meant.filter(\.isNamed).map(\.recording)
    // In a folder are others too; a file that was named is meant, and refused where it does not fit.
    for recording in named { try Self.check(recording) }
    let found = meant.filter { !$0.isNamed && filter.takes($0.recording) }.map(\.recording).sorted { Self.start($0) > Self.start($1) }
    paths = named.map(\.path) + found.prefix(limit).map(\.path)
    guard paths.isEmpty else { return }
    guard words.isEmpty else { throw Problem(.file, "none of the recordings named is another run of this scenario that passed") }
    throw Problem(
      .file, "no recording of \(filter.scenario ?? "any scenario") that passed is there to compare with", hint: "name good runs")
  }

  private static func start(_ recording: RecordingSummary) -> WallTime { recording.head?.start ?? recording.modified }

  private static func check(_ recording: RecordingSummary) throws(Problem) {
    let hint = "name runs that passed: `dubwatch runs --verdict passed` lists them"
    if let trouble = recording.trouble { throw Problem(.file, "\(recording.path): \(trouble)", hint: hint) }
    let word = recording.verdictWord
    guard word != passed else { return }
    let reason = recording.head?.isJudged == true ? "its verdict is \(word)" : "it was watched, and never judged"
    throw Problem(.conflict, "\(recording.path) is no good run to compare with: \(reason)", hint: hint)
  }

  private static func filter(_ text: String?, for bad: RunTrace) throws(Problem) -> RunLibrary.Filter {
    var filter = RunLibrary.Filter(scenario: bad.head.scenario, verdict: passed)
    for word in (text ?? "").split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.count) {
      case ("scenario"?, 2): filter.scenario = parts[1]
      case ("verdict"?, 2):
        guard parts[1] == passed else {
          throw Problem(
            .usage, "--against: \(word) asks for runs that are not good: only those that passed are", hint: "write verdict=passed")
        }
      default: throw Problem(.usage, "--against: \(word) is not known", hint: "write scenario=NAME and verdict=passed")
      }
    }
    return filter
  }

  /// Reads them; one that cannot be read, or of which something is missing, is left out and told.
  package func traces(tell: (String) -> Void) throws(Problem) -> [RunTrace] {
    var traces: [RunTrace] = []
    for path in paths {
      do throws(Problem) {
        let trace = try RunTrace(path: path)
        if let missing = trace.missing {
          tell("left out: \(escapeUntrusted("\(path): \(missing)"))")
        } else {
          traces.append(trace)
        }
      } catch {
        tell("left out: \(escapeUntrusted(error.description))")
      }
    }
    return traces
  }
}
