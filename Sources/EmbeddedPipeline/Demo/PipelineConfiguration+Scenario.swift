import Judging

extension PipelineConfiguration {
  /// What a scenario needs.
  package init(_ scenario: Scenario) {
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
