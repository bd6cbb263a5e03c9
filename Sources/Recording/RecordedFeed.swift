import Events
import RunModel

/// A recording as a screen takes it: all of it is there, and it is over.
package struct RecordedFeed: RunFeed {
  private let history: RecordedHistory

  /// A history that was read.
  package init(_ history: RecordedHistory) { self.history = history }

  /// How far the recording goes, once; then nil: nothing newer will come.
  package func progress(after revision: UInt64) async -> RunProgress? {
    let progress = await history.end.progress
    return progress.revision > revision ? progress : nil
  }

  /// The run at the recording's end.
  package func moment() async -> RunMoment {
    let end = await history.end
    return RunMoment(run: end, progress: end.progress, oldest: await history.beginning)
  }

  /// The run as it was; where the file cannot be read any more, as it was at the end.
  package func state(at instant: RunInstant) async -> RunState {
    do { return try await history.state(at: instant) } catch { return await history.end }
  }
}
