import Contracts
import Events
import SpeechProtocol

/// Compares what a counter counted with what logs told, event by event.
///
/// Either may be seen first: a step of the counter lies between two scrapes, and an event that a log tells is the one that was counted in
/// that time. Only what stays alone for long enough means something.
package struct CounterWatch: Codable, Hashable, Sendable {
  /// How far log and counter may lie apart, and how long either is waited for, in seconds.
  static let patienceSeconds = 3.0
  /// How many steps and how many events are remembered that have nothing beside them.
  private static let kept = 256

  /// What was counted between two scrapes and is not told yet.
  private struct Step: Codable, Hashable, Sendable {
    var from: RunInstant
    var to: RunInstant
    var count: Int

    func covers(_ instant: RunInstant) -> Bool {
      instant >= from.advanced(bySeconds: -CounterWatch.patienceSeconds) && instant <= to.advanced(bySeconds: CounterWatch.patienceSeconds)
    }

    /// Whether its lines would have been read by now.
    func isOld(_ now: RunInstant) -> Bool { now.seconds(since: to) > CounterWatch.patienceSeconds }
  }

  /// Whether the log ever told such an event.
  package private(set) var logTells = false
  private var untold: [Step] = []
  private var uncounted: [RunInstant] = []
  /// From when on the counter can be compared: what occurred before is in the first value that was read.
  private var base: RunInstant?
  /// When the newest scrape was asked for: what occurred later it cannot show.
  private var askedAt: RunInstant?
  /// The difference that is said to be.
  private var said = 0

  /// Whether there may be something to say, or to take back.
  var isUneven: Bool { !untold.isEmpty || !uncounted.isEmpty || said != 0 }

  /// Nothing counted, nothing told.
  package init() {}

  /// A scrape that was asked for at this moment shows that the counter rose by so much; the first one only sets the base.
  mutating func counted(_ increase: Int, askedAt instant: RunInstant) {
    defer { askedAt = instant }
    guard let askedAt, base != nil else { return base = instant }
    var step = Step(from: askedAt, to: instant, count: increase)
    while step.count > 0, let index = uncounted.firstIndex(where: step.covers) {
      uncounted.remove(at: index)
      step.count -= 1
    }
    guard step.count > 0 else { return }
    if untold.count == Self.kept { untold.removeFirst() }
    untold.append(step)
  }

  /// The log told one event.
  mutating func told(at instant: RunInstant) {
    logTells = true
    guard let base, instant > base else { return }
    if let index = untold.firstIndex(where: { $0.covers(instant) }) {
      untold[index].count -= 1
      if untold[index].count == 0 { untold.remove(at: index) }
    } else {
      if uncounted.count == Self.kept { uncounted.removeFirst() }
      uncounted.append(instant)
    }
  }

  /// The counter began again: what was open cannot be compared any more.
  mutating func restart(askedAt instant: RunInstant) {
    untold = []
    uncounted = []
    (base, askedAt) = (instant, instant)
  }

  /// What no log told, for a log that never tells such events. Forgets what it returns.
  mutating func takeUntold(now: RunInstant) -> Int {
    defer { untold.removeAll { $0.isOld(now) } }
    return untold.reduce(0) { $1.isOld(now) ? $0 + $1.count : $0 }
  }

  /// The difference, where it is another one than was said last: positive for what was counted and never told, 0 where there is none
  /// any more. What was told and not counted counts once a scrape was asked for that would show it.
  mutating func newDifference(now: RunInstant) -> Int? {
    let more = untold.reduce(0) { $1.isOld(now) ? $0 + $1.count : $0 }
    let fewer = uncounted.count { told in askedAt.map { $0.seconds(since: told) > Self.patienceSeconds } ?? false }
    guard more - fewer != said else { return nil }
    said = more - fewer
    return said
  }
}

extension RunState {
  /// Takes in the counters that stand for events.
  mutating func noteCounters(_ sample: MetricsSample, at instant: RunInstant) {
    let asked = sample.askedAt(instant, speed: speed)
    for (signal, _) in Self.watchedCounters {
      guard let value = sample.signals[signal]?.number, value.isFinite else { continue }
      let before = counterBases[signal]
      counterBases[signal] = value
      var watch = counterWatches[signal] ?? CounterWatch()
      if let before, value >= before {
        watch.counted(Int(min(value - before, 1e6).rounded()), askedAt: asked)
      } else {
        watch.restart(askedAt: asked)
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
      guard let watch = counterWatches[signal], watch.isUneven else { continue }
      if !watch.logTells {
        infer(action, count: counterWatches[signal]?.takeUntold(now: now) ?? 0, isTold: isToldByWorker(signal))
      } else if let difference = counterWatches[signal]?.newDifference(now: now), action != nil {
        // What a service counts as a reconnection, attempts or successes, differs: no finding comes of that.
        let text =
          difference > 0
          ? "\(signal) counted \(difference) more than the log told" : "the log told \(-difference) more than \(signal) counted"
        let origin = FindingOrigin(
          service: worker, witness: SourceID(.metrics, metricsService), sureness: .inferred)
        note(Finding(id: "counter-\(signal)", text: text, holds: difference != 0), at: now, from: origin)
      }
    }
  }

  /// Whether the worker of the stream whose figures are at hand watches a counter, too: what is counted is told there, by its log or its sum.
  private func isToldByWorker(_ signal: SignalID) -> Bool {
    guard let lane = lanes.active, lane.stream != nil else { return false }
    let worker = lane.service == contractWorker ? lanes.ofContract.last : lanes.others[WorkerLane(lane.service)]
    return worker?.counterWatches[signal] != nil
  }

  private mutating func infer(_ action: BackpressureAction?, count: Int, isTold: Bool) {
    let stream = lanes.active?.stream.map { " of stream \($0)" } ?? ""
    for _ in 0..<min(count, 100) {
      if let action {
        let event = BackpressureEvent(severity: nil, action: action)
        backpressure.note(event, provenance: .inferred, at: now)
        if !isTold { addInferredRow(.backpressure, .info, "\(action.rawValue)\(stream) (concluded from its counter)") }
      } else {
        reconnection.noteLost(reason: nil, provenance: .inferred, at: now)
        backpressure.noteNewSession(at: now)
        reconnection.noteBack(at: now)
        if !isTold { addInferredRow(.reconnect, .info, "reconnected\(stream) (concluded from its counter)") }
      }
    }
  }

  mutating func addInferredRow(_ category: EventRow.Category, _ severity: EventRow.Severity, _ text: String) {
    var row = EventRow(
      serial: rows.total, number: newest, at: now, category: category, severity: severity, service: worker, text: text,
      isInferred: true)
    row.isReading = true
    rows.append(row)
  }
}
