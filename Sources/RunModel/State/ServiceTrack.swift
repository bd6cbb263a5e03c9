import Contracts
import Events

/// A value as a screen may show it: never a zero for "unknown".
package enum Reading<Value: Sendable>: Sendable {
  /// Seen within three intervals.
  case current(Value)
  /// Seen, but longer ago; the age in seconds.
  case stale(Value, ageSeconds: Double)
  /// Not seen; why.
  case missing(reason: String)
  /// Its source fails; why, and the last value where there was one.
  case failed(reason: String, last: Value?)
}

extension Reading: Equatable where Value: Equatable {}
extension Reading: Codable where Value: Codable {}

/// What is known of one service.
package struct ServiceTrack: Codable, Sendable {
  /// How a service stands, as the screen words it.
  package enum Standing: String, Codable, Sendable, CaseIterable {
    case unknown, healthy, failing, unreachable, stale, ended
    /// Asked, and neither well nor unwell by what came of it.
    case unclear
  }

  /// Its name.
  package let name: ServiceName
  /// The last health check.
  package internal(set) var lastCheck: Timed<HealthSample>?
  /// How many checks in a row failed.
  package internal(set) var failingStreak = 0
  /// When the present streak of good or bad checks began.
  package internal(set) var standingSince: RunInstant?
  /// The newest checks, oldest first.
  package internal(set) var checks: History<Timed<HealthSample>>
  /// Latencies of the checks that were answered, in milliseconds.
  package internal(set) var latencies: History<Timed<Double>>
  /// Restarts seen, and what told so.
  package internal(set) var restarts: History<Timed<String>>
  /// When its process began, where it says so.
  package internal(set) var processStart: WallTime?
  /// When its data last moved, and what moved.
  package internal(set) var dataMoved: Timed<String>?
  /// How it ended, where it did.
  package internal(set) var exit: Timed<String>?
  /// Who told of the end.
  package internal(set) var exitWitness: SourceID?

  private var toldLifecycle: ToldLifecycle?

  private struct ToldLifecycle: Codable, Sendable {
    var lifecycle: ServiceLifecycle
    var provenance: Happening.Provenance
    var isConfirmed = false
  }

  /// Notes a change of its process.
  /// - Returns: false when another witness told of this very change already: dubwatch that started the process, and the log of it.
  mutating func isNews(_ lifecycle: ServiceLifecycle, from provenance: Happening.Provenance) -> Bool {
    if let told = toldLifecycle, !told.isConfirmed, told.provenance != provenance, told.lifecycle.isSameKind(as: lifecycle) {
      toldLifecycle?.isConfirmed = true
      return false
    }
    toldLifecycle = ToldLifecycle(lifecycle: lifecycle, provenance: provenance)
    return true
  }

  init(name: ServiceName, limits: StateLimits) {
    self.name = name
    latencies = History(limit: limits.points)
    restarts = History(limit: 100)
    checks = History(limit: 20)
  }

  /// How it stands at an instant.
  /// - Parameters:
  ///   - now: the instant.
  ///   - intervalSeconds: how often it is checked; a check older than three of these is stale.
  ///   - speed: pipeline seconds a real second.
  package func standing(now: RunInstant, intervalSeconds: Double, speed: Double = 1) -> Standing {
    if exit != nil { return .ended }
    guard let lastCheck else { return .unknown }
    let isStale = now.seconds(since: lastCheck.at) > Staleness.limit(intervalSeconds: intervalSeconds, speed: speed)
    switch lastCheck.value.outcome {
    case .healthy: return isStale ? .stale : .healthy
    // One that fails is asked less often: it stays so until an answer says otherwise.
    case .unhealthy: return .failing
    case .unreachable: return .unreachable
    case .unclear, .unasked: return isStale ? .stale : .unclear
    }
  }

  /// How long it has been up, in seconds: from its process' start where known, else by its own word; nil when neither is known.
  package func uptimeSeconds(now: RunInstant, wallNow: WallTime?) -> Double? {
    if exit != nil { return nil }
    // Whether it is still there is what nobody knows of one that gives no answer.
    if let lastCheck, case .unreachable = lastCheck.value.outcome { return nil }
    if let processStart, let wallNow, wallNow > processStart { return wallNow.epochSeconds - processStart.epochSeconds }
    guard let lastCheck, lastCheck.value.outcome.isHealthy, let uptime = lastCheck.value.uptimeSeconds else { return nil }
    return uptime + max(0, now.seconds(since: lastCheck.at))
  }

  /// Whether it ended before an instant, by what is known.
  func hasEnded(before instant: RunInstant) -> Bool { exit.map { $0.at < instant } ?? false }

  /// For how long its checks have been good, in seconds: how long we have seen it up, which says nothing of the time before.
  package func seenSeconds(now: RunInstant) -> Double? {
    guard exit == nil, let lastCheck, lastCheck.value.outcome.isHealthy, let standingSince else { return nil }
    return now.seconds(since: standingSince)
  }
}

