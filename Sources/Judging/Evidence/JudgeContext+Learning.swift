import Contracts
import Events
import MediaSync
import RunModel

extension JudgeContext {
  /// Takes in one event of the run: what it says of how far the run has come and of what the sources are worth.
  mutating func learn(_ event: JudgedEvent) {
    noteDelays(event.envelope)
    switch event.envelope.event {
    case .logLines(let lines): learn(lines, event.envelope)
    case .sample(let sample): learn(sample, event.envelope)
    case .sourceStatus(let status): learn(status, of: event.envelope.source, at: event.envelope.instant)
    case .happening(let happening): if !happening.isSequel { learn(happening, event) }
    case .description, .tick, .verdict: break
    }
  }

  private mutating func learn(_ lines: [LogLine], _ envelope: EventEnvelope) {
    guard beganWall != nil, let service = lines.first?.service else { return }
    let patience = quietSeconds
    // Taken out while it changes, so that nothing of it is copied.
    guard var log = logs.removeValue(forKey: service) ?? (logs.count < Self.sourcesKept ? LogWitness() : nil) else { return }
    log.note(lines, at: envelope.instant, patience: patience, rest: input.endedAt, of: service) { isOfRun($0, envelope) }
    logs[service] = log
  }

  /// How much later than it was written a line may be read in any case, in seconds at the speed of real time.
  private static let readingSeconds = 2.0

  /// The event at its place in the run. What was written while its log was read is of the run, also where its own time lies before it
  /// and its clock is not known yet to be off: then it is placed by when it was read.
  func placed(_ event: JudgedEvent) -> JudgedEvent {
    guard let beganAt, event.at < beganAt, let happening = event.happening, happening.provenance == .observed, !happening.isPast,
      case let read = event.envelope.reading(of: happening).instant, read >= beganAt,
      read.seconds(since: event.at) > Self.readingSeconds * max(1, speed)
    else { return event }
    return JudgedEvent(envelope: event.envelope, at: read, isByArrival: true)
  }

  /// Whether a line was written in the run: what was written before is no evidence of it. A line that was written while its log was read
  /// is of the run, whatever its own time says.
  func isOfRun(_ line: LogLine, _ envelope: EventEnvelope) -> Bool {
    isOfRun(reportedAt: line.reportedAt, isPast: line.isPast, seen: envelope.wall)
  }

  /// The same of a line that was read again.
  /// - Returns: nil where it is not known.
  func isOfRun(_ line: LogReading.Loud) -> Bool? {
    guard let seen = line.readAt, let beganWall else { return nil }
    return seen >= beganWall && isOfRun(reportedAt: line.reportedAt, isPast: false, seen: seen)
  }

  private func isOfRun(reportedAt: WallTime?, isPast: Bool, seen: WallTime) -> Bool {
    guard let beganWall else { return false }
    guard let reported = reportedAt, reported < beganWall else { return !isPast || reportedAt != nil }
    return !isPast && seen.epochSeconds - reported.epochSeconds > Self.readingSeconds * max(1, speed)
  }

  private mutating func learn(_ sample: Sample, _ envelope: EventEnvelope) {
    let instant = envelope.instant
    switch sample {
    case .metrics(let sample):
      if sample.service == workerMetrics { count(sample, at: instant) }
      if beganAt != nil {
        let asked = sample.askedAt(instant, speed: speed)
        let patience = patience(.metrics, sample.service)
        let settling = max(1, speed)
        updateMetrics(of: sample.service) {
          $0.note(sample, at: instant, asked: asked, patience: patience, settlingSeconds: settling, of: sample.service)
        }
        if sample.service == workerMetrics { input.note(sample) }
      }
      if sample.service == workerMetrics, let code = sample.signals[.breakerState]?.number {
        breaker.note(gauge: breakerState(code: code), at: instant)
      }
    case .stream(let sample): if !envelope.source.service.isInputStream { output.note(sample, of: envelope.source.service, at: instant) }
    case .publisher(let sample): input.note(sample)
    case .mediaPaths(let sample): if beganAt != nil { input.note(sample.paths) }
    case .health(let sample): if sample.outcome.isAnswer { hasHealth = true }
    case .ownCost: break
    }
  }

  private mutating func count(_ sample: MetricsSample, at instant: RunInstant) {
    for signal in EventPattern.counted.keys {
      if let value = sample.signals[signal]?.number {
        guard value.isFinite else { continue }
        counted[signal, default: CounterTrail()].note(value, in: sample, at: instant, began: beganWall, of: .signal(signal), contract)
      } else if !MetricSelector.signal(signal).mayBeLost(in: sample, contract) {
        counted[signal, default: CounterTrail()].noteAbsent(in: sample)
      }
    }
  }

