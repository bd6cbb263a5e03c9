import Events
import SpeechProtocol

extension WorkerMachine {
  /// A connection stands: a fresh stream with sequence 0.
  mutating func connected() -> [Action] {
    guard case .connecting(let attempt) = phase else { return [] }
    phase = .opening(attempt: attempt)
    nextSequence = 0
    isPaused = false
    sendDelay = nil
    let message = STSStreamInit(
      streamID: streamID, workerID: workerID,
      config: STSStreamConfig(
        sourceLanguage: "en", targetLanguage: "es", voiceProfile: "default", chunkDurationMs: Int(rules.segmentSeconds * 1000),
        sampleRateHz: audioSampleRate, channels: audioChannels, format: "aac"), maxInflight: rules.maxInflight,
      timeoutMs: rules.fragmentTimeoutMilliseconds)
    var actions: [Action] = []
    if attempt > 0 {
      let planned = rules.backoff.delaySeconds(beforeAttempt: attempt)
      actions.append(.log(.reconnection(attempt: attempt, plannedSeconds: planned, success: true)))
    }
    return actions + [
      .log(.connected(url: "")), .sendInit(message), .log(.initSent), .setTimer(.readyTimeout, seconds: rules.readyTimeoutSeconds),
    ]
  }

  mutating func connectFailed() -> [Action] {
    guard case .connecting(let attempt) = phase else { return [] }
    var actions: [Action] = []
    if attempt > 0 {
      let planned = rules.backoff.delaySeconds(beforeAttempt: attempt)
      actions.append(.log(.reconnection(attempt: attempt, plannedSeconds: planned, success: false)))
    }
    return actions + planNextAttempt()
  }

  /// The connection is lost: what is in flight or waits falls back, then attempts begin.
  mutating func disconnected(reason: String, at now: RunInstant) -> [Action] {
    switch phase {
    case .idle, .connecting, .waiting, .exited, .finished: return []
    case .ending: return [.cancelTimer(.completeTimeout), .log(.disconnected(reason: reason))] + finish()
    case .opening, .ready:
      let actions: [Action] = [.cancelTimer(.readyTimeout), .log(.disconnected(reason: reason))]
      return actions + giveUpEverything(at: now) + planNextAttempt()
    }
  }

  /// Everything in flight and everything that waits falls back, reason error.
  mutating func giveUpEverything(at now: RunInstant) -> [Action] {
    var actions: [Action] = []
    for (id, fragment) in inflight.sorted(by: { $0.value.segment.index < $1.value.segment.index }) {
      actions.append(.cancelTimer(.fragmentTimeout(fragmentID: id)))
      if !fragment.isPutOut { actions += fallBack(fragment.segment, sequence: fragment.sequence, reason: .error) }
    }
    inflight = [:]
    breaker.abandonProbe()
    for segment in waiting { actions += fallBack(segment, reason: .error) }
    waiting = []
    isPaused = false
    sendDelay = nil
    return actions
  }

  private mutating func planNextAttempt() -> [Action] {
    let next = attempt + 1
    guard next <= rules.backoff.maximumAttempts else {
      phase = .exited
      let attempts = rules.backoff.maximumAttempts
      return [
        .log(.gaveUp(attempts: attempts)), .exit(status: 1, reason: "the speech service was not reached in \(attempts) attempts"),
      ]
    }
    let delay = rules.backoff.delaySeconds(beforeAttempt: next)
    phase = .waiting(attempt: next)
    return [.log(.reconnectionPlanned(attempt: next, delaySeconds: delay)), .setTimer(.reconnect(attempt: next), seconds: delay)]
  }
}
