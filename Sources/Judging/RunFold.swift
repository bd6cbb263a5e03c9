import Events
import RunModel

/// The one fold of a run: numbers what arrives, takes it into the state, has it judged, and takes what the judge says into the state too.
///
/// Pure: time comes with each event. The history of a live run holds one; tests and a second judging of a recording make their own.
package struct RunFold: Sendable {
  /// What one arrival became: itself, and the decisions that stand beside it.
  package struct Step: Sendable {
    /// What arrived, numbered.
    package var arrival: EventEnvelope
    /// What the judge said of it, in order; mostly nothing.
    package var decisions: [EventEnvelope] = []
  }

  /// The run as it is.
  package private(set) var state: RunState
  /// The run at earlier moments; nil where nobody looks back.
  package private(set) var timeline: StateTimeline?
  /// How many events arrived.
  package private(set) var arrived: UInt64 = 0
  private var judge = Judge()

  /// A fold that has seen nothing.
  /// - Parameters:
  ///   - limits: how much of a run is kept.
  ///   - looksBack: whether earlier moments can be asked for, as far as the limits reach.
  package init(limits: StateLimits = StateLimits(), looksBack: Bool = false) {
    state = RunState(limits: limits)
    timeline = looksBack ? StateTimeline(keptSeconds: limits.windowSeconds) : nil
  }

  /// Takes in something that arrives: it gets the next number.
  /// - Parameters:
  ///   - instant: when it was seen, on the run's axis.
  ///   - wall: when it was seen, by the wall clock.
  ///   - source: who saw it.
  package mutating func take(_ event: RunEvent, at instant: RunInstant, wall: WallTime, from source: SourceID) -> Step {
    take(EventEnvelope(sequence: arrived, instant: instant, wall: wall, source: source, event: event))
  }

  /// Takes in an arrival that has its number already: one of a history that is judged again. Its decisions are made anew: those that
  /// an earlier judge made must be left out.
  @discardableResult
  package mutating func take(_ envelope: EventEnvelope) -> Step {
    arrived = envelope.sequence + 1
    apply(envelope)
    var step = Step(arrival: envelope)
    var event = JudgedEvent(envelope: envelope, at: envelope.instant)
    if case .happening(let happening) = envelope.event {
      let (at, isByArrival) = state.placement(of: happening, in: envelope)
      event = JudgedEvent(envelope: envelope, at: at, isByArrival: isByArrival)
    }
    let changes = judge.note(event, now: state.now)
    guard !changes.isEmpty else { return step }
    for (index, change) in changes.enumerated() {
      let number = EventNumber(envelope.sequence, part: UInt32(index + 1))
      var change = change
      if change.verdict.standing != .pending { change.verdict.decision = number }
      let decision = EventEnvelope(
        number: number, instant: envelope.instant, wall: envelope.wall, source: .harness, event: .verdict(change))
      apply(decision)
      step.decisions.append(decision)
    }
    return step
  }

  /// The run as it was at a moment that is kept; the nearest one otherwise.
  package func state(at instant: RunInstant) -> RunState { timeline?.state(at: instant, live: state) ?? state }

  /// The oldest moment that can be asked for.
  package var oldest: RunInstant { timeline?.oldest ?? state.now }

  private mutating func apply(_ envelope: EventEnvelope) {
    if timeline?.isDue(before: envelope) == true { timeline?.begin(before: envelope, state) }
    timeline?.note(envelope)
    state.apply(envelope)
    timeline?.trim(now: state.now)
  }
}
