import Events
import SpeechProtocol

extension WorkerMachine {
  /// A segment was cut: it is sent, waits, or falls back.
  mutating func take(_ segment: Segment, at now: RunInstant) -> [Action] {
    counters.segments += 1
    counters.audioBytes += segment.audioBytes
    counters.videoBytes += segment.videoBytes
    var actions: [Action] = [.log(.segmentCut(segment))]
    guard isReady, segment.isDubbable else { return actions + fallBack(segment, reason: .error) }
    waiting.append(segment)
    actions.append(.setTimer(.outputDeadline(segment: segment.index), seconds: max(0, segment.dueAt.seconds(since: now))))
    return actions + pump(at: now)
  }

  /// Sends what may be sent, in order; lets fall back what the breaker refuses.
  mutating func pump(at now: RunInstant) -> [Action] {
    var actions: [Action] = []
    while isReady, let head = waiting.first {
      if breaker.wouldRefuse(at: now) {
        waiting.removeFirst()
        if rules.mutation == .noFallbackWhileOpen {
          actions.append(.cancelTimer(.outputDeadline(segment: head.index)))
        } else {
          actions += fallBack(head, reason: .circuitOpen)
        }
        continue
      }
      let limit = rules.mutation == .oneMoreInFlight ? inflightLimit + 1 : inflightLimit
      if (isPaused && rules.mutation != .sendsWhilePaused) || inflight.count >= limit { break }
      if let sendDelay, delayedSegment != head.index {
        actions.append(.setTimer(.slowDown(segment: head.index), seconds: sendDelay))
        break
      }
      waiting.removeFirst()
      actions += send(head, at: now)
    }
    return actions + endIfDrained()
  }

  private mutating func send(_ segment: Segment, at now: RunInstant) -> [Action] {
    let (admission, transition) = breaker.admit(at: now)
    let id = makeFragmentID(fragmentCount)
    let sequence = nextSequence
    fragmentCount += 1
    nextSequence += 1
    counters.sent += 1
    inflight[id] = InFlight(segment: segment, sequence: sequence, sentAt: now, isProbe: admission == .probe)
    return log(transition) + [
      .sendFragment(fragmentID: id, sequence: sequence, segment: segment),
      .log(.fragmentSent(id: id, sequence: sequence, milliseconds: Int(segment.audioMilliseconds))),
      .setTimer(.fragmentTimeout(fragmentID: id), seconds: Double(rules.fragmentTimeoutMilliseconds) / 1000),
    ]
  }

  /// A result came.
  mutating func processed(_ result: STSFragmentProcessed, audio: ReturnedAudio?, at now: RunInstant) -> [Action] {
    guard let fragment = inflight.removeValue(forKey: result.fragmentID) else {
      // Too late to be used; the service still counts it as in flight until it is told.
      return isReady ? [.sendAck(STSFragmentAck(fragmentID: result.fragmentID, status: "received"))] : []
    }
    if rules.mutation == .losesFragment, fragment.sequence == 3 {
      return [
        .cancelTimer(.fragmentTimeout(fragmentID: result.fragmentID)),
        .sendAck(STSFragmentAck(fragmentID: result.fragmentID, status: "received")),
      ] + pump(at: now)
    }
    counters.processed[result.status, default: 0] += 1
    counters.latency.observe(max(0, now.seconds(since: fragment.sentAt)))
    var actions: [Action] = [
      .cancelTimer(.fragmentTimeout(fragmentID: result.fragmentID)),
      .log(
        .fragmentProcessed(
          id: result.fragmentID, sequence: fragment.sequence, status: result.status, milliseconds: result.processingTimeMs,
          errorCode: result.error?.code)),
    ]
    let usable = result.status == .failed ? nil : audio
    actions.append(.sendAck(STSFragmentAck(fragmentID: result.fragmentID, status: usable == nil ? "received" : "applied")))
    if result.status == .failed {
      let isRetryable = result.error?.retryable ?? true
      actions += conclude(fragment, isRetryable: isRetryable, trigger: Self.trigger(code: result.error?.code), at: now)
      counters.errors["sts_\(result.error?.code.lowercased() ?? "unknown")", default: 0] += 1
      if !fragment.isPutOut { actions += fallBack(fragment.segment, sequence: fragment.sequence, reason: .error) }
    } else {
      actions += log(breaker.recordSuccess())
      if usable == nil { counters.errors["audio_processing", default: 0] += 1 }
      if !fragment.isPutOut {
        actions +=
          usable.map { putOut(fragment.segment, isDubbed: true, lengthDifference: $0.lengthDifferenceMilliseconds) }
          ?? fallBack(fragment.segment, sequence: fragment.sequence, reason: .error)
      }
    }
    return actions + pump(at: now)
  }

