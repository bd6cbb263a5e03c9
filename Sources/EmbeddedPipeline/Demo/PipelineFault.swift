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
    }
  }

  /// The service it is done to.
  public var service: ServiceName {
    switch self {
    case .speechErrors, .speechDisconnect, .speechOutage, .backpressure, .latency: .speechService
    case .workerCrash, .workerRestart: .mediaService
    }
  }

  /// What the faults menu offers.
  public static let menu: [PipelineFault] = [
    .speechErrors(code: .timeout, count: 5), .speechDisconnect, .speechOutage(seconds: 20),
    .backpressure(.high, .pause, delayMilliseconds: nil), .backpressure(.medium, .slowDown, delayMilliseconds: 500),
    .backpressure(.low, .none, delayMilliseconds: nil), .latency(milliseconds: 4000, seconds: 30), .workerCrash(restartAfterSeconds: 5),
    .workerRestart,
  ]

  /// What cannot be done here, with the reason.
  static let unavailable: [FaultDescriptor] = [
    FaultDescriptor(id: "audio-skew", title: "Shift the audio against the video", unavailableReason: noMedia),
    FaultDescriptor(id: "audio-drift", title: "Let the audio drift", unavailableReason: noMedia),
    FaultDescriptor(id: "publisher-stop", title: "Stop the publisher", unavailableReason: noMedia),
  ]

  private static let noMedia = "the embedded pipeline has no media plane yet: no stream is published, segments are cut by the clock"
}
