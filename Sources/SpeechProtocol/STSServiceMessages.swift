/// `stream:ready`: the stream is open.
package struct STSStreamReady: Codable, Hashable, Sendable {
  /// The stream.
  package var streamID: String
  /// The session that was made for it.
  package var sessionID: String
  /// How many fragments may be in flight.
  package var maxInflight: Int
  /// What the service can do.
  package var capabilities: STSCapabilities?

  /// `stream:ready`: the stream is open.
  package init(streamID: String, sessionID: String, maxInflight: Int, capabilities: STSCapabilities? = nil) {
    self.streamID = streamID
    self.sessionID = sessionID
    self.maxInflight = maxInflight
    self.capabilities = capabilities
  }

  /// Reads the message; capabilities that cannot be understood are none, as nothing depends on them.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    streamID = try container.decode(String.self, forKey: .streamID)
    sessionID = try container.decode(String.self, forKey: .sessionID)
    maxInflight = try container.decode(Int.self, forKey: .maxInflight)
    capabilities = try? container.decodeIfPresent(STSCapabilities.self, forKey: .capabilities)
  }

  private enum CodingKeys: String, CodingKey {
    case streamID = "stream_id"
    case sessionID = "session_id"
    case maxInflight = "max_inflight"
    case capabilities
  }
}

/// What a speech service can do.
package struct STSCapabilities: Codable, Hashable, Sendable {
  /// Whether it takes fragments in batches; nil when it does not say.
  package var batchProcessing: Bool?
  /// Whether results come as events; nil when it does not say.
  package var asyncDelivery: Bool?

  /// What a speech service can do.
  package init(batchProcessing: Bool? = nil, asyncDelivery: Bool? = nil) {
    self.batchProcessing = batchProcessing
    self.asyncDelivery = asyncDelivery
  }

  private enum CodingKeys: String, CodingKey {
    case batchProcessing = "batch_processing"
    case asyncDelivery = "async_delivery"
  }
}

/// `fragment:ack`, both ways: the service has queued a fragment, or the worker has got or used a result.
package struct STSFragmentAck: Codable, Hashable, Sendable {
  /// The fragment.
  package var fragmentID: String
  /// `queued` from the service; `received` or `applied` from the worker.
  package var status: String
  /// Place in the service's queue, from 0.
  package var queuePosition: Int?
  /// When, milliseconds since the epoch.
  package var timestamp: Double?

  /// `fragment:ack`, both ways: the service has queued a fragment, or the worker has got or used a result.
  package init(fragmentID: String, status: String, queuePosition: Int? = nil, timestamp: Double? = nil) {
    self.fragmentID = fragmentID
    self.status = status
    self.queuePosition = queuePosition
    self.timestamp = timestamp
  }

  private enum CodingKeys: String, CodingKey {
    case fragmentID = "fragment_id"
    case status
    case queuePosition = "queue_position"
    case timestamp
  }
}

/// `backpressure`: the service asks the worker to hold back, or takes that back.
package struct STSBackpressure: Codable, Hashable, Sendable {
  /// The stream.
  package var streamID: String
  /// How loaded the service is.
  package var severity: BackpressureSeverity
  /// Fragments in flight now.
  package var currentInflight: Int
  /// Fragments not processed yet.
  package var queueDepth: Int
  /// What it asks for.
  package var action: BackpressureAction
  /// How long to wait before each send, in milliseconds.
  package var recommendedDelayMs: Double?

  /// `backpressure`: the service asks the worker to hold back, or takes that back.
  package init(
    streamID: String, severity: BackpressureSeverity, currentInflight: Int, queueDepth: Int, action: BackpressureAction,
    recommendedDelayMs: Double? = nil
  ) {
    self.streamID = streamID
    self.severity = severity
    self.currentInflight = currentInflight
    self.queueDepth = queueDepth
    self.action = action
    self.recommendedDelayMs = recommendedDelayMs
  }

  private enum CodingKeys: String, CodingKey {
    case streamID = "stream_id"
    case severity
    case currentInflight = "current_inflight"
    case queueDepth = "queue_depth"
    case action
    case recommendedDelayMs = "recommended_delay_ms"
  }
}

/// `error`: something about a stream or fragment is wrong.
package struct STSErrorMessage: Codable, Hashable, Sendable {
  /// Names this error.
  package var errorID: String?
  /// The stream concerned.
  package var streamID: String?
  /// The fragment concerned.
  package var fragmentID: String?
  /// The code.
  package var code: String
  /// In words.
  package var message: String
  /// How grave it is.
  package var severity: STSErrorSeverity
  /// Whether the same may succeed later.
  package var retryable: Bool

  /// `error`: something about a stream or fragment is wrong.
  package init(
    errorID: String? = nil, streamID: String? = nil, fragmentID: String? = nil, code: String, message: String, severity: STSErrorSeverity,
    retryable: Bool
  ) {
    self.errorID = errorID
    self.streamID = streamID
    self.fragmentID = fragmentID
    self.code = code
    self.message = message
    self.severity = severity
    self.retryable = retryable
  }

  private enum CodingKeys: String, CodingKey {
    case errorID = "error_id"
    case streamID = "stream_id"
    case fragmentID = "fragment_id"
    case code
    case message
    case severity
    case retryable
  }
}

/// What came of a stream's fragments.
package struct STSStreamStatistics: Codable, Hashable, Sendable {
  /// Processed well.
  package var successCount: Int
  /// Processed in part.
  package var partialCount: Int
  /// Failed.
  package var failedCount: Int
  /// Mean processing time in milliseconds; 0 without any.
  package var avgProcessingTimeMs: Double
  /// 95th percentile (nearest rank) in milliseconds; 0 without any.
  package var p95ProcessingTimeMs: Double

  /// What came of a stream's fragments.
  package init(successCount: Int, partialCount: Int, failedCount: Int, avgProcessingTimeMs: Double, p95ProcessingTimeMs: Double) {
    self.successCount = successCount
    self.partialCount = partialCount
    self.failedCount = failedCount
    self.avgProcessingTimeMs = avgProcessingTimeMs
    self.p95ProcessingTimeMs = p95ProcessingTimeMs
  }

  private enum CodingKeys: String, CodingKey {
    case successCount = "success_count"
    case partialCount = "partial_count"
    case failedCount = "failed_count"
    case avgProcessingTimeMs = "avg_processing_time_ms"
    case p95ProcessingTimeMs = "p95_processing_time_ms"
  }
}

/// `stream:complete`: the stream has ended.
package struct STSStreamComplete: Codable, Hashable, Sendable {
  /// The stream.
  package var streamID: String
  /// Fragments taken.
  package var totalFragments: Int
  /// Their audio, in milliseconds.
  package var totalDurationMs: Int
  /// What came of them.
  package var statistics: STSStreamStatistics

  /// `stream:complete`: the stream has ended.
  package init(streamID: String, totalFragments: Int, totalDurationMs: Int, statistics: STSStreamStatistics) {
    self.streamID = streamID
    self.totalFragments = totalFragments
    self.totalDurationMs = totalDurationMs
    self.statistics = statistics
  }

  private enum CodingKeys: String, CodingKey {
    case streamID = "stream_id"
    case totalFragments = "total_fragments"
    case totalDurationMs = "total_duration_ms"
    case statistics
  }
}
