import Events
import Judging
import MCAP
import RunModel
import WireFormats

/// A recording judged again: the same fold over the same events as live, with decisions made anew.
package struct RecordingJudgement: Sendable {
  /// What the recording says of itself.
  package let head: RecordingHead
  /// The run at its end, with its verdict.
  package let state: RunState
  /// What is missing. What is missing is not known, so that nothing is good by it.
  package let losses: RecordedEvents.Losses
  /// The verdict as it was recorded.
  package let recorded: VerdictMark?
  /// What the judge said, in order.
  package let decisions: [EventEnvelope]

  /// Judges a recording.
  /// - Throws: where it cannot be read, or was not judged and so has nothing to be judged by.
  package init(_ source: any MCAPSource, _ changes: JudgeChanges) throws(Problem) {
    var events = try RecordedEvents(source)
    head = events.head
    var fold = RunFold()
    var decisions: [EventEnvelope] = []
    // A report is of the run as it was judged, not of what came while it was taken down.
    var judged: RunState?
    while var envelope = try events.next() {
      if case .verdict = envelope.event { continue }
      if case .description(let description) = envelope.event {
        envelope = EventEnvelope(
          number: envelope.number, instant: envelope.instant, wall: envelope.wall, source: envelope.source,
          event: .description(try changes.changed(description)))
      }
      decisions += fold.take(envelope).decisions
      if judged == nil, fold.state.verdict.isClosed, fold.state.ended != nil { judged = fold.state }
    }
    guard fold.state.verdict.isJudged else {
      throw Problem(.badInput, "the recording is of a run that was not judged: it has nothing to be judged by")
    }
    state = judged ?? fold.state
    losses = events.losses
    recorded = events.verdict
    self.decisions = decisions
  }

  /// Whether it stands at its end as it was recorded; nil where no verdict of the end was recorded.
  package var agrees: Bool? {
    recorded.flatMap { $0.isWhole ? $0 : nil }.map { $0.outcome == state.verdict.outcome && $0.counts == state.verdict.counts }
  }
}