  /// An `error` came: about a fragment in flight, about the stream, or about nothing that is known here.
  mutating func failed(_ error: STSErrorMessage, at now: RunInstant) -> [Action] {
    counters.errors["sts_\(error.code.lowercased())", default: 0] += 1
    var actions: [Action] = [.log(.stsError(code: error.code, message: error.message))]
    if let id = error.fragmentID, let fragment = inflight.removeValue(forKey: id) {
      actions.append(.cancelTimer(.fragmentTimeout(fragmentID: id)))
      actions += conclude(fragment, isRetryable: error.retryable, trigger: Self.trigger(code: error.code), at: now)
      if !fragment.isPutOut { actions += fallBack(fragment.segment, sequence: fragment.sequence, reason: .error) }
      return actions + pump(at: now)
    }
    if case .opening = phase, !error.retryable {
      phase = .exited
      return actions + [.disconnect, .exit(status: 1, reason: "the speech service refused the stream: \(error.code)")]
    }
    return actions
  }

  /// The service asks to hold back, or takes it back.
  mutating func heldBack(_ message: STSBackpressure, at now: RunInstant) -> [Action] {
    counters.backpressure[message.action, default: 0] += 1
    switch message.action {
    case .pause: isPaused = true
    case .slowDown: sendDelay = (message.recommendedDelayMs ?? rules.slowDownMilliseconds[message.severity] ?? 500) / 1000
    case .none:
      isPaused = false
      sendDelay = nil
    }
    let delay = message.action == .slowDown ? sendDelay.map { $0 * 1000 } : nil
    return [.log(.backpressure(message, inflight: inflight.count, delayMilliseconds: delay))] + pump(at: now)
  }

  /// A fragment took too long: removed, falls back, and counts as a retryable failure.
  mutating func fragmentTimedOut(_ id: String, at now: RunInstant) -> [Action] {
    guard let fragment = inflight.removeValue(forKey: id) else { return [] }
    let elapsed = Int((now.seconds(since: fragment.sentAt) * 1000).rounded())
    var actions: [Action] = [
      .log(
        .fragmentTimeout(
          id: id, sequence: fragment.sequence, elapsedMilliseconds: elapsed, limitMilliseconds: rules.fragmentTimeoutMilliseconds))
    ]
    actions += conclude(fragment, isRetryable: true, trigger: .timeout, at: now)
    if !fragment.isPutOut { actions += fallBack(fragment.segment, sequence: fragment.sequence, reason: .timeout) }
    return actions + pump(at: now)
  }

  /// The output cannot wait for this segment any longer.
  mutating func outputIsDue(_ index: Int, at now: RunInstant) -> [Action] {
    if let position = waiting.firstIndex(where: { $0.index == index }) {
      return fallBack(waiting.remove(at: position), reason: .timeout) + pump(at: now)
    }
    guard let (id, fragment) = inflight.first(where: { $0.value.segment.index == index }), !fragment.isPutOut else { return [] }
    inflight[id]?.isPutOut = true
    return fallBack(fragment.segment, sequence: fragment.sequence, reason: .timeout)
  }

  private mutating func conclude(
    _ fragment: InFlight, isRetryable: Bool, trigger: BreakerTransition.Trigger, at now: RunInstant
  ) -> [Action] {
    guard isRetryable || rules.mutation == .countsNonRetryable else {
      if fragment.isProbe { breaker.abandonProbe() }
      return []
    }
    counters.breakerFailures += 1
    return log(breaker.recordFailure(at: now, trigger: trigger))
  }

  private static func trigger(code: String?) -> BreakerTransition.Trigger {
    code == STSErrorCode.timeout.rawValue ? .timeout : .failure
  }

  private func log(_ transition: BreakerTransition?) -> [Action] { transition.map { [.log(.breaker($0))] } ?? [] }

  /// The original audio stands in.
  mutating func fallBack(_ segment: Segment, sequence: Int? = nil, reason: FallbackReason) -> [Action] {
    counters.fallbacks[reason, default: 0] += 1
    return [.log(.fallback(segment: segment, sequence: sequence, reason: reason))]
      + putOut(segment, isDubbed: false, lengthDifference: 0)
  }

  /// Pairs a segment's audio with its video; the sync figure is computed from both grids and the length of what came back.
  private mutating func putOut(_ segment: Segment, isDubbed: Bool, lengthDifference: Double) -> [Action] {
    let delta = segment.startDeltaMilliseconds + lengthDifference
    counters.sync.observe(abs(delta))
    counters.lastSyncMilliseconds = delta
    var actions: [Action] = [.cancelTimer(.outputDeadline(segment: segment.index))]
    // A segment with one AAC frame more than fits wholly makes up for the fractions that the ones before left.
    let whole = Int(rules.segmentSeconds / segment.audioFrameSeconds)
    if segment.audioFrames > whole {
      counters.syncCorrections += 1
      let adjustment = Double(segment.audioFrames - whole) * segment.audioFrameSeconds * 1000
      actions.append(.log(.syncCorrection(deltaMilliseconds: delta, adjustmentMilliseconds: adjustment)))
    }
    return actions + [
      .log(.pairOut(segment, isDubbed: isDubbed, deltaMilliseconds: delta)), .output(segment, isDubbed: isDubbed),
    ]
  }
}
