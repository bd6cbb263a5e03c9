/// The error codes of the speech service's protocol, with what each means for whoever gets it.
package enum STSErrorCode: String, Codable, Sendable, CaseIterable {
  case authFailed = "AUTH_FAILED"
  case streamNotFound = "STREAM_NOT_FOUND"
  case invalidConfig = "INVALID_CONFIG"
  case fragmentTooLarge = "FRAGMENT_TOO_LARGE"
  case timeout = "TIMEOUT"
  case modelError = "MODEL_ERROR"
  case gpuOutOfMemory = "GPU_OOM"
  case queueFull = "QUEUE_FULL"
  case invalidSequence = "INVALID_SEQUENCE"
  case rateLimit = "RATE_LIMIT"

  /// Whether the same request may succeed later; only these count for the circuit breaker.
  package var isRetryable: Bool {
    switch self {
    case .timeout, .modelError, .gpuOutOfMemory, .queueFull, .rateLimit: true
    case .authFailed, .streamNotFound, .invalidConfig, .fragmentTooLarge, .invalidSequence: false
    }
  }

  /// How grave it is.
  package var severity: STSErrorSeverity {
    switch self {
    case .authFailed: .fatal
    case .queueFull, .rateLimit: .warning
    case .streamNotFound, .invalidConfig, .fragmentTooLarge, .timeout, .modelError, .gpuOutOfMemory, .invalidSequence: .error
    }
  }
}

/// How grave an error of the speech service is.
package enum STSErrorSeverity: String, Codable, Sendable, CaseIterable { case warning, error, fatal }

/// Why a message is refused: the code the sender is told, and one sentence.
package struct STSViolation: Error, Hashable, Sendable, CustomStringConvertible {
  /// The code the sender is told.
  package var code: STSErrorCode
  /// What is wrong and what would be right.
  package var message: String

  /// A refusal.
  package init(_ code: STSErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the sentence.
  package var description: String { "\(code.rawValue): \(message)" }
}
