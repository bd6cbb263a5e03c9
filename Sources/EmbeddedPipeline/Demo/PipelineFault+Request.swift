import HarnessModel

extension PipelineFault {
  /// The fault that a scenario asks for, with its numbers; nil for one that this pipeline cannot do.
  public init?(_ request: FaultRequest) {
    func number(_ name: String, or fallback: Double) -> Double { request.number(name) ?? fallback }
    switch request.id {
    case "sts-errors":
      guard let code = STSErrorCode(rawValue: request.parameters["code"] ?? STSErrorCode.timeout.rawValue) else { return nil }
      self = .speechErrors(code: code, count: Int(max(1, min(number("count", or: 5), 10_000))))
    case "sts-disconnect": self = .speechDisconnect
    case "sts-outage": self = .speechOutage(seconds: number("seconds", or: 20))
    case "backpressure":
      guard let severity = BackpressureSeverity(rawValue: request.parameters["severity"] ?? "medium"),
        let action = BackpressureAction(rawValue: request.parameters["action"] ?? "slow_down")
      else { return nil }
      self = .backpressure(severity, action, delayMilliseconds: request.number("delay_ms"))
    case "sts-latency": self = .latency(milliseconds: number("ms", or: 4000), seconds: number("seconds", or: 30))
    case "worker-crash": self = .workerCrash(restartAfterSeconds: number("restart_after", or: 5))
    case "worker-restart": self = .workerRestart
    case "audio-skew": self = .audioSkew(milliseconds: number("ms", or: 200), seconds: number("seconds", or: 30))
    case "audio-drift": self = .audioDrift(millisecondsPerSecond: number("ms_per_s", or: 4), seconds: number("seconds", or: 45))
    case "publisher-stop": self = .publisherStop(restartAfterSeconds: number("restart_after", or: 5))
    default: return nil
    }
  }
}

extension PipelineConfiguration {
  /// What a scenario needs.
  public init(_ scenario: Scenario) {
    self.init()
    let needs = scenario.needs
    if let delay = needs.processingDelayMilliseconds { processingDelayMilliseconds = delay }
    if let sends = needs.sendsBackpressure { isBackpressureEnabled = sends }
    if let limit = needs.maxInflight { rules.maxInflight = limit }
    if let timeout = needs.fragmentTimeoutMilliseconds { rules.fragmentTimeoutMilliseconds = timeout }
    if let level = needs.logLevel { logLevel = level }
    isPublishedOnce = scenario.publish.length == .once
    if isPublishedOnce {
      segmentLimit = scenario.publish.expectedSegments(segmentSeconds: rules.segmentSeconds)
    }
  }
}
