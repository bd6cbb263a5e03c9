import Contracts
import Events
import MediaSync
import SpeechProtocol
import WireFormats

extension RunState {
  /// What a happening changes, and its row.
  mutating func applyHappening(_ happening: Happening, _ envelope: EventEnvelope) {
    let service = happening.service
    let (instant, isByArrival) = placement(of: happening, in: envelope)
    // What no line tells, such as a message of the protocol, occurred when it came.
    let isTimed = happening.line == nil || !isByArrival
    if envelope.source.kind == .log, service == logService, !happening.isPast, happening.readAt == nil {
      noteWorkerLine(at: envelope.instant)
    }
    if happening.kind.endsSession, [worker, logService].contains(service) { backpressure.noteNewSession(at: instant) }
    switch happening.kind {
    case .breaker(let transition): return applyBreaker(transition, happening, at: instant)
    case .backpressure(let event):
      backpressure.note(event, provenance: happening.provenance, at: instant)
      noteTold(event.action.counter, at: instant)
    case .speechDisconnected(let reason):
      reconnection.noteLost(reason: reason, provenance: happening.provenance, at: instant, isTimed: isTimed)
    case .speechConnected: reconnection.noteBack(at: instant)
    case .sessionOpened(_, _, let limit):
      reconnection.noteBack(at: instant)
      backpressure.sessionLimit = limit ?? backpressure.sessionLimit
    case .reconnectionPlanned(let attempt, let delay):
      reconnection.noteAnnounced(attempt: attempt, delaySeconds: delay, at: instant)
    case .reconnectionAttempt(let attempt): return applyAttempt(attempt, happening, at: instant, isTimed: isTimed)
    case .reconnectionGaveUp: reconnection.noteGaveUp(at: instant)
    case .fragment where service != logService && isRead(.log, worker): break
    case .fragment(let fragment): applyFragment(fragment, happening, at: instant)
    case .segment(let segment):
      if service == logService { segments.note(segment, at: instant) }
      noteDataMoved(service, "segment \(segment.direction == .output ? "out" : "in")", at: instant)
    case .syncClaim(let delta): sync.noteCorrection(delta, at: instant)
    case .lifecycle(let lifecycle):
      guard applyLifecycle(lifecycle, of: service, from: happening.provenance, at: instant) else { return }
    case .fault(let fault): applyFault(fault, at: instant)
    case .environment(let state, let reason):
      environment = Timed(state, at: instant)
      environmentReason = reason
      if state == .running { begunAt = begunAt ?? instant }
      if state == .failed { environmentFailure = environmentFailure ?? reason ?? "the environment failed" }
    case .publisher(let publisher): publishers[envelope.source.service, default: PublisherTrack()].note(publisher, at: instant)
    case .stream(let stream):
      streams.note(stream, from: envelope.source, at: instant)
      return addRow(of: stream, of: envelope.source.service, happening, at: instant)
    case .mark(let text):
      marks.append(Timed(text, at: instant))
      if marks.count > 1000 { marks.removeFirst() }
    case .linesLost(let loss): return applyLoss(loss, of: service, at: instant)
    case .logReadAgain(let reading):
      readLogAgain(of: service)
      guard reading.isNews else { return }
    case .note: break
    case .scenario(let scenario): verdict.note(scenario, at: instant)
    case .finding(let finding): return note(finding, at: instant, service: service)
    case .runEnded(let reason): ended = Timed(reason, at: instant)
    }
    addRow(of: happening.kind, at: instant, service: service)
  }

  /// What befalls a fragment, or a session, of one stream of several is that stream's as well.
  mutating func applyToStream(_ happening: Happening, _ envelope: EventEnvelope) {
    guard !lanes.others.isEmpty, let stream = happening.kind.streamOfFragment ?? happening.kind.streamOfSession else { return }
    let lane = WorkerLane(shownLane.service, stream: stream)
    guard lanes.others[lane] != nil else { return }
    let (instant, _) = placement(of: happening, in: envelope)
    let before = enter(lane)
    defer { enter(before) }
    switch happening.kind {
    case .fragment(let fragment): note(fragment, happening, at: instant)
    case .sessionOpened(_, _, let limit): backpressure.sessionLimit = limit ?? backpressure.sessionLimit
    default: break
    }
  }

  /// What a source told last is no longer how it is, where something else tells that.
  mutating func noteUnread(_ source: SourceID) {
    switch source.kind {
    case .log: noteLogLost(of: source.service)
    case .metrics where service(source.service)?.processStart != nil: updateService(source.service) { $0.processStart = nil }
    default: break
    }
  }

  /// A worker's log is not read any more, or lines of it are lost.
  mutating func noteLogLost(of service: ServiceName) {
    let lane = lane(logged: service)
    guard lane != nil || service == logService else { return }
    let before = enter(lane)
    breaker.noteLogLost()
    enter(before)
  }

