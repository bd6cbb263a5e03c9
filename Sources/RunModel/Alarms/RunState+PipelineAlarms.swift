import Contracts
import Events
import PrometheusText
import SpeechProtocol

/// The breaker, the connection to the speech service, and what is in flight.
extension RunState {
  var pipelineAlarms: [AlarmDraft] {
    // Of one stream its worker tells the rest: how many of them an open breaker stops, and which.
    if lanes.active?.stream != nil { return [fragmentsAlarm, inflightAlarm].compactMap(\.self) }
    return [breakerAlarm, connectionAlarm, fragmentsAlarm, pauseAlarm, inflightAlarm, goneAlarm].compactMap(\.self)
  }

  /// The alarms of further workers, and of streams, each with its name.
  var laneAlarms: [AlarmDraft] {
    guard !lanes.others.isEmpty else { return [] }
    // One copy goes through them all: each copy of the state would copy the tracks of every lane.
    var other = self
    return workerLanes.dropFirst().flatMap { lane in
      other.enter(lane)
      return (other.pipelineAlarms + [other.claimAlarm].compactMap(\.self)).map { draft in
        var draft = draft
        draft.id += "@\(lane)"
        draft.text = "\(lane): \(draft.text)"
        return draft
      }
    }
  }

  /// What its metrics showed and show no more, though the process is the same.
  private var goneAlarm: AlarmDraft? {
    guard metricsStaleSeconds == nil, metrics.scrapes[metricsService]?.last.value.count != 0 else { return nil }
    let gone = metrics.signals.filter { signal, track in
      // A breaker that was not closed is an alarm of its own.
      guard let at = track.goneAt, signal != .breakerState || breaker.lastShown?.value == .closed,
        track.service == metricsService || track.service == nil
      else { return false }
      return restartedAt.map { at > $0 } ?? true && !isPartOfOutputEnd(at)
    }
    guard let since = gone.values.compactMap(\.goneAt).min() else { return nil }
    return AlarmDraft(
      id: "gone", severity: .warning,
      text: "the metrics of \(metricsService) no longer have \(Figure.list(gone.keys.map(\.text).sorted(), atMost: 3))", service: worker,
      since: since,
      witness: SourceID(.metrics, metricsService).description)
  }

  /// How many fragments may be in flight: what the session negotiated, the contract's number only where no session said one.
  /// A figure that is the sum of several streams is held against the limit of all of them.
  package var inflightLimit: Int {
    let (limit, overflow) = (backpressure.sessionLimit ?? thresholds.maxInflight).multipliedReportingOverflow(by: backpressure.streams)
    return overflow ? .max : limit
  }

  private func witness(_ provenance: Happening.Provenance) -> String {
    (provenance == .inferred ? SourceID(.metrics, metricsService) : SourceID(.log, logService)).description
  }

  private var breakerAlarm: AlarmDraft? {
    let entry = breaker.entries.last.flatMap { $0.transition.state == breaker.state ? $0 : nil }
    let provenance = breaker.isInferred ? Happening.Provenance.inferred : entry?.provenance ?? .observed
    var draft = AlarmDraft(
      id: "", severity: .bad, text: "", service: worker, since: breaker.since, sureness: provenance == .inferred ? .inferred : .observed,
      witness: witness(provenance))
    switch breaker.state {
    case nil: return goneBreakerAlarm(draft)
    case .closed: return nil
    case .open:
      draft.id = "breaker:open"
      draft.text = "\(breakerWords) open"
      if let count = entry?.transition.failureCount, count > 0 { draft.text += " after \(Figure.count(count, "failure"))" }
    case .halfOpen:
      draft.id = "breaker:half-open"
      draft.severity = .warning
      draft.text = "\(breakerWords) half-open: the next result decides"
    }
    // What nobody reads or tells any more may have changed since.
    if let age = breaker.isInferred ? staleSeconds(breaker.gaugeReadAt) : workerUnknownSeconds {
      draft.text += ", as \(breaker.isInferred ? "read" : "heard") \(Figure.seconds(age.rounded(.down))) ago"
    }
    return draft
  }

