import Events
import MCAP
import Recording
import RunModel
import WireFormats

/// How a recorded run came out, as evidence about the product.
package enum RunOutcome: String, Hashable, Sendable, CaseIterable {
  /// Everything required held, on evidence.
  case passed
  /// Something is violated.
  case failed
  /// Nothing is violated, and something required is not known.
  case inconclusive
  /// Its environment never came up: no evidence about the product.
  case environment
  /// It ended before its verdict for another reason.
  case unfinished

  /// Whether it says something of how often the scenario fails.
  package var isEvidence: Bool { self == .passed || self == .failed }

  /// The outcome of a recording; nil where there is none: it was watched, is being written, or cannot be read.
  ///
  /// Head and newest verdict are enough for all but a run without a verdict, of which the events are read until its environment is ready.
  package init?(_ recording: RecordingSummary) {
    guard recording.head?.isJudged == true, !recording.isBeingWritten else { return nil }
    switch recording.verdict?.outcome {
    // Of a recording that lacks its end something may be missing: nothing passes by the rest alone.
    case .passed?: self = recording.isComplete && recording.verdict?.isWhole == true ? .passed : .inconclusive
    case .failed?: self = .failed
    case .inconclusive?: self = .inconclusive
    case .open?, nil: self = Self.cameUp(recording.path) ? .unfinished : .environment
    }
  }

  /// Whether the environment of a run was ever ready; what cannot be read is not known to have failed.
  private static func cameUp(_ path: String) -> Bool {
    guard let file = try? MCAPFile(path: path), var events = try? RecordedEvents(file) else { return true }
    while let envelope = try? events.next() {
      guard case .happening(let happening) = envelope.event else { continue }
      switch happening.kind {
      case .environment(.ready, _), .environment(.running, _), .scenario: return true
      case .environment(.failed, _): return false
      default: continue
      }
    }
    return true
  }
}

/// One run as its recording tells of it.
package struct RunRecord: Hashable, Sendable {
  /// The recording's path.
  package var path: String
  /// The scenario.
  package var scenario: String
  /// The commit it was of; nil where the recording does not say, or the tree was edited since.
  package var commit: String?
  /// When it began, by the wall clock.
  package var start: WallTime
  /// How it came out.
  package var outcome: RunOutcome

  /// A run.
  package init(path: String, scenario: String, commit: String?, start: WallTime, outcome: RunOutcome) {
    self.path = path
    self.scenario = scenario
    self.commit = commit
    self.start = start
    self.outcome = outcome
  }

  /// The run of a recording; nil where it was not judged or cannot be read.
  package init?(_ recording: RecordingSummary) {
    guard let head = recording.head, let scenario = head.scenario, let outcome = RunOutcome(recording) else { return nil }
    self.init(path: recording.path, scenario: scenario, commit: head.commit, start: head.start, outcome: outcome)
  }
}
