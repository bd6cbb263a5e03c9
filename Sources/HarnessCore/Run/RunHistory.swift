import Events
import Judging
import RunModel

/// The one history of a run: numbers what arrives, folds it, has it judged, and hands it to the taps, in this order, every event, once.
///
/// Who emits waits until its event is part of the history: a source that is faster than the history is slowed down by it, and nothing
/// piles up between the two. Who looks takes the state as a value when it wants it: however slow it is, the run goes on.
package actor RunHistory: EventSink {
  let clock: any RunClock
  private let taps: [any EventTap]
  private var fold: RunFold
  private(set) var isFinished = false
  private var lookers: [Int: CheckedContinuation<Void, Never>] = [:]
  private var readers: [Int: RowQueue] = [:]
  var waiting = WaiterList()
  private var nextID = 0

  /// An empty history.
  /// - Parameters:
  ///   - limits: how much of a run is kept in its state.
  ///   - looksBack: whether earlier moments can be asked for.
  ///   - taps: who sees every event, once it is folded.
  package init(clock: any RunClock, limits: StateLimits = StateLimits(), looksBack: Bool = true, taps: [any EventTap] = []) {
    self.clock = clock
    self.taps = taps
    fold = RunFold(limits: limits, looksBack: looksBack)
  }

  /// The run as it is.
  package var state: RunState { fold.state }

  /// Takes in one event; the time it gets is the one at which it arrived here. Later than ``finish()`` it is ignored.
  package func emit(_ event: RunEvent, from source: SourceID) {
    if case .logLines(let lines) = event, lines.isEmpty { return }
    guard !isFinished else { return }
    let rows = fold.state.rows.total
    let step = fold.take(event, at: clock.now(), wall: clock.wallNow(), from: source)
    for tap in taps {
      tap.record(step.arrival)
      for decision in step.decisions { tap.record(decision) }
    }
    waiting.note(step, fold.state)
    if fold.state.rows.total != rows { handOut(since: rows) }
    wakeLookers()
  }

  /// Ends the run: readers get what is left, then nil; whoever waits for something waited in vain.
  package func finish() {
    isFinished = true
    waiting.releaseAll()
    for id in readers.keys { readers[id]?.end() }
    wakeLookers()
  }

  func newID() -> Int {
    nextID += 1
    return nextID
  }
}

// MARK: - Those who look

extension RunHistory: RunFeed {
  /// Waits until the run has gone on beyond a revision; nil when it is over or the waiting task was cancelled.
  package func progress(after revision: UInt64) async -> RunProgress? {
    while fold.state.eventCount <= revision {
      guard !isFinished, !Task.isCancelled else { return nil }
      let id = newID()
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          if Task.isCancelled { continuation.resume() } else { lookers[id] = continuation }
        }
      } onCancel: {
        Task { await self.release(looker: id) }
      }
    }
    return fold.state.progress
  }

  /// The run as it is.
  package func moment() -> RunMoment { RunMoment(run: fold.state, progress: fold.state.progress, oldest: fold.oldest) }

  /// The run as it was at a moment.
  package func state(at instant: RunInstant) -> RunState { fold.state(at: instant) }

  private func release(looker id: Int) { lookers.removeValue(forKey: id)?.resume() }

  private func wakeLookers() {
    guard !lookers.isEmpty else { return }
    for looker in lookers.values { looker.resume() }
    lookers.removeAll(keepingCapacity: true)
  }
}

// MARK: - Those who read rows

extension RunHistory {
  /// A reader that gets every row from now on, once and in order. It must be read until it gives nil, or let go with ``RowReader/close()``.
  package func rowReader() -> RowReader {
    let id = newID()
    readers[id] = RowQueue(isEnded: isFinished)
    return RowReader(history: self, id: id)
  }

  private func handOut(since rows: Int) {
    guard !readers.isEmpty else { return }
    // A single event never makes more rows than are kept.
    let fresh = fold.state.rows.suffix(fold.state.rows.total - rows)
    for id in readers.keys { readers[id]?.append(contentsOf: fresh) }
  }

  fileprivate func nextRows(of id: Int) async -> RowBatch? {
    while let queue = readers[id], queue.isEmpty, !queue.isEnded, !Task.isCancelled {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          if Task.isCancelled { continuation.resume() } else { readers[id]?.wait(continuation) }
        }
      } onCancel: {
        Task { await self.wake(reader: id) }
      }
    }
    guard !Task.isCancelled, let (rows, skipped) = readers[id]?.takeAll(), !rows.isEmpty || skipped > 0 else { return nil }
    let state = fold.state
    return RowBatch(
      rows: rows, skipped: skipped, description: state.description, violated: state.verdict.counts.violated, hasEnded: state.ended != nil)
  }

  private func wake(reader id: Int) { readers[id]?.wake() }

  fileprivate func close(reader id: Int) { readers.removeValue(forKey: id)?.wakeLast() }
}

/// Reads the rows of a history, once and in order.
package struct RowReader: Sendable {
  fileprivate let history: RunHistory
  fileprivate let id: Int

  /// Waits for new rows; nil when the run is over and all were handed out, or the waiting task was cancelled.
  package func nextRows() async -> RowBatch? { await history.nextRows(of: id) }

  /// Nothing is kept for this reader any more.
  package func close() async { await history.close(reader: id) }
}
