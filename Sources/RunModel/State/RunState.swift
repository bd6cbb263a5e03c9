import Contracts
import Events

/// What is true about a run: the one value that panes, verdicts, replay and reports look at.
///
/// It changes only through ``apply(_:)``, looks at no clock (`now` is the instant of the newest event) and decides nothing: what the
/// judge decided comes as an event.
package struct RunState: Codable, Sendable {
  /// How much is kept.
  package let limits: StateLimits
  /// The instant of the newest event.
  package private(set) var now: RunInstant = .zero
  /// The wall-clock time of the newest event.
  package private(set) var wallNow: WallTime?
  /// How many events were applied.
  package private(set) var eventCount: UInt64 = 0
  /// The number of the newest event.
  package private(set) var newest = EventNumber(0)
  /// Who saw the newest event.
  private(set) var newestSource = SourceID.harness
  /// Whether the newest event was made of a source by the contract: a happening or a sample, not the state of the source.
  private var isOfReading = false
  /// How many log lines were lost before they could be read, because a command printed faster than they were.
  package internal(set) var lostLines = 0

  /// What the run is; nil before its first event.
  package internal(set) var description: RunDescription?
  /// The environment's state and since when.
  package internal(set) var environment: Timed<EnvironmentState>?
  /// Why the environment failed, where it did.
  package internal(set) var environmentReason: String?
  /// Why the environment failed, if it ever did, whatever became of it then.
  package internal(set) var environmentFailure: String?
  /// When the environment was there, and the run proper began; nil before, and where nobody tells of it.
  package internal(set) var begunAt: RunInstant?
  /// Set when the run ended by itself: when and why.
  package internal(set) var ended: Timed<String>?

  /// The services, in the order they are shown.
  package internal(set) var services: [ServiceTrack] = []
  /// Every source that said anything.
  package internal(set) var sources: [SourceID: SourceTrack] = [:]
  /// MediaMTX's paths, in its order.
  package internal(set) var paths: [PathTrack] = []
  /// Signals and series.
  package internal(set) var metrics = MetricsTrack()
  /// The circuit breaker.
  package internal(set) var breaker: BreakerTrack
  /// Backpressure.
  package internal(set) var backpressure: BackpressureTrack
  /// Reconnection.
  package internal(set) var reconnection: ReconnectionTrack
  /// Segments as the worker tells of them.
  package internal(set) var segments = SegmentFlow()
  /// Fragments under way.
  package internal(set) var fragments = FragmentTrack()
  /// A/V sync.
  package internal(set) var sync: SyncTrack
  /// Media streams that are read.
  package internal(set) var streams: StreamTracks
  /// How long after it was sent each segment came out.
  var delays = DelayFold()
  /// Publishers, by their name.
  package internal(set) var publishers: [ServiceName: PublisherTrack] = [:]
  /// Injected disturbances.
  package internal(set) var faults: [FaultRecord] = []
  /// What is not as it should be, by identifier; only what still holds.
  package internal(set) var findings: [String: Timed<Finding>] = [:]
  /// Who says what a finding says, by its identifier.
  var findingOrigins: [String: FindingOrigin] = [:]
  /// Error lines that no template knows, per service, since its last good sign.
  package internal(set) var logErrors: [ServiceName: LogErrors] = [:]
  /// What is remembered of alarms while they stand.
  var alarmBook = AlarmBook()
  /// Notes of the user.
  package internal(set) var marks: [Timed<String>] = []
  /// What the run is judged by, and how it stands.
  package internal(set) var verdict = VerdictTrack()
  /// The merged stream of events.
  package internal(set) var rows: History<EventRow>
  /// Logs as written, per service.
  package internal(set) var logs: [ServiceName: History<Timed<LogLine>>] = [:]
  /// How far each service's log clock stands from ours.
  package internal(set) var logClocks: [ServiceName: LogClock] = [:]
  /// Whether the lines of each service's log can be read.
  package internal(set) var logForms: [ServiceName: LogForm] = [:]
  /// What dubwatch itself costs.
  package internal(set) var ownCost: OwnCost?

  /// Until when it is known what the worker does.
  var knowledge = WorkerKnowledge()
  /// What is known of further workers, and of streams.
  var lanes = WorkerLanes()
  /// When the worker's process last was another one than before; nil where it never was.
  package internal(set) var restartedAt: RunInstant?
  var lossRows: [ServiceName: LossRow] = [:]
  /// When a log last had a line whose time cannot be right, while that is said.
  var mistimedAt: [ServiceName: RunInstant] = [:]
  var logBytes: [ServiceName: Int] = [:]
  /// The counters of the contract in force, put aside for every scrape.
  var countedSignals: Set<SignalID> = []
  var counterBases: [SignalID: Double] = [:]
  var counterWatches: [SignalID: CounterWatch] = [:]

  /// A run about which nothing is known yet.
  package init(limits: StateLimits = StateLimits()) {
    self.limits = limits
    breaker = BreakerTrack(limits: limits)
    backpressure = BackpressureTrack(limits: limits)
    reconnection = ReconnectionTrack(limits: limits)
    sync = SyncTrack(limits: limits)
    streams = StreamTracks(limits: limits)
    rows = History(limit: limits.rows)
  }

  /// The contract in force; an empty one before the run is described.
  package var contract: Contract { description?.contract ?? Contract(name: "none", summary: "") }

  /// The worker of the contract in force. By its name alone: a contract taken out whole is copied whole, and this is asked at every event.
  package var contractWorker: ServiceName { description?.contract.workerService ?? .mediaService }

  /// The limits of the contract in force.
  package var thresholds: Thresholds { description?.contract.thresholds ?? Thresholds() }

  /// Takes in one event. Events come in the order of their numbers.
  package mutating func apply(_ envelope: EventEnvelope) {
    now = max(now, envelope.instant)
    wallNow = envelope.wall
    eventCount += 1
    newest = envelope.number
    newestSource = envelope.source
    isOfReading = envelope.event.isReading
    for told in delays.note(envelope) { streams.note(told) }
    switch envelope.event {
    case .sample(.health(let sample)): applyHealth(sample, envelope)
    case .sample(.metrics(let sample)): applyMetrics(sample, envelope)
    case .sample(.mediaPaths(let sample)): applyPaths(sample, envelope)
    case .sample(.stream(let sample)): streams.note(sample, from: envelope.source, at: envelope.instant)
    case .sample(.publisher(let sample)):
      publishers[envelope.source.service, default: PublisherTrack()].note(sample, at: envelope.instant)
    case .sample(.ownCost(let cost)): ownCost = cost
    case .happening(let happening):
      guard case .lane(let lane) = lane(of: happening) else {
        if !happening.isSequel { addRow(of: happening.kind, at: occurrence(of: happening, in: envelope), service: happening.service) }
        break
      }
      enter(lane)
      if happening.isSequel { return applySequel(happening) }
      applyHappening(happening, envelope)
      applyToStream(happening, envelope)
    case .logLines(let lines): applyLogLines(lines, envelope)
    case .sourceStatus(let status): applySourceStatus(status, envelope)
    case .description(let new): applyDescription(new, envelope)
    case .verdict(let change): applyVerdict(change)
    case .tick: break
    }
    settle()
    enter(nil)
    settleLanes()
  }

  /// What follows from time alone: disagreements that lasted, counters that no log line explained.
  private mutating func settle() {
    streams.trim(before: now.advanced(bySeconds: -limits.windowSeconds))
    settleLane()
    if !logForms.isEmpty { settleLogForms() }
    lookForAlarms()
  }

  mutating func settleLane() {
    let oldest = now.advanced(bySeconds: -limits.windowSeconds)
    breaker.trim(before: oldest)
    sync.trim(before: oldest)
    settleInference()
    // The name alone: a contract is large, and this is asked after every event.
    for finding in breaker.crossCheck(now: now, contract: description?.contract.name ?? "none") {
      note(finding, at: now, from: FindingOrigin(service: worker, witness: SourceID(.metrics, metricsService)))
    }
  }

  private mutating func applyDescription(_ new: RunDescription, _ envelope: EventEnvelope) {
    let isNewContract = description?.contract.name != new.contract.name
    if isNewContract, description?.contract.isDecided == true { forgetReadings() }
    description = new
    verdict.adopt(new)
    countedSignals = Set(new.contract.signals.lazy.filter { $0.kind == .counter }.map(\.signal))
    for name in new.services where !services.contains(where: { $0.name == name }) {
      services.append(ServiceTrack(name: name, limits: limits))
    }
    let order = Dictionary(new.services.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    services.sort { order[$0.name] ?? .max < order[$1.name] ?? .max }
    if isNewContract {
      for service in metrics.scrapes.keys { metrics.scrapes[service]?.signals = [] }
      addRow(.run, .info, "contract \(new.contract.name): \(new.contractReason)", at: envelope.instant, service: "dubwatch")
      readLogsAgain()
    }
  }

  private mutating func applySourceStatus(_ status: SourceStatus, _ envelope: EventEnvelope) {
    var track = sources[envelope.source] ?? SourceTrack(status: status, since: envelope.instant)
    let changed = track.status.standing.isReading != status.standing.isReading || track.changes == 0
    if changed { track.since = envelope.instant }
    if changed || !status.standing.isReading { alarmBook.isDue = true }
    track.status = status
    track.changes += changed ? 1 : 0
    track.updatedAt = envelope.instant
    noteLag(&track, status, envelope)
    let wasTrouble = track.wasTrouble
    track.wasTrouble = !status.standing.isReading
    let isNewReason = track.isNewReason(status.standing)
    sources[envelope.source] = track
    if changed, !status.standing.isReading { noteUnread(envelope.source) }
    if envelope.source.kind == .stream { streams.know(envelope.source.service) }
    // What a health check finds is the service's own row: it is not told twice.
    guard changed || isNewReason, envelope.source.kind != .health else { return }
    switch status.standing {
    case .reading where wasTrouble:
      addRow(.source, .good, "\(envelope.source.kind.rawValue) can be read again", at: envelope.instant, service: envelope.source.service)
    case .reading: break
    case .failing(let reason, _, _):
      let isExpected = envelope.source.kind == .stream && (isPartOfOutputEnd(envelope.instant) || isBeforeOutput(envelope.source.service))
      addRow(
        .source, isExpected ? .info : .warning, "\(envelope.source.kind.rawValue): \(reason)", at: envelope.instant,
        service: envelope.source.service)
    case .ended(let reason):
      addRow(.source, .info, "\(envelope.source.kind.rawValue) ended: \(reason)", at: envelope.instant, service: envelope.source.service)
    }
  }

  /// Whether what the newest event tells depends on the contract.
  private var isReading: Bool { isOfReading && [.log, .metrics].contains(newestSource.kind) }

  /// Adds a row to the merged stream.
  mutating func addRow(
    _ category: EventRow.Category, _ severity: EventRow.Severity, _ text: String, at instant: RunInstant, service: ServiceName,
    isOfReading: Bool = false
  ) {
    // Whatever is worth a row but goes its way may begin or end something that is wrong.
    if severity != .routine { alarmBook.isDue = true }
    var row = EventRow(
      serial: rows.total, number: newest, at: instant, category: category, severity: severity, service: service, text: text)
    row.isReading = isReading || isOfReading
    rows.append(row)
  }

  /// Adds the row of a happening, where its kind has one.
  mutating func addRow(of kind: Happening.Kind, at instant: RunInstant, service: ServiceName) {
    if case .fragment(let fragment) = kind, fragments.isLate(fragment) {
      let name = fragment.sequenceNumber.map(String.init) ?? String((fragment.fragmentID ?? "").prefix(8))
      return addRow(.fragment, .warning, "answer to \(name) came too late: its time had run out", at: instant, service: service)
    }
    guard let row = kind.row(syncMilliseconds: thresholds.syncMilliseconds) else { return }
    addRow(row.category, row.severity, row.sentence + streamSuffix(of: kind), at: instant, service: service)
  }

  /// " of stream b" behind the sentence of a happening, where the worker has several.
  func streamSuffix(of kind: Happening.Kind) -> String {
    streamCount > 1 ? kind.streamOfFragment.map { " of stream \($0)" } ?? "" : ""
  }

  /// Takes in a finding: shows it once, or takes it back.
  mutating func note(_ finding: Finding, at instant: RunInstant, service: ServiceName) {
    note(finding, at: instant, from: FindingOrigin(service: service, witness: newestSource))
  }

  /// The same of a finding that somebody else tells of than who saw the newest event.
  mutating func note(_ finding: Finding, at instant: RunInstant, from origin: FindingOrigin) {
    let service = origin.service
    let finding = finding.named(of: service, in: lanes.active, worker: contractWorker)
    let held = findings[finding.id]
    if finding.holds {
      if held?.value.text == finding.text { return }
      findings[finding.id] = Timed(finding, at: instant)
      findingOrigins[finding.id] = origin
      addRow(of: .finding(finding), at: instant, service: service)
    } else if let held {
      findings[finding.id] = nil
      findingOrigins[finding.id] = nil
      addRow(of: .finding(Finding(id: finding.id, text: held.value.text, holds: false)), at: instant, service: service)
    }
  }

  /// The track of a service, made when it is new.
  mutating func updateService(_ name: ServiceName, _ change: (inout ServiceTrack) -> Void) {
    // By its index: a track that is handed to a closure is copied.
    if let index = services.indices.first(where: { services[$0].name == name }) {
      change(&services[index])
    } else {
      var track = ServiceTrack(name: name, limits: limits)
      change(&track)
      services.append(track)
    }
  }

  /// The track of a service; nil when nothing is known of it.
  package func service(_ name: ServiceName) -> ServiceTrack? { services.first { $0.name == name } }
}
