import HarnessCore
import Triage
import WireFormats

/// A run that is over, beside the newest ones of its scenario that passed.
enum LastGood {
  /// What differs, as lines; where nothing can be compared, why.
  /// - Parameter recording: where the run is recorded; nil where it is not. Good runs are looked for beside it.
  static func lines(_ recording: RecordingNote?) -> [String] {
    guard let recording else { return ["not compared with good runs: this run was not recorded"] }
    do throws(Problem) {
      let trace = try RunTrace(path: recording.path)
      let folder = recording.path.lastIndex(of: "/").map { String(recording.path[..<$0]) } ?? "."
      var lines: [String] = []
      let good = try GoodRuns([folder.isEmpty ? "/" : folder], against: nil, for: trace).traces { lines.append($0) }
      return lines + (try Comparison(trace, with: good).lines())
    } catch {
      return ["not compared with good runs: \(escapeUntrusted(error.description))"]
    }
  }
}