  /// What is lost again and again is one row that counts, for a while.
  private mutating func applyLoss(_ loss: LostLines, of service: ServiceName, at instant: RunInstant) {
    lostLines += loss.lines ?? 0
    noteLogLost(of: service)
    if let lines = loss.lines, var row = lossRows[service], row.cause == loss.cause, instant.seconds(since: row.at) < LossRow.seconds {
      row.lines += lines
      lossRows[service] = row
      let sentence = LostLines(lines: row.lines, cause: row.cause).sentence
      if rows.updateLast(depth: 2000, where: { $0.serial == row.serial }, { $0.text = sentence }) { return }
    }
    lossRows[service] = LossRow(serial: rows.total, at: instant, lines: loss.lines ?? 0, cause: loss.cause)
    addRow(of: .linesLost(loss), at: instant, service: service)
  }

  /// The row of what was seen in a stream. That it dries up or closes once nothing more is to come is no trouble.
  private mutating func addRow(of stream: StreamHappening, of name: ServiceName, _ happening: Happening, at instant: RunInstant) {
    guard let row = happening.kind.row(syncMilliseconds: thresholds.syncMilliseconds) else { return }
    var severity = row.severity
    switch stream {
    case .closed, .readerLost: if isPartOfOutputEnd(instant) { severity = .info }
    case .stalled: if isPartOfOutputEnd(streams[name]?.stalledSince) { severity = .info }
    case .opened, .resumed, .gap, .wrap, .seam, .alignment, .mark, .contentOffset, .heard, .content, .fit, .span, .defect: break
    }
    addRow(row.category, severity, row.sentence, at: instant, service: happening.service)
  }

  private mutating func applyBreaker(_ transition: BreakerTransition, _ happening: Happening, at instant: RunInstant) {
    let entries = breaker.entries.total
    let transition = breaker.note(transition, provenance: happening.provenance, at: instant)
    if var row = lastBreakerRow {
      row.severity = transition.severity
      // The change that the gauge told a moment ago and the log tells now is one row.
      let isSame = breaker.entries.total == entries
      let replaced =
        isSame
        && rows.updateLast(depth: 200, where: { $0.category == .breaker && $0.isInferred }) { old in
          old.number = newest
          old.severity = row.severity
          old.text = row.sentence
          old.isInferred = false
        }
      if !replaced { addRow(row.category, row.severity, row.sentence, at: instant, service: happening.service) }
    }
    for violation in transition.violations(failureThreshold: thresholds.breakerFailures) {
      note(Finding(id: "breaker-\(violation.field)", text: violation.message), at: instant, service: happening.service)
    }
  }

  private mutating func applyAttempt(
    _ attempt: ReconnectionAttempt, _ happening: Happening, at instant: RunInstant, isTimed: Bool
  ) {
    reconnection.note(attempt, provenance: happening.provenance, at: instant, schedule: thresholds.backoff, isTimed: isTimed)
    noteTold(.reconnections, at: instant)
    addRow(of: happening.kind, at: instant, service: happening.service)
    for violation in attempt.violations(schedule: thresholds.backoff) {
      note(Finding(id: "reconnection-\(violation.field)", text: "reconnection \(violation)"), at: instant, service: happening.service)
    }
  }

  /// How many faults are kept.
  static let faultLimit = 500

  private mutating func applyFault(_ fault: FaultHappening, at instant: RunInstant) {
    switch fault.phase {
    case .began: faults.append(FaultRecord(id: fault.id, kind: fault.kind, detail: fault.detail, title: fault.title, began: instant))
    case .ended: if let index = faults.lastIndex(where: { $0.id == fault.id }) { faults[index].ended = instant }
    case .momentary:
      faults.append(FaultRecord(id: fault.id, kind: fault.kind, detail: fault.detail, title: fault.title, began: instant, ended: instant))
    case .failed: break
    }
    if faults.count > Self.faultLimit { faults.removeFirst() }
  }

  /// A change that only the gauge tells.
  mutating func addInferredBreakerRow(at instant: RunInstant) {
    guard let row = lastBreakerRow else { return }
    alarmBook.isDue = true
    var added = EventRow(
      serial: rows.total, number: newest, at: instant, category: row.category, severity: row.severity, service: worker,
      text: "\(row.sentence) (concluded from the gauge)", isInferred: true)
    added.isReading = true
    rows.append(added)
  }

  /// The row of the breaker's last change, as it is known now: a line may not say where it came from.
  private var lastBreakerRow: HappeningRow? {
    breaker.entries.last.flatMap { Happening.Kind.breaker($0.transition).row(syncMilliseconds: thresholds.syncMilliseconds) }
  }
}

/// The row that counts lost lines of a service.
struct LossRow: Codable, Sendable {
  var serial: Int
  var at: RunInstant
  var lines: Int
  var cause: LostLines.Cause

  /// For how long one row counts before the next begins, in seconds.
  static let seconds = 10.0
}

extension BackpressureAction {
  /// The signal that counts this action.
  var counter: SignalID {
    switch self {
    case .none: .backpressureNone
    case .slowDown: .backpressureSlowDown
    case .pause: .backpressurePause
    }
  }
}
