import Events

/// How far a run has come, in a few numbers: what a screen needs to know to decide whether to draw.
package struct RunProgress: Hashable, Sendable {
  /// Rises with every event.
  package var revision: UInt64
  /// How many rows the merged stream ever had.
  package var rows: Int
  /// How many expectations are violated.
  package var violated: Int

  /// How far a run has come.
  package init(revision: UInt64 = 0, rows: Int = 0, violated: Int = 0) {
    self.revision = revision
    self.rows = rows
    self.violated = violated
  }
}

/// A run as it is at the moment at which it was asked for.
package struct RunMoment: Sendable {
  /// The run.
  package var run: RunState
  /// How far it had come.
  package var progress: RunProgress
  /// The oldest moment that can be asked for.
  package var oldest: RunInstant

  /// A run as it is.
  package init(run: RunState, progress: RunProgress, oldest: RunInstant) {
    self.run = run
    self.progress = progress
    self.oldest = oldest
  }
}

/// Where the screen takes the run from, whenever it draws: a live history or a recording. However slow the screen is, the run goes on.
package protocol RunFeed: Sendable {
  /// Waits until the run has gone on beyond a revision; nil when it is over and nothing newer will come, or the waiting task was
  /// cancelled.
  func progress(after revision: UInt64) async -> RunProgress?
  /// The run as it is.
  func moment() async -> RunMoment
  /// The run as it was; moments that are not kept give the nearest one that is.
  func state(at instant: RunInstant) async -> RunState
}

/// Rows of the merged stream, as a reader of lines gets them.
package struct RowBatch: Sendable {
  /// The rows, in order.
  package var rows: [EventRow]
  /// How many rows were left out just before these, because this reader was too slow to take them; routine ones go first.
  package var skipped: Int
  /// What the run is; nil before it is described.
  package var description: RunDescription?
  /// How many expectations are violated by now.
  package var violated: Int
  /// Whether the run ended by itself.
  package var hasEnded: Bool

  /// Rows of the merged stream.
  package init(rows: [EventRow], skipped: Int = 0, description: RunDescription?, violated: Int = 0, hasEnded: Bool = false) {
    self.rows = rows
    self.skipped = skipped
    self.description = description
    self.violated = violated
    self.hasEnded = hasEnded
  }
}

extension RunState {
  /// How far the run has come.
  package var progress: RunProgress { RunProgress(revision: eventCount, rows: rows.total, violated: verdict.counts.violated) }
}
