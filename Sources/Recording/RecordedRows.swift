import Events
import MCAP
import RunModel
import WireFormats

/// The rows of a recording, each once and in order, as a live run hands them out: folded from its events, however many there are.
package struct RecordedRows: Sendable {
  private var events: RecordedEvents
  private var state = RunState()
  private let begin: RunInstant?

  /// Begins with the first row.
  /// - Parameter begin: rows of events before it are left out; nil for all of them.
  /// - Throws: where it is no recording.
  package init(_ source: any MCAPSource, from begin: RunInstant? = nil) throws(Problem) {
    events = try RecordedEvents(source)
    self.begin = begin
  }

  /// What is missing, as far as was read.
  package var losses: RecordedEvents.Losses { events.losses }

  /// The rows of the next event that has some; nil at the end.
  package mutating func next() throws(Problem) -> RowBatch? {
    while let envelope = try events.next() {
      let before = state.rows.total
      state.apply(envelope)
      guard state.rows.total != before, begin.map({ envelope.instant >= $0 }) ?? true else { continue }
      // A single event never makes more rows than are kept.
      return RowBatch(
        rows: Array(state.rows.suffix(state.rows.total - before)), description: state.description, violated: state.verdict.counts.violated,
        hasEnded: state.ended != nil)
    }
    return nil
  }
}
