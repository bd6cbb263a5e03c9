import Recording
import Triage
import WireFormats

/// The good runs that a run is compared with, as a command line names them.
package struct GoodRuns: Sendable {
  /// So many of them at most where they are not named one by one: the newest.
  package static let limit = 20

  /// Their recordings.
  package let paths: [String]

  /// The good runs of some words; of no word those of the usual folder that the filter takes.
  /// - Parameters:
  ///   - words: recordings or folders.
  ///   - against: `scenario=NAME verdict=WORD`; nil for the scenario of the run in question, passed.
  ///   - bad: the run in question, which is never among them.
  package init(_ words: [String], against: String?, for bad: RunTrace) throws(Problem) {
    let filter = try Self.filter(against, for: bad)
    let summaries = try RecordingWords.summaries(of: words)
    let own = summaries.filter { $0.path != bad.path && $0.name != RecordingSummary(bad.path).name }
    if words.isEmpty {
      paths = own.filter { filter.takes($0) }.prefix(Self.limit).map(\.path)
      guard !paths.isEmpty else {
        let scenario = filter.scenario ?? "any scenario"
        throw Problem(
          .file, "no recording of \(scenario) that is \(filter.verdict ?? "kept") is there to compare with", hint: "name good runs")
      }
    } else {
      // In a folder are others too; a file that was named is meant, and refused where it does not fit.
      let named = own.filter { words.contains($0.path) || words.contains($0.name) }
      let found = own.filter { filter.takes($0) && !words.contains($0.path) && !words.contains($0.name) }
      paths = named.map(\.path) + found.prefix(Self.limit).map(\.path)
      guard !paths.isEmpty else { throw Problem(.file, "none of the recordings named is another run of this scenario that passed") }
    }
  }

  private static func filter(_ text: String?, for bad: RunTrace) throws(Problem) -> RunLibrary.Filter {
    var filter = RunLibrary.Filter(scenario: bad.head.scenario, verdict: "passed")
    for word in (text ?? "").split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.count) {
      case ("scenario"?, 2): filter.scenario = parts[1]
      case ("verdict"?, 2): filter.verdict = parts[1]
      default: throw Problem(.usage, "--against: \(word) is not known", hint: "write scenario=NAME and verdict=WORD")
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
