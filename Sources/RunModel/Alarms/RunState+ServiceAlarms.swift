import Events

/// The run itself, its services, and what reads them.
extension RunState {
  var verdictAlarms: [AlarmDraft] {
    guard verdict.counts.violated > 0 || verdict.counts.unobservable > 0 else { return [] }
    return verdict.entries.enumerated().compactMap { index, entry in
      guard entry.isFailure else { return nil }
      let isViolated = entry.verdict.standing == .violated
      return AlarmDraft(
        id: "expectation:\(entry.expectation.id)", subject: isViolated ? .violated(index) : .notKnown(index),
        severity: isViolated ? .bad : .warning, text: "\(entry.expectation.title): \(entry.verdict.reason)", service: "dubwatch",
        since: entry.verdict.decidedAt, witness: "judge", event: entry.verdict.decision)
    }
  }

  var runAlarms: [AlarmDraft] {
    var drafts = findings.map { id, finding in
      let origin = findingOrigins[id]
      return AlarmDraft(
        id: "finding:\(id)", severity: .warning, text: finding.value.text, service: origin?.service ?? "dubwatch", since: finding.at,
        sureness: origin?.sureness ?? .observed, witness: origin?.witness.description ?? SourceID.harness.description)
    }
    if let environmentFailure {
      drafts.append(
        AlarmDraft(
          id: "environment", severity: .bad, text: "the environment failed: \(environmentFailure)", service: "dubwatch",
          since: environment?.value == .failed ? environment?.at : nil, witness: SourceID.harness.description))
    }
    for (name, track) in publishers {
      guard case .failed(let reason) = track.end?.value, !isPartOfEnd(track.end?.at) else { continue }
      drafts.append(
        AlarmDraft(
          id: "publisher:\(name)", severity: .bad, text: "publisher failed: \(reason)", service: name, since: track.end?.at,
          witness: SourceID(.publisher, name).description))
    }
    return drafts
  }

  var serviceAlarms: [AlarmDraft] { services.compactMap(alarm(of:)) }

  private func alarm(of track: ServiceTrack) -> AlarmDraft? {
    let name = track.name
    if let exit = track.exit {
      guard !isPartOfEnd(exit.at) else { return nil }
      return AlarmDraft(
        id: "service:\(name)", severity: .bad, text: "\(name) does not run: \(exit.value)", service: name, since: exit.at,
        witness: (track.exitWitness ?? .harness).description)
    }
    guard let check = track.lastCheck else { return nil }
    var draft = AlarmDraft(
      id: "service:\(name)", severity: .bad, text: "", service: name, since: track.standingSince,
      witness: SourceID(.health, name).description)
    let times = track.failingStreak > 1 ? " ×\(track.failingStreak)" : ""
    let isStale = track.standing(now: now, intervalSeconds: interval(.health, name), speed: speed) == .stale
    switch check.value.outcome {
    // What was bad when it was last heard of stays so.
    case .unhealthy(let status, let excerpt):
      draft.text = "\(name) is not healthy: \(status)\(times)\(excerpt.isEmpty ? "" : " \"\(excerpt)\"")"
    case .unreachable(let reason): draft.text = "\(name) gives no answer: \(reason)\(times), \(check.value.url)"
    case .healthy, .unclear, .unasked:
      draft.severity = .warning
      if isStale {
        draft.id = "unchecked:\(name)"
        draft.since = check.at
        draft.text = "nothing was heard of \(name) for \(Figure.seconds(now.seconds(since: check.at).rounded(.down)))"
        draft.category = .service
      } else if let doubt = check.value.outcome.doubt {
        draft.text = "health of \(name) is not known: \(doubt)"
      } else {
        return nil
      }
    }
    return isPartOfEnd(draft.since) ? nil : draft
  }

  /// Sources that cannot be read. What a health check or a stream finds is its own alarm.
  var sourceAlarms: [AlarmDraft] {
    sources.flatMap { id, track -> [AlarmDraft] in
      guard id.kind != .health, id.kind != .stream, id.kind != .harness, id.kind != .publisher else { return [] }
      var drafts: [AlarmDraft] = []
      if let reason = track.status.standing.reason, !isPartOfEnd(track.since), !isDown(id) {
        drafts.append(
          AlarmDraft(
            id: "source:\(id)", severity: .warning, text: "\(id.kind.rawValue) of \(id.service) cannot be read: \(reason)",
            service: id.service, since: track.since, witness: id.description))
      }
      if let backlog = track.backlog {
        drafts.append(
          AlarmDraft(
            id: "lag:\(id)", severity: .warning,
            text: "reading the \(id.kind.rawValue) of \(id.service) is behind its writing: \(backlog)", service: id.service,
            witness: id.description))
      }
      return drafts
    }
  }

  /// Whether the service behind a source is known to be down: then that its endpoint cannot be read is no news.
  private func isDown(_ id: SourceID) -> Bool {
    guard id.kind != .log, let track = service(id.service) else { return false }
    if track.exit != nil { return true }
    if case .unreachable = track.lastCheck?.value.outcome { return true }
    return false
  }
}
