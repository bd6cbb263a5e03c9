/// Which fragments are to fail, and how.
package struct STSErrorRule: Codable, Hashable, Sendable {
  /// What is compared.
  package enum Trigger: String, Codable, Sendable, CaseIterable {
    case sequenceNumber = "sequence_number"
    case fragmentID = "fragment_id"
    /// Every Nth fragment of the session.
    case nthFragment = "nth_fragment"
  }

  /// What is compared.
  package var trigger: Trigger
  /// With what.
  package var value: STSRuleValue
  /// The code to fail with.
  package var errorCode: String
  /// The words to fail with.
  package var errorMessage: String?
  /// Whether the same may succeed later; as the code has it when absent.
  package var retryable: Bool?
  /// Where it fails: `asr`, `translation`, `tts`.
  package var stage: String?
  /// How often it fires at most (an addition of this stand-in); without limit when absent.
  package var times: Int?

  /// Which fragments are to fail, and how.
  package init(
    trigger: Trigger, value: STSRuleValue, errorCode: String, errorMessage: String? = nil, retryable: Bool? = nil, stage: String? = nil,
    times: Int? = nil
  ) {
    self.trigger = trigger
    self.value = value
    self.errorCode = errorCode
    self.errorMessage = errorMessage
    self.retryable = retryable
    self.stage = stage
    self.times = times
  }

  private enum CodingKeys: String, CodingKey {
    case trigger
    case value
    case errorCode = "error_code"
    case errorMessage = "error_message"
    case retryable
    case stage
    case times
  }
}

/// `config:error_simulation`: makes fragments fail on purpose.
package struct STSErrorSimulation: Codable, Hashable, Sendable {
  /// Whether the rules are in force.
  package var enabled: Bool
  /// The rules; the first that matches wins.
  package var rules: [STSErrorRule]?
  /// The stream meant; the sender's own when absent.
  package var streamID: String?

  /// `config:error_simulation`: makes fragments fail on purpose.
  package init(enabled: Bool, rules: [STSErrorRule]? = nil, streamID: String? = nil) {
    self.enabled = enabled
    self.rules = rules
    self.streamID = streamID
  }

  private enum CodingKeys: String, CodingKey {
    case enabled
    case rules
    case streamID = "stream_id"
  }
}

/// `config:error_simulation:ack`.
package struct STSErrorSimulationAck: Codable, Hashable, Sendable {
  /// `accepted` or `rejected`.
  package var status: String
  /// How many rules are in force.
  package var rulesCount: Int
  /// In words.
  package var message: String?

  /// `config:error_simulation:ack`.
  package init(status: String, rulesCount: Int, message: String? = nil) {
    self.status = status
    self.rulesCount = rulesCount
    self.message = message
  }

  private enum CodingKeys: String, CodingKey {
    case status
    case rulesCount = "rules_count"
    case message
  }
}

/// `simulate:disconnect`: makes the server drop a client.
package struct STSSimulateDisconnect: Codable, Hashable, Sendable {
  /// In how many milliseconds, 0 to 60000; 0 when absent.
  package var delayMs: Double?
  /// Why, in words.
  package var reason: String?
  /// The stream meant; the sender's own when absent.
  package var streamID: String?

  /// `simulate:disconnect`: makes the server drop a client.
  package init(delayMs: Double? = nil, reason: String? = nil, streamID: String? = nil) {
    self.delayMs = delayMs
    self.reason = reason
    self.streamID = streamID
  }

  private enum CodingKeys: String, CodingKey {
    case delayMs = "delay_ms"
    case reason
    case streamID = "stream_id"
  }
}

/// `simulate:disconnect:ack`.
package struct STSSimulateDisconnectAck: Codable, Hashable, Sendable {
  /// `scheduled` or `rejected`.
  package var status: String
  /// When, milliseconds since the epoch.
  package var disconnectAtMs: Double?
  /// In words.
  package var message: String

  /// `simulate:disconnect:ack`.
  package init(status: String, disconnectAtMs: Double? = nil, message: String) {
    self.status = status
    self.disconnectAtMs = disconnectAtMs
    self.message = message
  }

  private enum CodingKeys: String, CodingKey {
    case status
    case disconnectAtMs = "disconnect_at_ms"
    case message
  }
}

/// `simulate:backpressure`: makes the server send a backpressure message (an addition of this stand-in).
package struct STSSimulateBackpressure: Codable, Hashable, Sendable {
  /// The stream meant; the sender's own when absent.
  package var streamID: String?
  /// What it says.
  package var severity: BackpressureSeverity
  /// What it asks for.
  package var action: BackpressureAction
  /// The delay it names, in milliseconds, above 0.
  package var recommendedDelayMs: Double?

  /// `simulate:backpressure`: makes the server send a backpressure message (an addition of this stand-in).
  package init(streamID: String? = nil, severity: BackpressureSeverity, action: BackpressureAction, recommendedDelayMs: Double? = nil) {
    self.streamID = streamID
    self.severity = severity
    self.action = action
    self.recommendedDelayMs = recommendedDelayMs
  }

  private enum CodingKeys: String, CodingKey {
    case streamID = "stream_id"
    case severity
    case action
    case recommendedDelayMs = "recommended_delay_ms"
  }
}

/// `simulate:backpressure:ack` (an addition of this stand-in).
package struct STSSimulateBackpressureAck: Codable, Hashable, Sendable {
  /// `sent` or `rejected`.
  package var status: String
  /// In words.
  package var message: String

  /// `simulate:backpressure:ack` (an addition of this stand-in).
  package init(status: String, message: String) {
    self.status = status
    self.message = message
  }

  private enum CodingKeys: String, CodingKey {
    case status
    case message
  }
}
