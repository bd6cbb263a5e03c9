import Contracts
import Events

/// A worker of a run, or one of several streams of it: whatever has a breaker, fragments and figures of its own.
package struct WorkerLane: Codable, Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The worker's service.
  package let service: ServiceName
  /// Its stream, by the name that its metrics have for it; nil for all of the worker.
  package let stream: String?

  /// A worker, or one of its streams.
  package init(_ service: ServiceName, stream: String? = nil) {
    self.service = service
    self.stream = stream
  }

  /// "media-service-2", "stream test of media-service".
  package var description: String { stream.map { "stream \($0) of \(service)" } ?? service.text }

  /// Workers by their names, each before its streams.
  package static func < (left: WorkerLane, right: WorkerLane) -> Bool {
    (left.service, left.stream == nil ? 0 : 1, left.stream ?? "") < (right.service, right.stream == nil ? 0 : 1, right.stream ?? "")
  }
}

/// What is known of a lane while ``RunState``'s own fields tell of another one. Each stands in for the field of its name.
struct WorkerTracks: Codable, Sendable {
  var signals: [SignalID: SignalTrack] = [:]
  var breaker: BreakerTrack
  var backpressure: BackpressureTrack
  var reconnection: ReconnectionTrack
  var segments = SegmentFlow()
  var fragments = FragmentTrack()
  var sync: SyncTrack
  var knowledge = WorkerKnowledge()
  var restartedAt: RunInstant?
  var counterBases: [SignalID: Double] = [:]
  var counterWatches: [SignalID: CounterWatch] = [:]

  init(limits: StateLimits) {
    breaker = BreakerTrack(limits: limits)
    backpressure = BackpressureTrack(limits: limits)
    reconnection = ReconnectionTrack(limits: limits)
    sync = SyncTrack(limits: limits)
  }
}

/// Which lanes a run has, and whose the fields of the state are at the moment.
struct WorkerLanes: Codable, Sendable {
  /// The lane that the state's own fields tell of; nil for the worker of the contract.
  var active: WorkerLane?
  /// All others that were seen.
  var others: [WorkerLane: WorkerTracks] = [:]
  /// The worker of the contract while it is not active; else none. In a list, so that the state does not carry the room for it.
  var ofContract: [WorkerTracks] = []
  /// Whose scrapes and whose log are the contract's worker's, where it has none under its own name.
  var metricsOwner: ServiceName?
  var logOwner: ServiceName?
  /// When time was last let pass in lanes of which nothing came.
  var settledAt: RunInstant = .zero
  /// How many streams the newest scrape of a worker showed.
  var streamCounts: [ServiceName: Int] = [:]

  /// How many streams are told apart at most, so that an endpoint of thousands of them stays light.
  static let streamLimit = 128
  /// How many workers besides that of the contract are: streams take no room of theirs.
  static let workerLimit = 64

  /// How many of these there are.
  var streamCount: Int { others.keys.count { $0.stream != nil } }
  var workerCount: Int { others.keys.count { $0.stream == nil } }
}

/// Whose an event is.
enum WorkerHome {
  /// A lane; nil for the worker of the contract.
  case lane(WorkerLane?)
  /// A worker for which there is no room: it is told, and changes nothing.
  case nowhere
}

extension RunState {
  /// The worker that the state's figures are of.
  package var worker: ServiceName { lanes.active?.service ?? contractWorker }
  /// Whose scrapes tell of it.
  package var metricsService: ServiceName { reader(lanes.metricsOwner) }
  /// Whose log tells of it.
  package var logService: ServiceName { reader(lanes.logOwner) }

  /// The worker of a stream of the contract's worker is read under the name that its owner has.
  private func reader(_ owner: ServiceName?) -> ServiceName {
    guard let active = lanes.active?.service else { return owner ?? contractWorker }
    guard let owner, active == contractWorker else { return active }
    return owner
  }

  /// The lane that the state's figures are of.
  package var shownLane: WorkerLane { lanes.active ?? WorkerLane(contractWorker) }

  /// All lanes, the worker of the contract first. More than one where several workers are read, or a worker has several streams.
  package var workerLanes: [WorkerLane] {
    let main = WorkerLane(contractWorker)
    let all = Set(lanes.others.keys).union(lanes.active.map { [$0] } ?? []).subtracting([main])
    return [main] + all.sorted { ($0.service != main.service ? 1 : 0, $0) < ($1.service != main.service ? 1 : 0, $1) }
  }

  /// How many streams the worker of a lane has by its newest scrape; 1 where it tells none apart.
  package var streamCount: Int { lanes.streamCounts[metricsService] ?? 1 }

  /// The run with figures of another lane; as it is for one that is not known.
  package func showing(_ lane: WorkerLane) -> RunState {
    let isOfContract = lane == WorkerLane(contractWorker)
    guard lane != shownLane, isOfContract || lanes.others.keys.contains(lane) else { return self }
    var other = self
    other.enter(isOfContract ? nil : lane)
    return other
  }

  /// Makes the state's own fields tell of a lane.
  /// - Returns: which one they told of before.
  @discardableResult @inline(__always) mutating func enter(_ lane: WorkerLane?) -> WorkerLane? {
    // So it is after nearly every event.
    if case nil = lane, case nil = lanes.active { return nil }
    return change(to: lane)
  }

