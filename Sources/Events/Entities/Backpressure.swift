import SpeechProtocol
import WireFormats

/// One backpressure message (data model: *backpressure event*).
package struct BackpressureEvent: Codable, Hashable, Sendable {
  /// How loaded it is; nil where only the action is known.
  package var severity: BackpressureSeverity?
  /// What it asks for.
  package var action: BackpressureAction
  /// How long to wait before each send, in milliseconds; only with `slow_down` (the echo service names one with `pause` too).
  package var recommendedDelayMilliseconds: Double?
  /// Fragments in flight then, where said.
  package var currentInflight: Int?
  /// Fragments queued at the speech service then, where said.
  package var queueDepth: Int?

  /// A backpressure message.
  package init(
    severity: BackpressureSeverity?, action: BackpressureAction, recommendedDelayMilliseconds: Double? = nil, currentInflight: Int? = nil,
    queueDepth: Int? = nil
  ) {
    self.severity = severity
    self.action = action
    self.recommendedDelayMilliseconds = recommendedDelayMilliseconds
    self.currentInflight = currentInflight
    self.queueDepth = queueDepth
  }
}
