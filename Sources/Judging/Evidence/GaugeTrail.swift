import Events
import RunModel

/// The states that the breaker's gauge showed in the run, for a rule that has nothing better: each change with the reading before it,
/// between which two it was.
struct GaugeTrail: Sendable {
  /// A change that two readings show.
  struct Step: Sendable {
    var state: BreakerState
    /// The last reading of the state before: the change came after it.
    var after: RunInstant
    /// The first reading of the new state: the change had come by then.
    var by: RunInstant
  }

  /// The newest reading.
  private(set) var last: Timed<BreakerState>?
  /// The changes in the run, the first ones of very many.
  private(set) var steps: [Step] = []

  /// Takes in a reading.
  /// - Returns: the change that it shows.
  mutating func note(_ state: BreakerState, at instant: RunInstant) -> Step? {
    defer { last = Timed(state, at: instant) }
    guard let last, last.value != state, steps.count < 256 else { return nil }
    let step = Step(state: state, after: last.at, by: instant)
    steps.append(step)
    return step
  }

  /// "open → closed".
  var words: String { steps.map(\.state.rawValue).joined(separator: " → ") }
}
