import Contracts
import Events
import SpeechProtocol

/// Compares what a counter counted with what logs told, event by event.
///
/// Either may be seen first; only a difference that lasts means something.
package struct CounterWatch: Codable, Hashable, Sendable {
  /// How long a difference may last, in seconds, before it is acted on.
  static let patienceSeconds = 3.0

  /// Counted but not told (positive), or told but not counted (negative).
  package private(set) var surplus = 0
  /// Whether the log ever told such an event.
  package private(set) var logTells = false
  private var counterSeenAt: RunInstant?
  private var unevenSince: RunInstant?

  /// Whether there is a difference at present.
  var isUneven: Bool { unevenSince != nil }

  /// Nothing counted, nothing told.
  package init() {}

  /// The counter rose by this much; the first scrape only sets the base.
  mutating func counted(_ increase: Int, at instant: RunInstant) {
    if counterSeenAt == nil {
      counterSeenAt = instant
      surplus = 0
    }
    move(by: increase, at: instant)
  }

  /// The log told one event. What occurred before the first scrape is in the counter's base already and cannot be compared.
  mutating func told(at instant: RunInstant) {
    logTells = true
    if let counterSeenAt, instant > counterSeenAt { move(by: -1, at: instant) }
  }

  /// The counter began again: what was open cannot be compared any more.
  mutating func restart() {
    surplus = 0
    unevenSince = nil
  }

  private mutating func move(by step: Int, at instant: RunInstant) {
    let before = surplus
    surplus += step
    if surplus == 0 { unevenSince = nil } else if before == 0 || before.signum() != surplus.signum() { unevenSince = instant }
  }

  /// A difference that has lasted: positive for what was counted and never told. Clears what it returns.
  mutating func takeLasting(now: RunInstant) -> Int {
    guard let since = unevenSince, now.seconds(since: since) > Self.patienceSeconds else { return 0 }
    defer {
      surplus = 0
      unevenSince = nil
    }
    return surplus
  }
}

extension RunState {
  /// Takes in the counters that stand for events.
  mutating func noteCounters(_ sample: MetricsSample, at instant: RunInstant) {
    for (signal, _) in Self.watchedCounters {
      guard let value = sample.signals[signal]?.number, value.isFinite else { continue }
      let before = counterBases[signal]
      counterBases[signal] = value
      var watch = counterWatches[signal] ?? CounterWatch()
      if let before, value >= before {
        watch.counted(Int(min(value - before, 1e6).rounded()), at: instant)
      } else {
        watch.restart()
        watch.counted(0, at: instant)
      }
      counterWatches[signal] = watch
    }
  }

  /// Counters each of whose steps stands for one event that a log may tell too.
  static let watchedCounters: [(SignalID, BackpressureAction?)] = [
    (.backpressurePause, .pause), (.backpressureSlowDown, .slowDown), (.backpressureNone, BackpressureAction.none), (.reconnections, nil),
  ]

  /// A log line told an event that a counter counts too.
  mutating func noteTold(_ signal: SignalID, at instant: RunInstant) {
    counterWatches[signal, default: CounterWatch()].told(at: instant)
  }

  /// What was counted and never told is inferred where logs are silent, and a finding where they should have told.
  mutating func settleInference() {
    // After every event: mostly there is no difference at all.
    guard counterWatches.values.contains(where: \.isUneven) else { return }
    for (signal, action) in Self.watchedCounters {
      guard let lasting = counterWatches[signal]?.takeLasting(now: now), lasting != 0 else { continue }
      let logTells = counterWatches[signal]?.logTells == true
      if lasting > 0, !logTells {
        infer(action, count: lasting)
      } else if action != nil {
        // What a service counts as a reconnection, attempts or successes, differs: no finding comes of that.
        let text =
          lasting > 0
          ? "\(signal) counted \(lasting) more than the log told" : "the log told \(-lasting) more than \(signal) counted"
        let origin = FindingOrigin(
          service: worker, witness: SourceID(.metrics, metricsService), sureness: .inferred)
        note(Finding(id: "counter-\(signal)", text: text), at: now, from: origin)
      }
    }
  }

  private mutating func infer(_ action: BackpressureAction?, count: Int) {
    for _ in 0..<min(count, 100) {
      if let action {
        let event = BackpressureEvent(severity: nil, action: action)
        backpressure.note(event, provenance: .inferred, at: now)
        addInferredRow(.backpressure, .info, "\(action.rawValue) (concluded from its counter)")
      } else {
        reconnection.noteLost(reason: nil, provenance: .inferred, at: now)
        reconnection.noteBack(at: now)
        addInferredRow(.reconnect, .info, "reconnected (concluded from its counter)")
      }
    }
  }

  private mutating func addInferredRow(_ category: EventRow.Category, _ severity: EventRow.Severity, _ text: String) {
    var row = EventRow(
      serial: rows.total, number: newest, at: now, category: category, severity: severity, service: worker, text: text,
      isInferred: true)
    row.isReading = true
    rows.append(row)
  }
}
