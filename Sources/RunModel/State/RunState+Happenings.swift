import Contracts
import Events
import SpeechProtocol
import WireFormats

extension RunState {
  mutating func applyHappening(_ happening: Happening, _ envelope: EventEnvelope) {
    let service = happening.service
    let instant = occurrence(of: happening, in: envelope)
    switch happening.kind {
    case .breaker(let transition):
      let entries = breaker.entries.total
      breaker.note(transition, provenance: happening.provenance, at: instant)
      let severity: EventRow.Severity = transition.state == .open ? .bad : transition.state == .closed ? .good : .warning
      // The change that the gauge told a moment ago and the log tells now is one row.
      let isSame = breaker.entries.total == entries
      let sentence = breakerSentence
      let replaced =
        isSame
        && rows.updateLast(depth: 200, where: { $0.category == .breaker && $0.isInferred }) { row in
          row.severity = severity
          row.text = sentence
          row.isInferred = false
        }
      if !replaced { addRow(.breaker, severity, sentence, at: instant, service: service) }
      for violation in transition.violations(failureThreshold: thresholds.breakerFailures) {
        note(Finding(id: "breaker-\(violation.field)", text: violation.message), at: instant, service: service)
      }
    case .backpressure(let event):
      backpressure.note(event, provenance: happening.provenance, at: instant)
      noteTold(event.action.counter, at: instant)
      addRow(.backpressure, event.severityOfRow, event.sentence, at: instant, service: service)
    case .speechDisconnected(let reason):
      reconnection.noteLost(reason: reason, provenance: happening.provenance, at: instant)
      addRow(.reconnect, .bad, "connection to the speech service lost\(reason.map { ": \($0)" } ?? "")", at: instant, service: service)
    case .speechConnected:
      reconnection.noteBack(at: instant)
      addRow(.reconnect, .good, "connected to the speech service", at: instant, service: service)
    case .sessionOpened(let stream, _, let maxInflight):
      reconnection.noteBack(at: instant)
      let words = ["session opened", stream.map { "stream \($0)" }, maxInflight.map { "max in flight \($0)" }].compactMap { $0 }
      addRow(.reconnect, .good, words.joined(separator: ", "), at: instant, service: service)
    case .reconnectionPlanned(let attempt, let delay):
      reconnection.noteAnnounced(attempt: attempt, delaySeconds: delay, at: instant)
      addRow(.reconnect, .info, "attempt \(attempt) planned in \(Self.seconds(delay))", at: instant, service: service)
    case .reconnectionAttempt(let attempt):
      applyAttempt(attempt, happening, at: instant)
    case .reconnectionGaveUp(let attempts):
      reconnection.noteGaveUp(at: instant)
      addRow(.reconnect, .bad, "gave up after \(attempts) attempts", at: instant, service: service)
    case .fragment(let fragment):
      applyFragment(fragment, happening, at: instant)
    case .segment(let segment):
      noteDataMoved(service, "segment \(segment.direction == .output ? "out" : "in")", at: instant)
      addRow(.segment, .routine, segment.sentence, at: instant, service: service)
    case .syncClaim(let delta):
      sync.noteCorrection(delta, at: instant)
      addRow(.sync, .routine, "the service corrects \(Self.milliseconds(delta))", at: instant, service: service)
    case .lifecycle(let lifecycle):
      applyLifecycle(lifecycle, of: service, from: happening.provenance, at: instant)
    case .fault(let fault):
      applyFault(fault, at: instant, service: service)
    case .environment(let state, let reason):
      environment = Timed(state, at: instant)
      environmentReason = reason
      if state == .failed { environmentFailure = environmentFailure ?? reason ?? "the environment failed" }
      addRow(
        .run, state == .failed ? .bad : .info, "environment \(state.rawValue)\(reason.map { ": \($0)" } ?? "")", at: instant,
        service: service)
    case .publisher(let publisher):
      publishers[envelope.source.service, default: PublisherTrack()].note(publisher, at: instant)
      addRow(.publisher, publisher.severity, publisher.sentence, at: instant, service: service)
    case .stream(let stream):
      streams.note(stream, from: envelope.source, at: instant)
      if let (severity, text) = stream.row(thresholdMilliseconds: thresholds.syncMilliseconds) {
        addRow(.sync, severity, text, at: instant, service: service)
      }
    case .mark(let text):
      marks.append(Timed(text, at: instant))
      if marks.count > 1000 { marks.removeFirst() }
      addRow(.mark, .info, text, at: instant, service: service)
    case .linesLost(let loss):
      lostLines += loss.lines
      addRow(.source, .bad, loss.sentence, at: instant, service: service)
    case .scenario(let scenario):
      verdict.note(scenario, at: instant)
      addRow(.run, scenario.severity, scenario.sentence, at: instant, service: service)
    case .finding(let finding):
      note(finding, at: instant, service: service)
    case .runEnded(let reason):
      ended = Timed(reason, at: instant)
      addRow(.run, .info, "run ended: \(reason)", at: instant, service: service)
    }
  }