  private mutating func learn(_ status: SourceStatus, of source: SourceID, at instant: RunInstant) {
    if let seconds = status.intervalSeconds { noteInterval(seconds, of: source) }
    switch source.kind {
    case .log: updateLog(of: source.service) { $0.note(status, of: source.service, at: instant) }
    case .metrics: updateMetrics(of: source.service) { $0.note(status) }
    case .stream: if !source.service.isInputStream { output.note(status, of: source.service) }
    default: break
    }
  }

  private mutating func learn(_ happening: Happening, _ event: JudgedEvent) {
    let isOfRun = beganAt.map { event.at >= $0 && !(happening.isPast && event.isByArrival) } ?? false
    if isOfRun, happening.provenance == .observed { learnTold(happening, event) }
    switch happening.kind {
    case .sessionOpened(_, _, let limit): if happening.service == worker { sessionLimit = limit ?? sessionLimit }
    case .logReadAgain(let reading): if beganAt != nil { learn(reading, of: happening.service, at: event.at) }
    case .linesLost(let loss): if beganAt != nil { updateLog(of: happening.service) { $0.lose(loss, of: happening.service, at: event.at) } }
    case .breaker(let transition):
      if happening.service == worker, happening.provenance == .observed { breaker.note(transition, at: event.at) }
    case .fault(let fault):
      disturbances.note(fault, on: happening.service, at: event.at)
      if fault.kind == FaultKind.publisherStop.id { isPublisherAsked = fault.phase == .began }
    case .publisher(let publisher):
      if beganAt != nil { input.note(publisher, isAsked: isPublisherAsked || completedAt != nil, at: event.at) }
    case .lifecycle(let lifecycle): learn(lifecycle, happening, event, isOfRun)
    case .segment(let segment):
      guard isOfRun, happening.service == worker else { return }
      input.note(segment, at: event.at)
      if segment.direction == .output { output.noteClaim(segment) }
    case .fragment(let fragment): if isOfRun, happening.service == worker, fragment.stage == .sent { input.noteSent() }
    case .stream(let stream):
      if !event.envelope.source.service.isInputStream { output.note(stream, of: event.envelope.source.service, at: event.at) }
    case .scenario(let scenario): follow(scenario, event)
    default: break
    }
  }

  /// What a log told in the run makes it a witness of its kind, and lets the numbers of the metrics be expected to move.
  private mutating func learnTold(_ happening: Happening, _ event: JudgedEvent) {
    let kind = happening.kind.descriptor
    updateLog(of: happening.service) { $0.note(kind) }
    let read = event.envelope.reading(of: happening).wall
    if event.isByArrival, mistimed.count < 64, mistimed[happening.service] == nil {
      mistimed[happening.service] =
        happening.reportedAt.map {
          "the clock of \(happening.service) is \(Figure.seconds(read.epochSeconds - $0.epochSeconds)) behind: "
            + "times in its log cannot be relied on"
        } ?? "lines of the log of \(happening.service) have no time that can be read"
    }
    // What is told once more changed the numbers when it was told first.
    guard happening.readAt == nil, happening.service == worker, let signal = Self.counters[kind] else { return }
    let instant = event.envelope.instant
    let service = workerMetrics
    guard metrics[service]?.signals[signal] != nil else { return }
    updateMetrics(of: service) { $0.expectChange(at: instant, bySegment: kind == .segmentOut) }
  }

  /// What moves when a log tells of these: what counts fragments, and what follows from a segment and a transition.
  private static let counters = EventPattern.counted.reduce(
    into: [HappeningKind.segmentOut: SignalID.fragmentsSent, .breaker: .breakerState]
  ) { moved, row in
    if row.value.detail == nil, row.value.kind.topic == .fragments { moved[row.value.kind] = row.key }
  }

  private mutating func learn(_ lifecycle: ServiceLifecycle, _ happening: Happening, _ event: JudgedEvent, _ isOfRun: Bool) {
    let service = happening.service
    let isAtWork = logs[service].map { !$0.isAtRest && !$0.topics.isDisjoint(with: [.fragments, .segments]) } ?? false
    disturbances.note(lifecycle, of: service, event, isOfRun: isOfRun, isAtWork: isAtWork)
    switch lifecycle {
    case .started, .restarted:
      updateLog(of: service) { $0.goOn() }
      if service == worker {
        input.restart()
        if case .started = lifecycle { breaker.noteStart(at: event.at) } else { breaker.noteRestart() }
      }
    case .stopped, .exited: updateLog(of: service) { $0.rest(at: event.envelope.reading(of: happening).instant) }
    }
  }

  private mutating func follow(_ scenario: ScenarioHappening, _ event: JudgedEvent) {
    switch scenario {
    case .began:
      beganAt = event.at
      beganWall = event.envelope.wall
      breaker.begin(at: event.at)
      output.begin(at: event.at)
    case .completed: completedAt = event.at
    case .closed:
      // Without a beginning nothing was judged: then nothing can be said either.
      beganAt = beganAt ?? event.at
    case .stepFailed(let number, let reason): undoneStep = undoneStep ?? "step \(number) could not be done: \(reason)"
    case .step: break
    }
  }
}
