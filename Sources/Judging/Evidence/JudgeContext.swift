import Contracts
import Events
import MediaSync
import RunModel

/// What judges may know besides the events they are told: what the run is, how far it has come, and what each source is worth as a witness.
package struct JudgeContext: Sendable {
  static let sourcesKept = 256

  /// Shared, as each file of a case carries it and a contract has many parts.
  private var sharedContract = Shared(Contract(name: "none", summary: ""))
  var contract: Contract {
    _read { yield sharedContract.value }
    set { sharedContract = Shared(newValue) }
  }
  var speed = 1.0
  /// Whether the speech service is our stand-in in this process, of which it is known that it answers with the dub.
  var isEmbedded = false
  var now: RunInstant = .zero
  /// Until when a log may be read again: what came after a line of it may not be told yet.
  var readAgainUntil: RunInstant = .zero
  var isReadAgain: Bool { now < readAgainUntil }
  var beganAt: RunInstant?
  /// The same by the wall clock.
  var beganWall: WallTime?
  var completedAt: RunInstant?
  /// Whether a fault stopped the publisher.
  var isPublisherAsked = false
  /// The wall-clock time at which the run's axis begins, and the local offset, to name times as people read them.
  var startedAt = WallTime(epochSeconds: 0)
  var localUTCOffsetSeconds = 0
  var services: [ServiceName] = []
  /// Why a step of the scenario could not be done; nil while all could.
  var undoneStep: String?
  /// Needs of the scenario of which nobody can say whether the services meet them; nil for none.
  var unverifiedNeeds: String?
  /// The limit that the last session opened with.
  var sessionLimit: Int?
  /// How often each source is read, in seconds.
  var intervals: [SourceID: Double] = [:]
  var logs: [ServiceName: LogWitness] = [:]
  var metrics: [ServiceName: MetricsWitness] = [:]
  /// What the worker counted of what its log tells too.
  var counted: [SignalID: CounterTrail] = [:]
  var breaker = BreakerWitness()
  var input = InputWitness()
  var output = OutputWitness()
  private var delayFold = DelayFold()
  /// How long after it was sent each segment of an output stream came out, as far as it is known.
  private var delays: [ServiceName: [Timed<SegmentDelay>]] = [:]
  var disturbances = Disturbances()
  /// Whether a service answered a health check in the run.
  var hasHealth = false
  /// Services that the scenario expects to end.
  var expectedEnds: Set<ServiceName> = []
  /// Services whose logs told of something at a time that cannot be, with what to say of it.
  var mistimed: [ServiceName: String] = [:]

  // Field by field of what is shared: a contract taken out whole is copied whole.
  var thresholds: Thresholds { sharedContract.value.thresholds }
  var worker: ServiceName { sharedContract.value.workerService }

  /// What a value of the breaker's gauge means by the contract; nil where it knows none.
  func breakerState(code: Double) -> BreakerState? { sharedContract.value.breakerEncoding.first { $0.value == code }?.state }

  /// How late a thing may be because this machine was busy, in pipeline seconds: a quarter of a real second.
  var schedulerAllowance: Double { 0.25 * max(1, speed) }

  /// How long a segment lasts: what the worker tells of its own, else what the contract says.
  var segmentSeconds: Double { input.segmentSeconds ?? thresholds.segmentSeconds }

  /// How long a log may say nothing of a service that works, in seconds: two segments.
  /// Where nothing else is read that shows that the service works, no longer than one.
  var quietSeconds: Double { (hasOtherSigns ? 2 : 1) * segmentSeconds + schedulerAllowance }

  /// Whether anything but a log shows that the services work.
  private var hasOtherSigns: Bool {
    hasHealth || metrics.values.contains { $0.first != nil } || output.best != nil || input.startedAt != nil
  }

  /// How long after the end of its input a worker has still something to do, in seconds: what stands between input and output.
  var drainSeconds: Double { segmentSeconds + thresholds.fragmentTimeoutSeconds + 1 }

  /// What is judged ends when the steps are over.
  var end: RunInstant { completedAt ?? now }
  var begin: RunInstant { beganAt ?? .zero }

  /// How long nothing may be read of a source without the readings having a hole: three intervals, and the time that one reading may take.
  func patience(_ kind: SourceKind, _ service: ServiceName) -> Double {
    Staleness.limit(intervalSeconds: interval(kind, service)) + 2.5 * max(1, speed)
  }

  func interval(_ kind: SourceKind, _ service: ServiceName) -> Double { intervals[SourceID(kind, service)] ?? 1 }

  /// Takes in what tells when marks are sent, and when they come out.
  mutating func noteDelays(_ envelope: EventEnvelope) {
    for told in delayFold.note(envelope) where delays[told.stream, default: []].count < 100_000 {
      delays[told.stream, default: []].append(Timed(told.delay, at: told.at))
    }
  }

  /// The same of those that were heard in the run: what came out before is not of it.
  func delays(of stream: ServiceName) -> ArraySlice<Timed<SegmentDelay>> {
    delays[stream].map { all in all[(all.firstIndex { $0.at >= begin } ?? all.endIndex)...] } ?? []
  }

  /// Whether anything is known of when the marks of an output stream are sent.
  func knowsSends(of stream: ServiceName?) -> Bool { stream.map { delayFold.knowsSends(of: $0) } ?? false }

  mutating func noteInterval(_ seconds: Double, of source: SourceID) {
    if intervals.count < Self.sourcesKept || intervals[source] != nil { intervals[source] = seconds }
  }

  /// Whose metrics are the worker's: its own, or those of the only endpoint there is.
  var workerMetrics: ServiceName { metrics[worker] == nil && metrics.count == 1 ? metrics.keys.first ?? worker : worker }

  /// Whether what an endpoint says of the contract's signals is the worker's: its own endpoint, where it has one, whatever others say.
  func isOfWorker(_ service: ServiceName) -> Bool {
    service == worker || metrics[worker] == nil && intervals[SourceID(.metrics, worker)] == nil
  }

  /// Changes what is known of a log.
  mutating func updateLog(of service: ServiceName, _ change: (inout LogWitness) -> Void) {
    guard logs.count < Self.sourcesKept || logs[service] != nil else { return }
    change(&logs[service, default: LogWitness()])
  }

  /// Changes what is known of a metrics endpoint.
  mutating func updateMetrics(of service: ServiceName, _ change: (inout MetricsWitness) -> Void) {
    guard metrics.count < Self.sourcesKept || metrics[service] != nil else { return }
    change(&metrics[service, default: MetricsWitness()])
  }

  /// Whether anything was seen to go through the pipeline: without that nothing could have failed.
  var idleness: Ignorance? {
    let seen = logs[worker]?.topics ?? []
    if !seen.isDisjoint(with: [.fragments, .segments]) || input.countedSegments { return nil }
    return Ignorance("nothing was seen to go through \(worker): no fragment and no segment")
  }
}

/// A value that many hold and nobody changes.
final class Shared<Value: Sendable>: Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
