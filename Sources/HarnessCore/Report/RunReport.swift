import Contracts
import Events
import PrometheusText
import RunModel
import WireFormats

/// A judged run as a document: what held, what did not, on what evidence. Made from the run's state alone, so that a live run, a
/// headless one and a replay give the same report.
package struct RunReport: Sendable {
  /// The scenario's name.
  package let scenario: String
  /// The environment: `embedded`, `compose:NAME`, `attached`.
  package let environment: String
  /// The contract's name.
  package let contract: String
  /// Pipeline speed.
  package let speed: Double
  /// When judging began, by the wall clock; when the run began where judging never did.
  package let startedAt: WallTime
  /// From there to the newest event, in seconds of pipeline time.
  package let durationSeconds: Double
  /// Whether the run passed.
  package private(set) var outcome: VerdictTrack.Outcome
  /// How many expectations stand how.
  package let counts: VerdictCounts
  /// Every expectation with its verdict, in the scenario's order.
  package let entries: [VerdictEntry]
  /// Why the environment failed, where it did.
  package private(set) var environmentFailure: String?
  /// Injected disturbances.
  package let faults: [FaultRecord]
  /// What was wrong when the run ended, worst first; what its expectations say stands with them.
  package let findings: [Alarm]
  /// Media streams with their tables.
  package let streams: [StreamTrack]
  /// All metric families per service as scraped when the steps were over.
  package let snapshots: [ServiceName: Scrape]
  /// The limits in force.
  package let thresholds: Thresholds
  /// How many log lines were lost before they could be read.
  package let lostLines: Int
  /// Where the run is recorded; nil where it is not.
  package private(set) var recording: RecordingNote?
  private var missing: String?
  let origin: RunInstant

  /// A report of a run as it stands.
  package init(_ run: RunState) {
    let description = run.description
    scenario = description?.scenario ?? "none"
    environment = description?.environment ?? "none"
    contract = run.contract.name
    speed = description?.speed ?? 1
    origin = run.verdict.beganAt ?? .zero
    startedAt = WallTime(epochSeconds: (description?.startedAt.epochSeconds ?? 0) + origin.seconds)
    durationSeconds = max(0, run.now.seconds(since: origin))
    outcome = run.verdict.outcome
    counts = run.verdict.counts
    entries = run.verdict.entries
    environmentFailure = run.environmentFailure
    faults = run.faults
    findings = run.alarms.filter { !$0.isExpectation }
    streams = run.streams.all
    snapshots = run.verdict.snapshots.mapValues(\.value)
    thresholds = run.thresholds
    lostLines = run.lostLines
  }

  /// A report of a run and how it ended: an environment that could not be had is a part of it.
  package init(_ result: ScenarioResult) {
    self.init(result.run)
    recording = result.recording
    outcome = result.outcome
    missing = result.missing
    if case .environmentFailed(let reason) = result.end { environmentFailure = environmentFailure ?? reason }
  }

  /// What is to be said of a run that is inconclusive although no expectation of it is an error: nothing was shown, or a part of it is
  /// lost. Nil for any other.
  var nothingShown: String? {
    guard outcome == .inconclusive, !entries.contains(where: \.isFailure) else { return nil }
    if let missing { return "\(missing): what is missing is not known" }
    return "nothing that this run was to show was observed: each of its expectations is optional, and none is known"
  }

  /// Seconds since judging began.
  func seconds(_ instant: RunInstant) -> Double { instant.seconds(since: origin) }

  /// Seconds with three places, never in exponent form.
  static func fixed(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "0.000" }
    return NumberText.fixed(seconds, 3)
  }

  /// An entry's reason and evidence as lines.
  func lines(of entry: VerdictEntry) -> [String] {
    var lines = [entry.verdict.reason]
    if let number = entry.verdict.decision { lines.append("decided as #\(number)") }
    lines += entry.verdict.evidence.map { "\(Self.fixed(seconds($0.at))) s  #\($0.sequence)  \($0.text)" }
    if entry.verdict.omittedEvidence > 0 { lines.append("… and \(entry.verdict.omittedEvidence) more") }
    return lines
  }
}
