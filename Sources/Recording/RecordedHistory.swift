import Events
import MCAP
import RunModel
import WireFormats

/// A recording as a history: the run at any of its moments.
///
/// It is folded once from its beginning; on the way states are kept between chunks, from which any moment is a few chunks away.
package actor RecordedHistory {
  private struct Rest: Sendable {
    var state: RunState
    var events: RecordedEvents
  }

  /// States are at least so many seconds of run time apart.
  private static let spacingSeconds = 5.0
  /// So many states are kept at most: then every second one goes, and they are taken half as often. One shares most of its storage with the next.
  private static let restLimit = 400

  /// What the recording says of itself.
  package nonisolated let head: RecordingHead
  private var rests: [Rest]
  private var spacing = RecordedHistory.spacingSeconds
  private var events: RecordedEvents
  private var state: RunState
  private var isRead = false
  /// What lies on the way, once all was read.
  package private(set) var moments = RecordedMoments()
  private var lastStep: (instant: RunInstant, state: RunState)?

  /// Opens a recording.
  /// - Throws: where it is none.
  package init(_ source: any MCAPSource, limits: StateLimits = StateLimits()) throws(Problem) {
    events = try RecordedEvents(source)
    head = events.head
    state = RunState(limits: limits)
    rests = [Rest(state: RunState(limits: limits), events: events)]
  }

  /// The newest verdict in the file, as it was recorded.
  package var verdict: VerdictMark? { events.verdict }
  /// What is missing, as far as was read.
  package var losses: RecordedEvents.Losses { events.losses }
  /// Whether the recording was written to its end.
  package var isComplete: Bool { events.isComplete }

  /// Reads all of it, once.
  package func readAll() throws(Problem) {
    guard !isRead else { return }
    while let envelope = try events.next() {
      state.apply(envelope)
      note(envelope)
      keepRest()
    }
    isRead = true
    moments.faults = state.faults.map { RecordedMoments.Span(from: $0.began, to: $0.ended) }
  }

  private func note(_ envelope: EventEnvelope) {
    switch envelope.event {
    case .verdict(let change):
      if change.verdict.standing == .violated { moments.violations.append(envelope.instant) }
    case .tick, .sample(.ownCost): return
    case .happening(let happening):
      moments.events.append(envelope.instant)
      switch happening.kind {
      case .breaker, .fault, .mark, .scenario: moments.turns.append(envelope.instant)
      default: return
      }
    case .sample, .logLines, .sourceStatus, .description: moments.events.append(envelope.instant)
    }
  }

  private func keepRest() {
    guard let last = rests.last, state.now.seconds(since: last.state.now) >= spacing, let rest = events.resting() else { return }
    rests.append(Rest(state: state, events: rest))
    if rests.count > Self.restLimit {
      rests = rests.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      spacing *= 2
    }
  }

  /// The run at the end of the recording.
  package var end: RunState { state }

  /// The run as it was at a moment: every event up to it, and time moved on to the moment itself.
  package func state(at instant: RunInstant) throws(Problem) -> RunState {
    try readAll()
    guard instant < state.now else { return state }
    if let lastStep, lastStep.instant == instant { return lastStep.state }
    let rest = rests.last { $0.state.now <= instant } ?? rests[0]
    var (run, events) = (rest.state, rest.events)
    var last: EventEnvelope?
    while let envelope = try events.next(), envelope.instant <= instant {
      run.apply(envelope)
      last = envelope
    }
    if instant > run.now, let wall = last?.wall ?? run.wallNow {
      let moved = WallTime(epochSeconds: wall.epochSeconds + instant.seconds(since: run.now))
      run.apply(EventEnvelope(number: run.newest, instant: instant, wall: moved, source: .harness, event: .tick))
    }
    lastStep = (instant, run)
    return run
  }

  /// The run just after an event.
  package func state(after number: EventNumber) throws(Problem) -> RunState {
    try readAll()
    let rest = rests.last { $0.state.eventCount > 0 && $0.state.newest <= number } ?? rests[0]
    var (run, events) = (rest.state, rest.events)
    while let envelope = try events.next(), envelope.number <= number { run.apply(envelope) }
    return run
  }

  /// When an event arrived; nil where there is none of that number.
  package func instant(of number: EventNumber) throws(Problem) -> RunInstant? {
    let run = try state(after: number)
    return run.newest == number ? run.now : nil
  }

  /// The first moment at which something is known.
  package var beginning: RunInstant { moments.events.first ?? .zero }
}
