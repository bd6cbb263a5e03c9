import Events
import SpeechProtocol

/// The worker as a state machine: inputs in, actions out; no clock, no I/O (contract: *worker behaviour*).
struct WorkerMachine: Sendable {
  let rules: WorkerRules
  let streamID: String
  let workerID: String
  /// Makes a fragment's identifier from a running number; passed in because identifiers are random.
  let makeFragmentID: @Sendable (Int) -> String

  var phase = Phase.idle
  var breaker: CircuitBreaker
  var counters = WorkerCounters()
  var inflight: [String: InFlight] = [:]
  /// Segments that wait for a free place, a resume or a delay, in order.
  var waiting: [Segment] = []
  var isPaused = false
  /// Delay before each send, in seconds; nil without slow_down.
  var sendDelay: Double?
  /// The segment whose delay is over.
  var delayedSegment: Int?
  var inflightLimit: Int
  var nextSequence = 0
  var fragmentCount = 0
  var hasInputEnded = false
  /// What the audio is, as far as it is known.
  var audioSampleRate = AACSilence.sampleRateHz
  var audioChannels = AACSilence.channels
  /// The attempt that was started last, until the stream is ready again.
  var attempt = 0

  init(rules: WorkerRules, streamID: String, workerID: String, makeFragmentID: @escaping @Sendable (Int) -> String) {
    self.rules = rules
    self.streamID = streamID
    self.workerID = workerID
    self.makeFragmentID = makeFragmentID
    inflightLimit = rules.maxInflight
    breaker = CircuitBreaker(failureThreshold: rules.breakerFailures, cooldownSeconds: rules.breakerCooldownSeconds)
  }

  /// Takes an input at an instant and says what is to be done.
  mutating func apply(_ input: Input, at now: RunInstant) -> [Action] {
    if phase == .exited { return [] }
    switch input {
    case .start:
      guard phase == .idle else { return [] }
      phase = .connecting(attempt: 0)
      return [.log(.starting(streamID: streamID)), .connect]
    case .connected: return connected()
    case .connectFailed: return connectFailed()
    case .disconnected(let reason): return disconnected(reason: reason, at: now)
    case .segment(let segment): return take(segment, at: now)
    case .tail(let bytes):
      counters.audioBytes += bytes
      return []
    case .endOfInput:
      hasInputEnded = true
      return endIfDrained()
    case .inputResumed: return inputResumed()
    case .message(let message): return receive(message, at: now)
    case .timer(let timer): return fire(timer, at: now)
    case .stop: return stop(at: now)
    }
  }

  private mutating func fire(_ timer: Timer, at now: RunInstant) -> [Action] {
    switch timer {
    case .fragmentTimeout(let id): return fragmentTimedOut(id, at: now)
    case .outputDeadline(let segment): return outputIsDue(segment, at: now)
    case .slowDown(let segment):
      delayedSegment = segment
      return pump(at: now)
    case .reconnect(let attempt):
      guard phase == .waiting(attempt: attempt) else { return [] }
      self.attempt = attempt
      counters.reconnections += 1
      phase = .connecting(attempt: attempt)
      return [.connect]
    case .readyTimeout:
      guard case .opening = phase else { return [] }
      return [.disconnect] + disconnected(reason: "no stream:ready within \(rules.readyTimeoutSeconds) s", at: now)
    case .completeTimeout:
      guard phase == .ending else { return [] }
      return [.log(.disconnected(reason: "no stream:complete within \(rules.readyTimeoutSeconds) s")), .disconnect] + finish()
    }
  }

  private mutating func receive(_ message: STSMessage, at now: RunInstant) -> [Action] {
    switch message {
    case .streamReady(let ready):
      guard case .opening = phase, ready.streamID == streamID else { return [] }
      phase = .ready(sessionID: ready.sessionID)
      attempt = 0
      counters.isStreamKnown = true
      inflightLimit = max(1, min(rules.maxInflight, ready.maxInflight))
      return [.cancelTimer(.readyTimeout), .log(.streamReady(sessionID: ready.sessionID, maxInflight: inflightLimit))]
        + endIfDrained()
    case .queued: return []
    case .processed(let result, let audio): return processed(result, audio: audio, at: now)
    case .backpressure(let message): return heldBack(message, at: now)
    case .error(let error): return failed(error, at: now)
    case .complete(let complete):
      guard phase == .ending else { return [] }
      return [.cancelTimer(.completeTimeout), .log(.streamComplete(total: complete.totalFragments)), .disconnect] + finish()
    }
  }

  private mutating func stop(at now: RunInstant) -> [Action] {
    let wasReady = isReady
    let actions = giveUpEverything(at: now)
    phase = .exited
    let end: [Action] = wasReady ? [.sendEnd(STSStreamReference(streamID: streamID, reason: "worker stopped")), .log(.endSent)] : []
    return actions + end + [.disconnect, .log(.stopped), .exit(status: 0, reason: "stopped")]
  }

  var isReady: Bool {
    if case .ready = phase { return true }
    return false
  }

  /// Ends the stream when the input has ended and everything is through.
  mutating func endIfDrained() -> [Action] {
    guard hasInputEnded, isReady, inflight.isEmpty, waiting.isEmpty else { return [] }
    phase = .ending
    return [
      .sendEnd(STSStreamReference(streamID: streamID, reason: "end of input")), .log(.endSent),
      .setTimer(.completeTimeout, seconds: rules.readyTimeoutSeconds),
    ]
  }

  /// The session is over; the next one begins at once when input came again meanwhile.
  mutating func finish() -> [Action] {
    guard hasInputEnded else {
      phase = .connecting(attempt: 0)
      return [.connect]
    }
    phase = .finished
    return [.log(.stopped)]
  }

  private mutating func inputResumed() -> [Action] {
    guard hasInputEnded else { return [] }
    hasInputEnded = false
    guard phase == .finished else { return [] }
    phase = .connecting(attempt: 0)
    return [.log(.starting(streamID: streamID)), .connect]
  }
}
