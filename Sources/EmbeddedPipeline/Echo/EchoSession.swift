import Events
import SpeechProtocol

/// One client's session with the speech service: a state machine whose transitions return what is to be done.
///
/// initializing → active ↔ paused → ending → completed. It reads no clock and does no I/O: time comes with the inputs.
struct EchoSession: Sendable {
  /// The states of a session.
  enum State: String, Sendable { case initializing, active, paused, ending, completed }

  /// What happens to a session.
  enum Input: Sendable {
    case open(STSStreamInit, sessionID: String)
    /// `processingSeconds`: how long this fragment is going to take.
    case fragment(STSFragmentData, processingSeconds: Double)
    case fragmentReady(fragmentID: String)
    case gapExpired(sequenceNumber: Int)
    case acknowledged(STSFragmentAck)
    case pause(STSStreamReference)
    case resume(STSStreamReference)
    case end(STSStreamReference)
    case autoDisconnectDue
  }

  /// What is to be done.
  enum Action: Sendable, Equatable {
    case emit(EchoMessage)
    case setTimer(Timer, seconds: Double)
    case disconnect(reason: String)
  }

  /// What a session waits for.
  enum Timer: Hashable, Sendable {
    case fragmentReady(fragmentID: String)
    case gapExpired(sequenceNumber: Int)
    case autoDisconnect
  }

  /// A fragment that was taken and whose result is not delivered yet.
  struct Pending: Sendable {
    var data: STSFragmentData
    var receivedAt: RunInstant
    var readyAt: RunInstant?
    var failure: STSFragmentError?
    var mayPassGap = false
  }

  /// How many undelivered fragments are kept; what comes beyond is refused with QUEUE_FULL.
  static let queueLimit = 64
  /// How many delivered, never acknowledged fragments are remembered.
  static let unacknowledgedLimit = 1024

  private(set) var state = State.initializing
  private(set) var streamID: String?
  private(set) var sessionID: String?
  private(set) var maxInflight = STSLimits.defaultMaxInflight
  /// Error rules in force; empty when the simulation is off.
  var errors = EchoErrorRules()
  let tuning: EchoTuning

  var pending: [Int: Pending] = [:]
  var inflight: Set<String> = []
  /// Sequence numbers that will never be delivered, so that nothing waits for them.
  var skipped: Set<Int> = []
  var nextSequence = 0
  var backpressure: BackpressureSeverity?
  var statistics = EchoStatistics()
  var receivedCount = 0

  init(tuning: EchoTuning) { self.tuning = tuning }

  /// Takes an input at an instant and says what is to be done.
  mutating func apply(_ input: Input, at now: RunInstant) -> [Action] {
    switch input {
    case .open(let message, let sessionID): return open(message, sessionID: sessionID)
    case .fragment(let data, let seconds): return take(data, processingSeconds: seconds, at: now)
    case .fragmentReady(let id): return markReady(id, at: now)
    case .gapExpired(let sequence):
      pending[sequence]?.mayPassGap = true
      return deliver(at: now)
    case .acknowledged(let ack):
      guard inflight.remove(ack.fragmentID) != nil else { return [] }
      return loadChanged()
    case .pause(let reference): return change(reference, from: .active, to: .paused)
    case .resume(let reference): return change(reference, from: .paused, to: .active)
    case .end(let reference): return end(reference, at: now)
    case .autoDisconnectDue: return state == .completed ? [.disconnect(reason: "stream ended")] : []
    }
  }

  /// The action that tells the client about a refusal.
  func refusal(_ violation: STSViolation, fragmentID: String? = nil) -> Action {
    .emit(
      .error(
        STSErrorMessage(
          streamID: streamID, fragmentID: fragmentID, code: violation.code.rawValue, message: violation.message,
          severity: violation.code.severity, retryable: violation.code.isRetryable)))
  }

  private mutating func open(_ message: STSStreamInit, sessionID: String) -> [Action] {
    guard state == .initializing else {
      return [refusal(STSViolation(.invalidConfig, "a stream is open on this connection already; connect again to open another"))]
    }
    do throws(STSViolation) { try message.validate() } catch { return [refusal(error)] }
    state = .active
    streamID = message.streamID
    self.sessionID = sessionID
    maxInflight = message.effectiveMaxInflight
    let capabilities = STSCapabilities(batchProcessing: false, asyncDelivery: true)
    return [
      .emit(
        .streamReady(
          STSStreamReady(streamID: message.streamID, sessionID: sessionID, maxInflight: maxInflight, capabilities: capabilities)))
    ]
  }

  private mutating func change(_ reference: STSStreamReference, from: State, to: State) -> [Action] {
    guard reference.streamID == streamID, state == from || state == to else { return [refusal(notActive(reference.streamID))] }
    state = to
    return []
  }

  func notActive(_ asked: String) -> STSViolation {
    if let streamID, asked == streamID { return STSViolation(.streamNotFound, "the stream is \(state.rawValue), not active") }
    return STSViolation(.streamNotFound, "no such stream on this connection; send stream:init first")
  }

  private mutating func end(_ reference: STSStreamReference, at now: RunInstant) -> [Action] {
    guard reference.streamID == streamID, state == .active || state == .paused else {
      return [refusal(notActive(reference.streamID))]
    }
    state = .ending
    for sequence in pending.keys { pending[sequence]?.mayPassGap = true }
    return deliver(at: now)
  }

  /// Ends the session once everything taken is delivered.
  mutating func completeIfDrained() -> [Action] {
    guard state == .ending, pending.isEmpty, let streamID else { return [] }
    state = .completed
    return [
      .emit(.streamComplete(statistics.summary(streamID: streamID))),
      .setTimer(.autoDisconnect, seconds: tuning.autoDisconnectSeconds),
    ]
  }
}
