import WireFormats

/// The limits of the speech service's protocol.
package enum STSLimits {
  /// Fragments in flight.
  package static let maxInflight = 1...10
  /// Fragments in flight when no number is given.
  package static let defaultMaxInflight = 3
  /// Milliseconds a fragment may take.
  package static let timeoutMilliseconds = 1000...120_000
  /// Milliseconds of one fragment as announced in `stream:init`.
  package static let chunkMilliseconds = 100...60_000
  /// Milliseconds of audio in one fragment.
  package static let audioMilliseconds = 0...60000
  /// Samples a second.
  package static let sampleRateHz = 8000...96000
  /// Channels of audio.
  package static let channels = 1...2
  /// Bytes of audio in one fragment, decoded.
  package static let audioBytes = 10 * 1024 * 1024
  /// Bytes of an identifier.
  package static let identifierBytes = 256
  /// Milliseconds until a simulated disconnect.
  package static let disconnectDelayMilliseconds = 0.0...60000.0
  /// Rules of one error simulation.
  package static let errorRules = 100

  /// The range of a whole number in a message, by the field's name; nil for fields without one.
  package static func range(of field: String) -> ClosedRange<Int>? {
    switch field {
    case "max_inflight": maxInflight
    case "timeout_ms": timeoutMilliseconds
    case "chunk_duration_ms": chunkMilliseconds
    case "duration_ms": audioMilliseconds
    case "sample_rate_hz": sampleRateHz
    case "channels": channels
    default: nil
    }
  }
}

extension STSStreamInit {
  /// The limit in force: the one given, or the default.
  package var effectiveMaxInflight: Int { maxInflight ?? STSLimits.defaultMaxInflight }

  /// Throws an `STSViolation` (INVALID_CONFIG) for the first value the protocol does not allow.
  package func validate() throws(STSViolation) {
    try FieldCheck.identifier(streamID, "stream_id")
    try FieldCheck.identifier(workerID, "worker_id")
    try FieldCheck.identifier(config.sourceLanguage, "config.source_language")
    try FieldCheck.identifier(config.targetLanguage, "config.target_language")
    if let format = config.format { try FieldCheck.identifier(format, "config.format") }
    try FieldCheck.range(config.chunkDurationMs, STSLimits.chunkMilliseconds, "config.chunk_duration_ms")
    try FieldCheck.range(config.sampleRateHz, STSLimits.sampleRateHz, "config.sample_rate_hz")
    try FieldCheck.range(config.channels, STSLimits.channels, "config.channels")
    try FieldCheck.range(maxInflight, STSLimits.maxInflight, "max_inflight")
    try FieldCheck.range(timeoutMs, STSLimits.timeoutMilliseconds, "timeout_ms")
  }
}

extension STSFragmentData {
  /// Throws an `STSViolation` for the first value the protocol does not allow: INVALID_SEQUENCE, FRAGMENT_TOO_LARGE, else INVALID_CONFIG.
  package func validate() throws(STSViolation) {
    try FieldCheck.identifier(fragmentID, "fragment_id")
    if sequenceNumber < 0 { throw STSViolation(.invalidSequence, "sequence_number is \(sequenceNumber), but must not be negative") }
    try audio.validate()
  }
}

extension STSAudio {
  /// Throws an `STSViolation` for the first value the protocol does not allow.
  package func validate() throws(STSViolation) {
    try FieldCheck.identifier(format, "audio.format")
    try FieldCheck.range(sampleRateHz, STSLimits.sampleRateHz, "audio.sample_rate_hz")
    try FieldCheck.range(channels, STSLimits.channels, "audio.channels")
    try FieldCheck.range(durationMs, STSLimits.audioMilliseconds, "audio.duration_ms")
    guard let bytes = Self.decodedByteCount(ofBase64: dataBase64) else {
      throw STSViolation(.invalidConfig, "audio.data_base64 is not base64 with padding")
    }
    if bytes > STSLimits.audioBytes {
      throw STSViolation(.fragmentTooLarge, "audio is \(bytes) bytes decoded, but at most \(STSLimits.audioBytes) are taken")
    }
  }

