import Events
import SpeechProtocol

extension EchoSession {
  /// Takes a fragment: refuses it, or queues it and says when it will be ready.
  mutating func take(_ data: STSFragmentData, processingSeconds: Double, at now: RunInstant) -> [Action] {
    guard state == .active, data.streamID == streamID else { return [refusal(notActive(data.streamID), fragmentID: data.fragmentID)] }
    do throws(STSViolation) {
      try data.validate()
      try admit(data)
    } catch {
      if data.sequenceNumber >= nextSequence, pending[data.sequenceNumber] == nil { skip(data.sequenceNumber) }
      return [refusal(error, fragmentID: data.fragmentID)] + deliver(at: now)
    }
    receivedCount += 1
    statistics.totalDurationMilliseconds += data.audio.durationMs
    let position = pending.count
    pending[data.sequenceNumber] = Pending(data: data, receivedAt: now, failure: errors.failure(for: data, count: receivedCount))
    if inflight.count < Self.unacknowledgedLimit { inflight.insert(data.fragmentID) }
    return [.emit(.fragmentAck(STSFragmentAck(fragmentID: data.fragmentID, status: "queued", queuePosition: position)))]
      + loadChanged() + [.setTimer(.fragmentReady(fragmentID: data.fragmentID), seconds: processingSeconds)]
  }

  private func admit(_ data: STSFragmentData) throws(STSViolation) {
    if pending.count >= Self.queueLimit {
      throw STSViolation(.queueFull, "\(pending.count) fragments are waiting already; send again when some are processed")
    }
    if data.sequenceNumber < nextSequence {
      throw STSViolation(
        .invalidSequence, "sequence_number is \(data.sequenceNumber), but results up to \(nextSequence - 1) are delivered already")
    }
    if pending[data.sequenceNumber] != nil {
      throw STSViolation(.invalidSequence, "sequence_number \(data.sequenceNumber) is in work already")
    }
    if pending.values.contains(where: { $0.data.fragmentID == data.fragmentID }) {
      throw STSViolation(.invalidSequence, "a fragment with this fragment_id is in work already")
    }
  }

  /// A refused sequence number will never be delivered; bounded, because a client may send any number.
  private mutating func skip(_ sequence: Int) {
    if skipped.count < Self.unacknowledgedLimit { skipped.insert(sequence) }
  }

  mutating func markReady(_ fragmentID: String, at now: RunInstant) -> [Action] {
    guard let sequence = pending.first(where: { $0.value.data.fragmentID == fragmentID })?.key else { return [] }
    pending[sequence]?.readyAt = now
    let delivered = deliver(at: now)
    guard let waiting = pending[sequence], !waiting.mayPassGap, hasGap(below: sequence) else { return delivered }
    return delivered + [.setTimer(.gapExpired(sequenceNumber: sequence), seconds: tuning.gapSeconds)]
  }

  /// Whether a lower sequence number is missing that has not come at all.
  private func hasGap(below sequence: Int) -> Bool {
    let known = pending.keys.count { $0 < sequence } + skipped.count { $0 >= nextSequence && $0 < sequence }
    return known < sequence - nextSequence
  }

  /// Delivers, in sequence order, every result that no lower one keeps waiting.
  mutating func deliver(at now: RunInstant) -> [Action] {
    var actions: [Action] = []
    while let lowest = pending.keys.min(), let fragment = pending[lowest], let readyAt = fragment.readyAt {
      if hasGap(below: lowest), !fragment.mayPassGap { break }
      pending[lowest] = nil
      nextSequence = lowest + 1
      skipped = skipped.filter { $0 > lowest }
      let result = result(of: fragment, readyAt: readyAt)
      statistics.record(result)
      actions.append(.emit(.fragmentProcessed(result)))
    }
    return actions + completeIfDrained()
  }

  private func result(of fragment: Pending, readyAt: RunInstant) -> STSFragmentProcessed {
    let data = fragment.data
    let milliseconds = Int(max(0, readyAt.seconds(since: fragment.receivedAt) * 1000).rounded())
    let failed = fragment.failure != nil
    let asr = milliseconds * 2 / 5
    let translation = milliseconds / 5
    return STSFragmentProcessed(
      fragmentID: data.fragmentID, streamID: data.streamID, sequenceNumber: data.sequenceNumber, status: failed ? .failed : .success,
      dubbedAudio: failed ? nil : data.audio, transcript: failed ? nil : "[echo] fragment \(data.sequenceNumber)",
      translatedText: failed ? nil : "[echo] fragment \(data.sequenceNumber)", processingTimeMs: milliseconds,
      stageTimings: STSStageTimings(asrMs: asr, translationMs: translation, ttsMs: milliseconds - asr - translation),
      error: fragment.failure,
      metadata: STSModelMetadata(asrModel: "echo-mock", translationModel: "echo-mock", ttsModel: "echo-mock", gpuUtilization: 0))
  }

  /// Tells the client about its load when the level changed; one low/none message takes an earlier one back.
  mutating func loadChanged() -> [Action] {
    guard tuning.isBackpressureEnabled, let streamID else { return [] }
    let level = tuning.level(inflight: inflight.count, limit: maxInflight)
    guard level != backpressure else { return [] }
    backpressure = level
    let action: BackpressureAction =
      switch level {
      case .high: .pause
      case .medium: .slowDown
      case .low, nil: .none
      }
    return [
      .emit(
        .backpressure(
          STSBackpressure(
            streamID: streamID, severity: level ?? .low, currentInflight: inflight.count, queueDepth: pending.count, action: action,
            recommendedDelayMs: level == .high ? 1000 : level == .medium ? 500 : nil)))
    ]
  }
}