extension RunState {
  mutating func applyHealth(_ sample: HealthSample, _ envelope: EventEnvelope) {
    let instant = envelope.instant
    let askedAt = instant.advanced(bySeconds: -sample.latencyMilliseconds / 1000 * speed)
    var change: (EventRow.Severity, String)?
    updateService(sample.service) { track in
      let before = track.lastCheck?.value.outcome
      let hasChanged = before.map { $0.isGood != sample.outcome.isGood } ?? true
      track.failingStreak = sample.outcome.isGood == false ? track.failingStreak + 1 : 0
      if hasChanged { track.standingSince = instant }
      track.lastCheck = Timed(sample, at: instant)
      track.checks.append(Timed(sample, at: instant))
      switch sample.outcome {
      case .unreachable: track.processStart = nil
      case .unasked: break
      // Whatever it answers, it runs.
      case .healthy, .unhealthy, .unclear:
        if track.hasEnded(before: askedAt) { track.exit = nil }
      }
      switch sample.outcome {
      case .healthy, .unhealthy, .unclear: track.latencies.append(Timed(sample.latencyMilliseconds, at: instant))
      case .unreachable, .unasked: break
      }
      if hasChanged {
        switch sample.outcome {
        case .healthy(_, let word, _) where before != nil: change = (.good, "healthy again\(word.map { " (\($0))" } ?? "")")
        case .healthy(_, let word, _): change = (.info, "healthy\(word.map { " (\($0))" } ?? "")")
        case .unhealthy(let status, let excerpt): change = (.bad, "health \(status)\(excerpt.isEmpty ? "" : " \"\(excerpt)\"")")
        case .unclear, .unasked: change = (.warning, "health not known: \(sample.outcome.doubt ?? "")")
        case .unreachable(let reason): change = (.bad, "health: \(reason)")
        }
      }
    }
    if let change { addRow(.service, change.0, change.1, at: instant, service: sample.service) }
  }

  /// For how long after its end a service's last doings may still be told, in seconds of real time.
  private static let lastWordsSeconds = 2.0

  /// Notes that a service's data moved: a 200 proves little.
  mutating func noteDataMoved(_ name: ServiceName, _ what: String, at instant: RunInstant) {
    let margin = Self.lastWordsSeconds * max(1, speed)
    updateService(name) { track in
      if instant >= track.dataMoved?.at ?? instant { track.dataMoved = Timed(what, at: instant) }
      // What does something runs: a line of its end was of a part of it, or it was started again.
      if track.hasEnded(before: instant.advanced(bySeconds: -margin)) { track.exit = nil }
    }
  }

  /// Takes in what became of a service's process; false where that is no news.
  mutating func applyLifecycle(
    _ lifecycle: ServiceLifecycle, of name: ServiceName, from provenance: Happening.Provenance, at instant: RunInstant
  ) -> Bool {
    var isNews = true
    switch lifecycle {
    // What the process before it wrote is over.
    case .started, .restarted: logErrors[name] = nil
    case .stopped, .exited: break
    }
    let hadEnded = service(name)?.exit != nil
    let witness = newestSource
    updateService(name) { track in
      isNews = track.isNews(lifecycle, from: provenance)
      guard isNews else { return }
      switch lifecycle {
      case .started:
        track.exit = nil
        track.processStart = nil
      case .restarted(let evidence):
        track.exit = nil
        // A scrape that tells of it tells when the new process began.
        if witness.kind != .metrics { track.processStart = nil }
        track.restarts.append(Timed(evidence, at: instant))
      case .stopped, .exited:
        track.exit = Timed(lifecycle.sentence, at: instant)
        track.exitWitness = witness
        track.processStart = nil
      }
    }
    if isNews, name == worker || name == metricsService { noteProcess(lifecycle, hadEnded: hadEnded, at: instant) }
    return isNews
  }

  /// A process of the worker's that its scrapes did not tell of already.
  private mutating func noteProcess(_ lifecycle: ServiceLifecycle, hadEnded: Bool, at instant: RunInstant) {
    switch lifecycle {
    case .restarted: break
    case .started: guard hadEnded else { return }
    case .stopped, .exited: return
    }
    let isTold =
      restartedAt.map { instant.seconds(since: $0) < staleLimit(.metrics, metricsService) } ?? false
    if !isTold { beginAnew(at: instant) }
  }
}

extension ServiceLifecycle {
  /// Whether both tell of the same kind of change, whatever words they give for it.
  func isSameKind(as other: ServiceLifecycle) -> Bool {
    switch (self, other) {
    case (.started, .started), (.restarted, .restarted), (.stopped, .stopped), (.exited, .exited): true
    case (.started, _), (.restarted, _), (.stopped, _), (.exited, _): false
    }
  }
}
