import Events

/// What is known of lost connections: each loss, the attempts after it, and how it ended.
package struct ReconnectionTrack: Codable, Sendable {
  /// One attempt.
  package struct Attempt: Codable, Hashable, Sendable {
    /// Which attempt, from 1.
    package var number: Int
    /// When it was made.
    package var at: RunInstant
    /// The planned delay before it, in seconds: the service's word where it gave one, else the contract's formula.
    package var plannedSeconds: Double
    /// Whether the service itself told the planned delay.
    package var isPlanTold: Bool
    /// The measured gap from the attempt before it, or from the loss, in seconds.
    package var measuredSeconds: Double
    /// Whether it connected; nil as long as that is not known.
    package var success: Bool?
    /// Whether the measured gap lies within the tolerance of the formula's delay.
    package var isOnSchedule: Bool
    /// How it is known.
    package var provenance: Happening.Provenance
    /// Whether the line that tells of it, and the one before it, had times that can be read: only then the measured gap is one.
    package var isTimed = true

    /// How far the measured gap is from the planned delay, as a share of it (0.03 is 3 % late).
    package var deviation: Double? { plannedSeconds > 0 && isTimed ? (measuredSeconds - plannedSeconds) / plannedSeconds : nil }
  }

  /// One loss and what followed.
  package struct Episode: Codable, Hashable, Sendable {
    /// When it was lost.
    package var lostAt: RunInstant
    /// Why it was lost, where the service says so.
    package var reason: String?
    /// The attempts made, in order.
    package var attempts: [Attempt] = []
    /// When the connection stood again; nil as long as it does not.
    package var backAt: RunInstant?
    /// When the service gave up; nil as long as it did not.
    package var gaveUpAt: RunInstant?
    /// When another process took the place of the one that had lost it; nil as long as none did.
    package var restartedAt: RunInstant?
    /// The first sequence number sent after it was back; 0 means a fresh session.
    package var firstSequenceNumber: Int?
    /// A next attempt the service has announced: its number, when it was announced, and the delay in seconds.
    package var announced: Announcement?
    /// Whether the newest line that told of it had a time that can be read.
    var isTimed = true
    /// How it is known.
    package var provenance: Happening.Provenance

    /// Whether the connection is still lost and attempts may come.
    package var isOpen: Bool { backAt == nil && gaveUpAt == nil && restartedAt == nil }
  }

  /// An announced attempt.
  package struct Announcement: Codable, Hashable, Sendable {
    /// Which attempt, from 1.
    package var attempt: Int
    /// When it occurred.
    package var at: RunInstant
    /// The announced delay, in seconds.
    package var delaySeconds: Double
  }

  /// Losses, oldest first.
  package internal(set) var episodes: History<Episode>

  /// When fragments were sent since the newest loss, by what names them.
  private var sentSinceLoss: [String: RunInstant] = [:]

  init(limits: StateLimits) {
    episodes = History(limit: 50)
  }

  /// The newest loss.
  package var current: Episode? { episodes.last }

  /// The next attempt while one is due: its number, when it is due, and whether the service announced it itself.
  ///
  /// Where nobody tells of attempts they are taken to be made by the schedule. When all that the schedule has are over, none is due.
  package func nextAttempt(schedule: BackoffSchedule, now: RunInstant) -> (number: Int, due: RunInstant, isTold: Bool)? {
    guard let episode = current, episode.isOpen else { return nil }
    let number = (episode.attempts.last?.number ?? 0) + 1
    if let announced = episode.announced, announced.attempt >= number {
      return (announced.attempt, announced.at.advanced(bySeconds: announced.delaySeconds), true)
    }
    guard number <= schedule.maximumAttempts else { return nil }
    var due = episode.attempts.last?.at ?? episode.lostAt
    var first: RunInstant?
    for number in number...schedule.maximumAttempts {
      due = due.advanced(bySeconds: schedule.delaySeconds(beforeAttempt: number))
      first = first ?? due
      // What the next one should have followed was made and not told.
      if episode.attempts.isEmpty, episode.announced == nil, now <= due { return (number, due, false) }
    }
    guard let first, now.seconds(since: due) <= Self.lateSeconds else { return nil }
    return episode.attempts.isEmpty && episode.announced == nil ? (schedule.maximumAttempts, due, false) : (number, first, false)
  }

  /// How late the last attempt of a schedule may be before it is over, in seconds.
  private static let lateSeconds = 5.0

  mutating func noteLost(reason: String?, provenance: Happening.Provenance, at instant: RunInstant, isTimed: Bool = true) {
    if let last = current, last.isOpen { return }
    sentSinceLoss.removeAll()
    var episode = Episode(lostAt: instant, reason: reason, provenance: provenance)
    episode.isTimed = isTimed
    episodes.append(episode)
  }

  mutating func noteBack(at instant: RunInstant) {
    change { episode in
      // Also after it gave up: a service that was started again connects.
      guard episode.backAt == nil, episode.restartedAt == nil else { return }
      episode.backAt = instant
      // A connection that stands means that the attempt before it succeeded, where the log does not say it.
      if let last = episode.attempts.indices.last, episode.attempts[last].success == nil { episode.attempts[last].success = true }
    }
  }

  mutating func noteAnnounced(attempt: Int, delaySeconds: Double, at instant: RunInstant) {
    if current?.isOpen != true { noteLost(reason: nil, provenance: .inferred, at: instant) }
    change { $0.announced = Announcement(attempt: attempt, at: instant, delaySeconds: delaySeconds) }
  }

  /// What a new process does is none of the old one's loss.
  mutating func noteRestart(at instant: RunInstant) {
    change { $0.restartedAt = $0.restartedAt ?? instant }
  }

  mutating func noteGaveUp(at instant: RunInstant) {
    change { if $0.isOpen { $0.gaveUpAt = instant } }
  }

  mutating func note(
    _ attempt: ReconnectionAttempt, provenance: Happening.Provenance, at instant: RunInstant, schedule: BackoffSchedule,
    isTimed: Bool = true
  ) {
    if current?.isOpen != true {
      // The result of an attempt may come in a line of its own, after the connection stands.
      if let last = current?.attempts.last, last.number == attempt.attempt, abs(instant.seconds(since: last.at)) < 5 {
        change { $0.attempts[$0.attempts.count - 1].success = attempt.success ?? last.success }
        return
      }
      if !isSuccessOfCurrent(attempt, at: instant) {
        let planned = attempt.plannedDelaySeconds ?? schedule.delaySeconds(beforeAttempt: attempt.attempt)
        noteLost(reason: nil, provenance: .inferred, at: instant.advanced(bySeconds: -planned), isTimed: isTimed)
      }
    }
    change { episode in
      if let last = episode.attempts.indices.last, episode.attempts[last].number == attempt.attempt, episode.attempts[last].success == nil {
        episode.attempts[last].success = attempt.success
      } else {
        let told = attempt.plannedDelaySeconds ?? (episode.announced?.attempt == attempt.attempt ? episode.announced?.delaySeconds : nil)
        let formula = schedule.delaySeconds(beforeAttempt: attempt.attempt)
        let measured = instant.seconds(since: episode.attempts.last?.at ?? episode.lostAt)
        episode.attempts.append(
          Attempt(
            number: attempt.attempt, at: instant, plannedSeconds: told ?? formula, isPlanTold: told != nil, measuredSeconds: measured,
            success: attempt.success,
            isOnSchedule: abs(measured - formula) < schedule.tolerance * formula + schedule.jitterSeconds, provenance: provenance,
            isTimed: isTimed && episode.isTimed))
        episode.isTimed = isTimed
        if episode.attempts.count > 64 { episode.attempts.removeFirst() }
      }
      if attempt.success == true { episode.backAt = min(episode.backAt ?? instant, instant) }
    }
  }

  /// Whether this is the attempt that brought the connection back: its own line comes after those that say that the connection stands.
  private func isSuccessOfCurrent(_ attempt: ReconnectionAttempt, at instant: RunInstant) -> Bool {
    guard let episode = current, let back = episode.backAt, attempt.success == true else { return false }
    return attempt.attempt > episode.attempts.last?.number ?? 0 && abs(instant.seconds(since: back)) < 5
  }

  /// - Returns: when the connection stood again at the latest, where a fragment that was sent after the loss came back and nothing else told.
  mutating func concludeBack(_ fragment: FragmentHappening, at instant: RunInstant) -> RunInstant? {
    guard let episode = current, episode.backAt == nil, episode.restartedAt == nil, instant > episode.lostAt else { return nil }
    guard let key = fragment.fragmentID ?? fragment.sequenceNumber.map(String.init) else { return nil }
    switch fragment.stage {
    case .sent:
      // What is answered at all is answered soon.
      if sentSinceLoss.count >= 64 { sentSinceLoss.removeAll(keepingCapacity: true) }
      sentSinceLoss[key] = instant
      return nil
    case .processed:
      guard let sentAt = sentSinceLoss[key], sentAt > episode.lostAt else { return nil }
      noteBack(at: sentAt)
      return sentAt
    case .acknowledged, .failed, .timedOut, .fallback, .unsent: return nil
    }
  }

  mutating func note(_ fragment: FragmentHappening, at instant: RunInstant) {
    guard fragment.stage == .sent, let number = fragment.sequenceNumber else { return }
    change { episode in
      if let back = episode.backAt, episode.restartedAt == nil, instant >= back, episode.firstSequenceNumber == nil {
        episode.firstSequenceNumber = number
      }
    }
  }

  private mutating func change(_ body: (inout Episode) -> Void) {
    guard let last = episodes.indices.last else { return }
    body(&episodes[last])
  }
}