  private mutating func change(to lane: WorkerLane?) -> WorkerLane? {
    let before = lanes.active
    guard lane != before else { return before }
    var tracks: WorkerTracks?
    if let lane { tracks = lanes.others.removeValue(forKey: lane) } else { tracks = lanes.ofContract.popLast() }
    var other = tracks ?? WorkerTracks(limits: lane?.stream == nil ? limits : streamLimits)
    swap(&other.signals, &metrics.signals)
    swap(&other.breaker, &breaker)
    swap(&other.backpressure, &backpressure)
    swap(&other.reconnection, &reconnection)
    swap(&other.segments, &segments)
    swap(&other.fragments, &fragments)
    swap(&other.sync, &sync)
    swap(&other.knowledge, &knowledge)
    swap(&other.restartedAt, &restartedAt)
    swap(&other.counterBases, &counterBases)
    swap(&other.counterWatches, &counterWatches)
    if let before { lanes.others[before] = other } else { lanes.ofContract = [other] }
    lanes.active = lane
    return before
  }

  /// Lets time pass, once a second, in lanes of which nothing came.
  mutating func settleLanes() {
    guard !lanes.others.isEmpty, now.seconds(since: lanes.settledAt) >= AlarmBook.restSeconds else { return }
    lanes.settledAt = now
    for lane in Array(lanes.others.keys) {
      enter(lane)
      settleLane()
      enter(nil)
    }
  }

  /// Of one stream among many less is kept.
  private var streamLimits: StateLimits {
    var few = limits
    few.points = min(few.points, 600)
    return few
  }

  /// The lane of a scrape; nil for the worker of the contract.
  mutating func lane(scraped sample: MetricsSample) -> WorkerHome {
    let service = sample.service
    guard service != contractWorker, service != lanes.metricsOwner else { return .lane(nil) }
    let lane = WorkerLane(service)
    if lanes.others[lane] != nil { return .lane(lane) }
    let shown = Self.signalsOfWorkers.filter { sample.signals[$0] != nil }
    guard !shown.isEmpty else { return .lane(nil) }
    if lanes.metricsOwner == nil, !isRead(.metrics, contractWorker) {
      lanes.metricsOwner = service
      return .lane(nil)
    }
    // Another worker is one that shows what the first one shows as well: an endpoint may have a part of its figures.
    let isSecond = shown.contains { signal in
      metrics.signals[signal].map { $0.goneAt == nil && $0.service != service } ?? false
    }
    guard isSecond else { return .lane(nil) }
    guard isRoomForWorker else { return .nowhere }
    // What was taken for the first one's meanwhile was this one's.
    for (signal, track) in metrics.signals where track.service == service { metrics.signals[signal] = nil }
    return .lane(lane)
  }

  /// The lane of a service of which something is told.
  mutating func lane(of happening: Happening) -> WorkerHome {
    let service = happening.service
    guard service != contractWorker, service != lanes.logOwner else { return .lane(nil) }
    let lane = WorkerLane(service)
    if lanes.others[lane] != nil { return .lane(lane) }
    guard let teller = happening.kind.teller else { return .lane(nil) }
    let isOwner = lanes.logOwner == nil && (service == lanes.metricsOwner || !isRead(.log, contractWorker))
    switch teller {
    case .worker where isOwner:
      lanes.logOwner = service
      return .lane(nil)
    case .either where isOwner || !isFurtherWorker(service): return .lane(nil)
    case .worker, .either: return isRoomForWorker ? .lane(lane) : .nowhere
    }
  }

  /// Whether a service is another worker, by its name (a replica is the worker's with a number) or by what is read of it: log and metrics
  /// of one that is no other part of the pipeline.
  private func isFurtherWorker(_ service: ServiceName) -> Bool {
    if service.isReplica(of: contractWorker) { return true }
    guard service != .speechService, service != .mediaServer, let sources = description?.sources,
      sources.contains(SourceID(.log, service)), sources.contains(SourceID(.metrics, service))
    else { return false }
    return description?.contract.endpoints.contains { $0.service == service } == false
  }

  private var isRoomForWorker: Bool { lanes.workerCount < WorkerLanes.workerLimit }

  /// The lane of the lines of a log, where they are of a worker at all.
  func lane(logged service: ServiceName) -> WorkerLane? {
    let lane = WorkerLane(service)
    return lanes.others[lane] != nil ? lane : nil
  }

  /// Whether a source of this kind reads a service in this run. As long as nobody said what is read, the worker of the contract is.
  package func isRead(_ kind: SourceKind, _ service: ServiceName) -> Bool {
    guard let known = description?.sources, !known.isEmpty else { return true }
    return known.contains(SourceID(kind, service))
  }

  /// What only a worker exposes.
  private static let signalsOfWorkers: [SignalID] = [
    .fragmentsSent, .fragmentsProcessed, .fragmentsFallback, .inflightFragments, .breakerState,
  ]
}

extension Happening.Kind {
  /// Whose log tells of such a thing.
  fileprivate enum Teller {
    case worker
    /// The speech service tells of the same fragments and sessions.
    case either
  }

  /// Who tells of it; nil for what is not of a worker.
  fileprivate var teller: Teller? {
    switch self {
    case .breaker, .segment: .worker
    case .fragment, .backpressure, .speechDisconnected, .speechConnected, .sessionOpened, .reconnectionPlanned, .reconnectionAttempt,
      .reconnectionGaveUp, .syncClaim:
      .either
    case .lifecycle, .fault, .environment, .publisher, .stream, .mark, .linesLost, .scenario, .finding, .runEnded, .note, .logReadAgain:
      nil
    }
  }
}

extension Finding {
  /// The same under a name that no finding of another service, or of another lane, has.
  func named(of service: ServiceName, in lane: WorkerLane?, worker: ServiceName) -> Finding {
    let owner = lane?.description ?? (service == worker || service == "dubwatch" ? nil : service.text)
    guard let owner, !id.hasSuffix(owner) else { return self }
    return Finding(id: "\(id)@\(owner)", text: lane.map { "\($0): \(text)" } ?? text, holds: holds)
  }
}
