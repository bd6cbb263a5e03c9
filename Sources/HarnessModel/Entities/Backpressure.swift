/// How loaded the speech service says it is.
public enum BackpressureSeverity: String, Codable, Sendable, CaseIterable { case low, medium, high }

/// What the speech service asks for.
public enum BackpressureAction: String, Codable, Sendable, CaseIterable {
  case none
  case slowDown = "slow_down"
  case pause
}

/// One backpressure message (data model: *backpressure event*).
public struct BackpressureEvent: Codable, Hashable, Sendable {
  /// How loaded it is; nil where only the action is known.
  public var severity: BackpressureSeverity?
  /// What it asks for.
  public var action: BackpressureAction
  /// How long to wait before each send, in milliseconds; only with `slow_down` (the echo service names one with `pause` too).
  public var recommendedDelayMilliseconds: Double?
  /// Fragments in flight then, where said.
  public var currentInflight: Int?
  /// Fragments queued at the speech service then, where said.
  public var queueDepth: Int?

  /// A backpressure message.
  public init(
    severity: BackpressureSeverity?, action: BackpressureAction, recommendedDelayMilliseconds: Double? = nil, currentInflight: Int? = nil,
    queueDepth: Int? = nil
  ) {
    self.severity = severity
    self.action = action
    self.recommendedDelayMilliseconds = recommendedDelayMilliseconds
    self.currentInflight = currentInflight
    self.queueDepth = queueDepth
  }

  /// What the data model forbids in this event.
  public func violations() -> [ValidationError] {
    guard let delay = recommendedDelayMilliseconds else { return [] }
    if !(delay > 0) {
      return [ValidationError(field: "recommended_delay_ms", message: "is \(delay), but must be greater than 0")]
    }
    if action != .slowDown {
      return [ValidationError(field: "recommended_delay_ms", message: "is given with \(action.rawValue), but belongs to slow_down only")]
    }
    return []
  }
}