  /// "the circuit breaker is", of one stream of several with its name.
  private var breakerWords: String {
    guard let worst = breaker.worstStream, breaker.isInferred else { return "the circuit breaker is" }
    let others = worst.count > 1 ? " (and \(worst.count - 1) more of \(worst.streams))" : ""
    return "the circuit breaker of stream \(worst.name)\(others) is"
  }

  /// A breaker that was open when its gauge was last exposed is not closed for that.
  private func goneBreakerAlarm(_ draft: AlarmDraft) -> AlarmDraft? {
    guard let shown = breaker.lastShown, shown.value != .closed else { return nil }
    var draft = draft
    draft.id = "breaker:\(shown.value.rawValue)"
    draft.text =
      "the circuit breaker was \(shown.value.rawValue) as read \(Figure.seconds(now.seconds(since: shown.at).rounded(.down))) ago;"
    draft.text += breaker.unclear == nil ? " its gauge is no longer exposed" : " its gauge is not understood now"
    draft.since = breaker.entries.last?.at
    return draft
  }

  private var connectionAlarm: AlarmDraft? {
    guard let episode = reconnection.current, episode.backAt == nil, episode.restartedAt == nil, !isPartOfEnd(episode.lostAt) else {
      return nil
    }
    var text = "the connection to the speech service is lost\(episode.reason.map { ": \($0)" } ?? "")"
    if episode.gaveUpAt != nil {
      text += "; given up after \(Figure.count(episode.attempts.count, "attempt"))"
    } else if reconnection.nextAttempt(schedule: thresholds.backoff, now: now) == nil {
      text += "; the contract's \(thresholds.backoff.maximumAttempts) attempts are over"
    } else if let last = episode.attempts.last {
      text += "; attempt \(last.number) failed"
    }
    return AlarmDraft(
      id: "connection", severity: .bad, text: text, service: worker, since: episode.lostAt,
      sureness: episode.provenance == .inferred ? .inferred : .observed, witness: witness(episode.provenance))
  }

  /// How many fragments in a row have to come to nothing before it is wrong: one or two are what retries are for.
  private static let failuresInARow = 3

  /// A connection that stands proves nothing while every fragment fails. An open breaker is its own alarm and lets none through.
  private var fragmentsAlarm: AlarmDraft? {
    guard let failing = fragments.failing, failing.value >= Self.failuresInARow, breaker.state != .open, !isPartOfEnd(failing.at)
    else { return nil }
    let back = reconnection.current?.backAt.flatMap { $0 <= failing.at ? " since the connection was back" : nil } ?? ""
    return AlarmDraft(
      id: "fragments", severity: .bad, text: "the last \(failing.value) fragments came to nothing: none was processed\(back)",
      service: worker, since: failing.at, witness: witness(.observed), category: .fragment)
  }

  /// A pause is what the speech service may ask for; one that outlasts a segment holds the pipeline up.
  private var pauseAlarm: AlarmDraft? {
    guard let entry = backpressure.current, entry.event.action == .pause, !isPartOfOutputEnd(entry.at) else { return nil }
    guard now.seconds(since: entry.at) > segmentSeconds else { return nil }
    return AlarmDraft(
      id: "pause", severity: .warning, text: "the speech service asks for a pause that is longer than a segment", service: worker,
      since: entry.at, sureness: entry.provenance == .inferred ? .inferred : .observed, witness: witness(entry.provenance),
      category: .backpressure)
  }

  private var inflightAlarm: AlarmDraft? {
    guard let inflight = backpressure.inflight, inflight.value > Double(inflightLimit), staleSeconds(inflight.at) == nil else { return nil }
    return AlarmDraft(
      id: "inflight", severity: .bad,
      text: "more fragments are in flight than \(inflightLimit), the limit of the \(limitOrigin)"
        + (backpressure.streams > 1 ? " for \(backpressure.streams) streams" : ""),
      service: worker, sureness: .claimed, witness: SourceID(.metrics, metricsService).description, category: .backpressure)
  }

  /// How old what a scrape of the worker showed is, in seconds, when it is too old to be taken for current: also where later scrapes are
  /// good and show it no more.
  private func staleSeconds(_ read: RunInstant?) -> Double? {
    guard let age = read.map({ now.seconds(since: $0) }) else { return nil }
    return age > staleLimit(.metrics, metricsService) ? age : nil
  }

  private var limitOrigin: String { backpressure.sessionLimit == nil ? "contract" : "session" }
}
