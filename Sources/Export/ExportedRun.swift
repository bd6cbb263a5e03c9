import Events
import HarnessCore
import Judging
import MCAP
import PrometheusText
import Recording
import RunModel
import WireFormats

/// A recording read once from its beginning to its end: the run, and what a run's state does not keep for so long.
package struct ExportedRun: Sendable {
  /// One scrape and when it came.
  package struct TimedScrape: Sendable {
    /// When it came.
    package let at: RunInstant
    /// Its series.
    package let scrape: Scrape
  }

  /// The recording's path.
  package let path: String
  /// What it says of itself.
  package let head: RecordingHead
  /// The run at the end of the recording.
  package private(set) var state: RunState
  /// The run when it was judged, before it was taken down; its end where it was not.
  package private(set) var judged: RunState
  /// What is missing, as a sentence; nil where nothing is.
  package private(set) var missing: String?
  /// Health of each service: whether it was well from then on; nil for what is not known.
  package private(set) var health: [ServiceName: [Timed<Bool?>]] = [:]
  /// Every scrape of each service.
  package private(set) var scrapes: [ServiceName: [TimedScrape]] = [:]

  /// More than a live run keeps: a recording is looked at whole. A file of so many rows and points is larger than any page that shows it.
  private static let limits = StateLimits(
    windowSeconds: 1e9, points: 1_000_000, rows: 2_000_000, logLines: 1, logBytes: 1 << 16, logLineBytes: 256)

  /// Reads a recording.
  /// - Parameters:
  ///   - path: its path.
  ///   - keepsScrapes: whether all series are wanted, not only the contract's signals.
  package init(path: String, keepsScrapes: Bool = false) throws(Problem) {
    let source: MCAPFile
    do throws(MCAPError) { source = try MCAPFile(path: path) } catch { throw Problem(.file, "\(path): \(error)") }
    do throws(Problem) { try self.init(source, path: path, keepsScrapes: keepsScrapes) } catch { throw error.at(path) }
  }

  /// Reads a recording out of memory or a file.
  package init(_ source: any MCAPSource, path: String, keepsScrapes: Bool = false) throws(Problem) {
    self.path = path
    var events = try RecordedEvents(source)
    head = events.head
    state = RunState(limits: Self.limits)
    judged = state
    var isJudged = false
    while let envelope = try events.next() {
      state.apply(envelope)
      note(envelope, keepsScrapes)
      guard !isJudged, state.verdict.isClosed, state.ended != nil else { continue }
      judged = state
      isJudged = true
    }
    if !isJudged { judged = state }
    missing = events.losses.sentence
    if !events.isComplete, missing == nil { missing = "the recording was not written to its end" }
  }

  private mutating func note(_ envelope: EventEnvelope, _ keepsScrapes: Bool) {
    switch envelope.event {
    case .sample(.health(let sample)):
      let standing = sample.outcome.isGood
      guard health[sample.service]?.last?.value != .some(standing) else { return }
      health[sample.service, default: []].append(Timed(standing, at: envelope.instant))
    case .sample(.metrics(let sample)) where keepsScrapes:
      scrapes[sample.service, default: []].append(TimedScrape(at: envelope.instant, scrape: sample.scrape))
    default: return
    }
  }

  /// The wall clock's time of an instant of the run's axis.
  package func wall(_ instant: RunInstant) -> WallTime { WallTime(epochSeconds: head.start.epochSeconds + instant.seconds) }

  /// The report of the run as it was judged.
  package var report: RunReport {
    RunReport(ScenarioResult(recorded: judged, named: head.scenario ?? "watch", missing: missing))
  }
}