  private mutating func applyAttempt(_ attempt: ReconnectionAttempt, _ happening: Happening, at instant: RunInstant) {
    reconnection.note(attempt, provenance: happening.provenance, at: instant, schedule: thresholds.backoff)
    noteTold(.reconnections, at: instant)
    let outcome = attempt.success.map { $0 ? "connected" : "failed" } ?? "made"
    let planned = attempt.plannedDelaySeconds.map { " after \(Self.seconds($0))" } ?? ""
    let severity: EventRow.Severity = attempt.success == true ? .good : .warning
    addRow(.reconnect, severity, "attempt \(attempt.attempt)\(planned) \(outcome)", at: instant, service: happening.service)
    for violation in attempt.violations(schedule: thresholds.backoff) {
      note(Finding(id: "reconnection-\(violation.field)", text: "reconnection \(violation)"), at: instant, service: happening.service)
    }
  }

  private mutating func applyFault(_ fault: FaultHappening, at instant: RunInstant, service: ServiceName) {
    let text = "\(fault.kind) \(fault.detail)"
    switch fault.phase {
    case .began:
      faults.append(FaultRecord(id: fault.id, kind: fault.kind, detail: fault.detail, began: instant))
      addRow(.fault, .warning, "\(text) began", at: instant, service: service)
    case .ended:
      if let index = faults.lastIndex(where: { $0.id == fault.id }) { faults[index].ended = instant }
      addRow(.fault, .info, "\(text) ended", at: instant, service: service)
    case .momentary:
      faults.append(FaultRecord(id: fault.id, kind: fault.kind, detail: fault.detail, began: instant, ended: instant))
      addRow(.fault, .warning, text, at: instant, service: service)
    case .failed:
      addRow(.fault, .bad, "\(text) could not be injected", at: instant, service: service)
    }
    if faults.count > 500 { faults.removeFirst() }
  }

  /// A change that only the gauge tells.
  mutating func addInferredBreakerRow(at instant: RunInstant) {
    guard let state = breaker.entries.last?.transition.state else { return }
    let severity: EventRow.Severity = state == .open ? .bad : state == .closed ? .good : .warning
    rows.append(
      EventRow(
        serial: rows.total, number: newest, at: instant, category: .breaker, severity: severity, service: contract.workerService,
        text: "\(breakerSentence) (concluded from the gauge)", isInferred: true))
  }

  private var breakerSentence: String {
    guard let entry = breaker.entries.last else { return "" }
    let transition = entry.transition
    let from = transition.from.map { "\($0.rawValue) → " } ?? ""
    let why = [transition.trigger?.rawValue, transition.failureCount.flatMap { $0 > 0 ? "×\($0)" : nil }].compactMap { $0 }.joined(
      separator: " ")
    return "\(from)\(transition.state.rawValue)\(why.isEmpty ? "" : " (\(why))")"
  }

  /// Seconds for people: "2 s", "1.97 s".
  static func seconds(_ value: Double) -> String { "\(NumberText.rounded(value, 2)) s" }

  /// Milliseconds for people: "464 ms".
  static func milliseconds(_ value: Double) -> String { "\(NumberText.rounded(value, 2)) ms" }
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

extension BackpressureEvent {
  var severityOfRow: EventRow.Severity {
    switch action {
    case .none: .good
    case .slowDown: .warning
    case .pause: .bad
    }
  }

  /// The row's words: "medium slow_down 500 ms".
  var sentence: String {
    [severity?.rawValue, action.rawValue, recommendedDelayMilliseconds.map { RunState.milliseconds($0) }].compactMap { $0 }
      .joined(separator: " ")
  }
}

extension SegmentHappening {
  var sentence: String {
    [
      track, "segment", index.map(String.init), direction == .output ? "out" : "in",
      isDubbed.map { $0 ? "(dubbed)" : "(original)" },
    ].compactMap { $0 }.joined(separator: " ")
  }
}

extension PublisherHappening {
  var severity: EventRow.Severity {
    if case .failed = self { return .bad }
    return .info
  }

  /// What it did, in words.
  package var sentence: String {
    switch self {
    case .started(let target): "publishes to \(target)"
    case .looped(let count): "begins again, loop \(count)"
    case .stopped: "stopped"
    case .finished(let seconds): "came to the end after \(RunState.seconds(seconds))"
    case .failed(let reason): "failed: \(reason)"
    }
  }
}
