import Events
import SpeechProtocol

@testable import EmbeddedPipeline

/// Drives a worker's machine through time without a clock: timers are a list, the speech service is a function.
struct WorkerHarness {
  var machine: WorkerMachine
  var now = RunInstant.zero
  var timers: [WorkerMachine.Timer: RunInstant] = [:]
  var log: [(at: Double, event: WorkerLogEvent)] = []
  var sent: [(at: Double, id: String, sequence: Int, segment: Int)] = []
  var acks: [STSFragmentAck] = []
  var inits: [STSStreamInit] = []
  var outputs: [(at: Double, segment: Int, isDubbed: Bool)] = []
  var connects: [Double] = []
  var disconnects = 0
  var ended = 0
  var exit: (status: Int32, reason: String)?
  private let grid: SegmentGrid
  var nextSegment = 0

  init(rules: WorkerRules = WorkerRules()) {
    machine = WorkerMachine(rules: rules, streamID: "test", workerID: "w", makeFragmentID: { "f\($0)" })
    grid = SegmentGrid(rules: rules)
  }

  /// A worker whose stream is open at time 0.
  static func ready(rules: WorkerRules = WorkerRules()) -> WorkerHarness {
    var harness = WorkerHarness(rules: rules)
    harness.apply(.start)
    harness.apply(.connected)
    harness.open()
    return harness
  }

  mutating func open(maxInflight: Int = 10) {
    apply(.message(.streamReady(STSStreamReady(streamID: "test", sessionID: "s", maxInflight: maxInflight))))
  }

  mutating func apply(_ input: WorkerMachine.Input) {
    for action in machine.apply(input, at: now) {
      switch action {
      case .connect: connects.append(now.seconds)
      case .disconnect: disconnects += 1
      case .sendInit(let message): inits.append(message)
      case .sendFragment(let id, let sequence, let segment): sent.append((now.seconds, id, sequence, segment.index))
      case .sendAck(let ack): acks.append(ack)
      case .sendEnd: ended += 1
      case .setTimer(let timer, let seconds): timers[timer] = now.advanced(bySeconds: seconds)
      case .cancelTimer(let timer): timers[timer] = nil
      case .log(let event): log.append((now.seconds, event))
      case .output(let segment, let isDubbed): outputs.append((now.seconds, segment.index, isDubbed))
      case .exit(let status, let reason): exit = (status, reason)
      }
    }
  }

  /// Lets time pass, firing timers in order; `onTimer` may answer before each further one.
  mutating func advance(to seconds: Double) {
    let end = RunInstant(seconds: seconds)
    while let next = timers.min(by: { $0.value < $1.value }), next.value <= end {
      now = next.value
      timers[next.key] = nil
      apply(.timer(next.key))
    }
    now = end
  }

  mutating func cut() {
    apply(.segment(grid.segment(nextSegment, cutAt: now)))
    nextSegment += 1
  }

  mutating func answer(_ id: String, code: STSErrorCode? = nil, retryable: Bool? = nil) {
    let audio = STSAudio(format: "aac", sampleRateHz: 48000, channels: 2, durationMs: 6000, dataBase64: "")
    let error = code.map { STSFragmentError(code: $0.rawValue, message: "x", retryable: retryable ?? $0.isRetryable) }
    apply(
      .message(
        .processed(
          STSFragmentProcessed(
            fragmentID: id, streamID: "test", sequenceNumber: 0, status: code == nil ? .success : .failed,
            dubbedAudio: code == nil ? audio : nil, processingTimeMs: 1, error: error),
          audio: code == nil ? WorkerMachine.ReturnedAudio(lengthDifferenceMilliseconds: 0) : nil)))
  }

  mutating func backpressure(_ severity: BackpressureSeverity, _ action: BackpressureAction, delay: Double? = nil) {
    apply(
      .message(
        .backpressure(
          STSBackpressure(
            streamID: "test", severity: severity, currentInflight: 0, queueDepth: 0, action: action, recommendedDelayMs: delay))))
  }

  var transitions: [BreakerTransition] {
    log.compactMap { if case .breaker(let transition) = $0.event { transition } else { nil } }
  }

  var fallbacks: [FallbackReason] {
    log.compactMap { if case .fallback(_, _, let reason) = $0.event { reason } else { nil } }
  }
}