  /// How many bytes a padded base64 text (RFC 4648, section 4) stands for; nil when it is not one.
  package static func decodedByteCount(ofBase64 text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count % 4 == 0 else { return nil }
      var padding = 0
      for (index, byte) in bytes.enumerated() {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "+"), UInt8(ascii: "/"):
          if padding > 0 { return nil }
        case UInt8(ascii: "="):
          padding += 1
          if index < bytes.count - 2 { return nil }
        default: return nil
        }
      }
      return bytes.count / 4 * 3 - padding
    }
  }
}

extension STSErrorSimulation {
  /// Throws an `STSViolation` (INVALID_CONFIG) for the first rule that could never be applied.
  package func validate() throws(STSViolation) {
    let rules = rules ?? []
    if rules.count > STSLimits.errorRules {
      throw STSViolation(.invalidConfig, "\(rules.count) rules are given, but at most \(STSLimits.errorRules) are taken")
    }
    for (index, rule) in rules.enumerated() {
      let place = "rules[\(index)]"
      if STSErrorCode(rawValue: rule.errorCode) == nil {
        throw STSViolation(.invalidConfig, "\(place).error_code is not a code of the protocol")
      }
      if let times = rule.times, times < 1 { throw STSViolation(.invalidConfig, "\(place).times is \(times), but must be at least 1") }
      switch (rule.trigger, rule.value) {
      case (.sequenceNumber, .number(let number)):
        if number < 0 { throw STSViolation(.invalidConfig, "\(place).value is \(number), but a sequence number is not negative") }
      case (.nthFragment, .number(let number)):
        if number < 1 { throw STSViolation(.invalidConfig, "\(place).value is \(number), but must be at least 1 with nth_fragment") }
      case (.fragmentID, .text): break
      case (.sequenceNumber, .text), (.nthFragment, .text):
        throw STSViolation(.invalidConfig, "\(place).value must be a whole number with \(rule.trigger.rawValue)")
      case (.fragmentID, .number):
        throw STSViolation(.invalidConfig, "\(place).value must be a text with fragment_id")
      }
    }
  }
}

extension STSSimulateDisconnect {
  /// Throws an `STSViolation` (INVALID_CONFIG) when the delay is out of range.
  package func validate() throws(STSViolation) {
    if let delay = delayMs, !STSLimits.disconnectDelayMilliseconds.contains(delay) {
      throw STSViolation(.invalidConfig, "delay_ms is \(NumberText.shortest(delay)), but must be 0 to 60000")
    }
  }
}

extension STSSimulateBackpressure {
  /// Throws an `STSViolation` (INVALID_CONFIG) when the delay is not above 0.
  package func validate() throws(STSViolation) {
    if let delay = recommendedDelayMs, !(delay > 0 && delay <= 60000) {
      throw STSViolation(.invalidConfig, "recommended_delay_ms is \(NumberText.shortest(delay)), but must be above 0 and at most 60000")
    }
  }
}

/// The checks that several messages share.
private enum FieldCheck {
  static func identifier(_ text: String, _ field: String) throws(STSViolation) {
    if text.isEmpty { throw STSViolation(.invalidConfig, "\(field) is empty") }
    if text.utf8.count > STSLimits.identifierBytes {
      throw STSViolation(.invalidConfig, "\(field) is longer than \(STSLimits.identifierBytes) bytes")
    }
  }

  static func range(_ value: Int?, _ allowed: ClosedRange<Int>, _ field: String) throws(STSViolation) {
    guard let value, !allowed.contains(value) else { return }
    throw STSViolation(.invalidConfig, "\(field) is \(value), but must be \(allowed.lowerBound) to \(allowed.upperBound)")
  }
}
