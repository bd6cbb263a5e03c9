/// The name of a signal: a named value over time that panes and rules speak of, whatever a service calls its series.
public struct SignalID: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible, CodingKeyRepresentable
{
  /// The name as contracts write it: `fragments_sent`.
  public let text: String

  /// A signal by its name.
  public init(_ text: String) { self.text = text }
  public init(stringLiteral value: String) { text = value }

  public var description: String { text }
  public static func < (left: SignalID, right: SignalID) -> Bool { left.text < right.text }

  public init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public var codingKey: any CodingKey { Key(stringValue: text) }
  public init?<Other: CodingKey>(codingKey: Other) { text = codingKey.stringValue }
}

extension SignalID {
  public static let fragmentsSent: SignalID = "fragments_sent"
  public static let fragmentsProcessed: SignalID = "fragments_processed"
  public static let fragmentsFailed: SignalID = "fragments_failed"
  public static let fragmentsFallback: SignalID = "fragments_fallback"
  public static let fallbackTimeout: SignalID = "fallback_timeout"
  public static let fallbackError: SignalID = "fallback_error"
  public static let fallbackCircuitOpen: SignalID = "fallback_circuit_open"
  public static let inflightFragments: SignalID = "inflight_fragments"
  /// The service's own sync figure, in milliseconds; a claim, not a measurement.
  public static let syncClaim: SignalID = "av_sync_delta_ms"
  public static let syncCorrections: SignalID = "av_sync_corrections"
  /// The breaker's gauge, decoded by the contract's `breaker_encoding`.
  public static let breakerState: SignalID = "breaker_state"
  public static let breakerFailures: SignalID = "breaker_failures"
  public static let backpressureEvents: SignalID = "backpressure_events"
  public static let backpressurePause: SignalID = "backpressure_pause"
  public static let backpressureSlowDown: SignalID = "backpressure_slow_down"
  public static let backpressureNone: SignalID = "backpressure_none"
  public static let reconnections: SignalID = "reconnections"
  /// Round trip to the speech service, a histogram in seconds.
  public static let speechLatency: SignalID = "sts_latency_seconds"
  public static let segmentsAudio: SignalID = "segments_audio"
  public static let segmentsVideo: SignalID = "segments_video"
  public static let errors: SignalID = "errors"
  public static let bufferVideo: SignalID = "av_buffer_video"
  public static let bufferAudio: SignalID = "av_buffer_audio"
  public static let pipelineInput: SignalID = "pipeline_input"
  public static let pipelineOutput: SignalID = "pipeline_output"
}

/// What a signal read at one scrape.
public enum SignalValue: Codable, Hashable, Sendable {
  /// A number.
  case number(Double)
  /// A histogram.
  case histogram(HistogramValue)
  /// Several series match and the contract does not say `sum`.
  case ambiguous(matches: Int)

  /// The number; nil for anything else.
  public var number: Double? {
    if case .number(let value) = self { return value }
    return nil
  }
}

/// A histogram at one scrape: cumulative counts, as Prometheus has them.
public struct HistogramValue: Codable, Hashable, Sendable {
  /// Upper bounds, rising, `+Inf` last.
  public var upperBounds: [Double]
  /// Observations at or below each bound.
  public var cumulativeCounts: [Double]
  /// Sum of all observations; nil where not exposed.
  public var sum: Double?
  /// Number of all observations.
  public var count: Double

  /// A histogram.
  public init(upperBounds: [Double], cumulativeCounts: [Double], sum: Double?, count: Double) {
    self.upperBounds = upperBounds
    self.cumulativeCounts = cumulativeCounts
    self.sum = sum
    self.count = count
  }
}
