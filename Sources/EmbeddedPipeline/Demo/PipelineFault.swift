import HarnessModel

/// A disturbance of the embedded pipeline, with its numbers (pipeline time).
public enum PipelineFault: Sendable, Hashable {
  /// The next fragments fail with a code.
  case speechErrors(code: STSErrorCode, count: Int)
  /// The speech service drops the worker's connection.
  case speechDisconnect
  /// The speech service answers 503 and lets nobody in, for this long.
  case speechOutage(seconds: Double)
  /// The speech service sends a backpressure message.
  case backpressure(BackpressureSeverity, BackpressureAction, delayMilliseconds: Double?)
  /// Every fragment takes this much longer, for this long.
  case latency(milliseconds: Double, seconds: Double)
  /// The worker's process ends, and is started again after this long.
  case workerCrash(restartAfterSeconds: Double)
  /// The worker is started again, whether it runs or not.
  case workerRestart
  /// The output's audio is this much later (negative: earlier) than it should be, for this long.
  case audioSkew(milliseconds: Double, seconds: Double)
  /// The output's audio drifts by so much a second, for this long; then it is right again.
  case audioDrift(millisecondsPerSecond: Double, seconds: Double)
  /// The publisher ends, and is started again after this long.
  case publisherStop(restartAfterSeconds: Double)

  /// Its stable name, as in the faults menu.
  public var id: String {
    switch self {
    case .speechErrors: "sts-errors"
    case .speechDisconnect: "sts-disconnect"
    case .speechOutage: "sts-outage"
    case .backpressure(_, .pause, _): "backpressure-pause"
    case .backpressure(_, .slowDown, _): "backpressure-slow-down"
    case .backpressure(_, .none, _): "backpressure-clear"
    case .latency: "sts-latency"
    case .workerCrash: "worker-crash"
    case .workerRestart: "worker-restart"
    case .audioSkew: "audio-skew"
    case .audioDrift: "audio-drift"
    case .publisherStop: "publisher-stop"
    }
  }

  /// What the menu says.
  public var title: String {
    switch self {
    case .speechErrors(let code, let count): "The next \(count) fragments fail with \(code.rawValue)"
    case .speechDisconnect: "The speech service drops the worker's connection"
    case .speechOutage(let seconds): "The speech service is out for \(LogText.shortest(seconds)) s"
    case .backpressure(_, .pause, _): "Backpressure: pause"
    case .backpressure(_, .slowDown, _): "Backpressure: slow down"
    case .backpressure(_, .none, _): "Backpressure: clear"
    case .latency(let milliseconds, let seconds):
      "Every fragment takes \(LogText.shortest(milliseconds / 1000)) s longer for \(LogText.shortest(seconds)) s"
    case .workerCrash(let seconds): "The worker crashes and is started again after \(LogText.shortest(seconds)) s"
    case .workerRestart: "Start the worker again"
    case .audioSkew(let milliseconds, let seconds):
      "The audio is \(Self.offset(milliseconds)) for \(LogText.shortest(seconds)) s"
    case .audioDrift(let rate, let seconds):
      "The audio drifts by \(Self.drift(rate)) for \(LogText.shortest(seconds)) s"
    case .publisherStop(let seconds): "The publisher stops and is started again after \(LogText.shortest(seconds)) s"
    }
  }

  /// What exactly, in few words, for the timeline.
  public var detail: String {
    switch self {
    case .speechErrors(let code, let count): "\(code.rawValue) ×\(count)"
    case .speechDisconnect: "disconnect"
    case .speechOutage(let seconds): "outage \(LogText.shortest(seconds)) s"
    case .backpressure(let severity, let action, let delay):
      "\(severity.rawValue)/\(action.rawValue)" + (delay.map { " \(LogText.shortest($0)) ms" } ?? "")
    case .latency(let milliseconds, let seconds): "+\(LogText.shortest(milliseconds)) ms for \(LogText.shortest(seconds)) s"
    case .workerCrash: "crash"
    case .workerRestart: "restart"
    case .audioSkew(let milliseconds, _): Self.offset(milliseconds)
    case .audioDrift(let rate, let seconds):
      "\(Self.drift(rate)) for \(LogText.shortest(seconds)) s"
    case .publisherStop: "stop"
    }
  }

  /// The service it is done to.
  public var service: ServiceName {
    switch self {
    case .speechErrors, .speechDisconnect, .speechOutage, .backpressure, .latency: .speechService
    case .workerCrash, .workerRestart, .audioSkew, .audioDrift: .mediaService
    case .publisherStop: "publisher"
    }
  }

  /// In the unit it is asked for by, and in that of the measured figure.
  private static func drift(_ millisecondsPerSecond: Double) -> String {
    "\(LogText.shortest(millisecondsPerSecond)) ms/s (\(LogText.shortest(millisecondsPerSecond * 60)) ms/min)"
  }

  private static func offset(_ milliseconds: Double) -> String {
    milliseconds == 0 ? "in place" : "\(LogText.shortest(abs(milliseconds))) ms \(milliseconds > 0 ? "late" : "early")"
  }

  /// What the faults menu offers.
  public static let menu: [PipelineFault] = [
    .speechErrors(code: .timeout, count: 5), .speechDisconnect, .speechOutage(seconds: 20),
    .backpressure(.high, .pause, delayMilliseconds: nil), .backpressure(.medium, .slowDown, delayMilliseconds: 500),
    .backpressure(.low, .none, delayMilliseconds: nil), .latency(milliseconds: 4000, seconds: 30), .workerCrash(restartAfterSeconds: 5),
    .workerRestart, .audioSkew(milliseconds: 200, seconds: 30), .audioDrift(millisecondsPerSecond: 4, seconds: 45),
    .publisherStop(restartAfterSeconds: 5),
  ]

  /// Why it cannot be done; nil when it can.
  func unavailableReason(isStreamed: Bool, hasPublisher: Bool) -> String? {
    switch self {
    case .audioSkew, .audioDrift: isStreamed ? nil : "no stream goes through this pipeline: its segments are cut by the clock"
    case .publisherStop: hasPublisher ? nil : "this pipeline has no publisher of its own"
    case .speechErrors, .speechDisconnect, .speechOutage, .backpressure, .latency, .workerCrash, .workerRestart: nil
    }
  }
}
