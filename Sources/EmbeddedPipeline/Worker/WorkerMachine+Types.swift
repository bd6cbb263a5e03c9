import Events
import SpeechProtocol

extension WorkerMachine {
  /// Where the worker stands with the speech service.
  enum Phase: Sendable, Equatable {
    case idle
    /// A connection is being made; 0 for the first, else the attempt's number.
    case connecting(attempt: Int)
    /// Connected; `stream:init` is sent and not answered.
    case opening(attempt: Int)
    case ready(sessionID: String)
    /// Waiting until the next attempt.
    case waiting(attempt: Int)
    /// Input has ended; `stream:end` is sent.
    case ending
    /// All done, by itself and well.
    case finished
    /// The process has ended.
    case exited
  }

  /// What happens to the worker.
  enum Input: Sendable {
    case start
    case connected
    case connectFailed(reason: String)
    case disconnected(reason: String)
    case segment(Segment)
    /// So much audio more belongs to the last segment.
    case tail(audioBytes: Int)
    case endOfInput
    /// Input comes again after its end: a new session, if the old one is over.
    case inputResumed
    case message(STSMessage)
    case timer(Timer)
    case stop
  }

  /// What the speech service says.
  enum STSMessage: Sendable {
    case streamReady(STSStreamReady)
    case queued(STSFragmentAck)
    /// The audio itself is looked at by the actor; nil when there is none, or none that can be put out.
    case processed(STSFragmentProcessed, audio: ReturnedAudio?)
    case backpressure(STSBackpressure)
    case error(STSErrorMessage)
    case complete(STSStreamComplete)
  }

  /// What the worker waits for.
  enum Timer: Hashable, Sendable {
    case fragmentTimeout(fragmentID: String)
    case outputDeadline(segment: Int)
    case slowDown(segment: Int)
    case reconnect(attempt: Int)
    case readyTimeout
    case completeTimeout
  }

  /// Audio that came back.
  struct ReturnedAudio: Sendable, Equatable {
    /// How much longer it is than what was sent, in milliseconds.
    var lengthDifferenceMilliseconds: Double
  }

  /// What is to be done.
  enum Action: Sendable {
    case connect
    case disconnect
    case sendInit(STSStreamInit)
    case sendFragment(fragmentID: String, sequence: Int, segment: Segment)
    case sendAck(STSFragmentAck)
    case sendEnd(STSStreamReference)
    case setTimer(Timer, seconds: Double)
    case cancelTimer(Timer)
    case log(WorkerLogEvent)
    /// A segment goes to the output, dubbed or as it was.
    case output(Segment, isDubbed: Bool)
    case exit(status: Int32, reason: String)
  }

  /// A fragment the service has.
  struct InFlight: Sendable {
    var segment: Segment
    var sequence: Int
    var sentAt: RunInstant
    /// The original audio stood in already, because the output could not wait.
    var isPutOut = false
    /// It is the breaker's probe.
    var isProbe: Bool
  }
}

/// Why the original audio stood in.
enum FallbackReason: String, Sendable, CaseIterable {
  case timeout, error
  case circuitOpen = "circuit_open"
}

/// What the worker counts; rendered as metrics.
struct WorkerCounters: Sendable {
  var isStreamKnown = false
  var sent = 0
  var processed: [STSFragmentStatus: Int] = [:]
  var fallbacks: [FallbackReason: Int] = [:]
  var backpressure: [BackpressureAction: Int] = [:]
  var reconnections = 0
  var breakerFailures = 0
  var errors: [String: Int] = [:]
  var segments = 0
  var audioBytes = 0
  var videoBytes = 0
  var syncCorrections = 0
  var lastSyncMilliseconds: Double?
  var sync = Histogram(upperBounds: [5, 10, 20, 40, 60, 80, 100, 120, 150, 200, 300, 500, 1000])
  var latency = Histogram(upperBounds: [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15])
}

/// A cumulative histogram.
struct Histogram: Sendable, Equatable {
  let upperBounds: [Double]
  private(set) var counts: [Int]
  private(set) var sum = 0.0
  private(set) var count = 0

  init(upperBounds: [Double]) {
    self.upperBounds = upperBounds
    counts = Array(repeating: 0, count: upperBounds.count)
  }

  mutating func observe(_ value: Double, times: Int = 1) {
    for index in upperBounds.indices where value <= upperBounds[index] { counts[index] += times }
    sum += value * Double(times)
    count += times
  }
}
