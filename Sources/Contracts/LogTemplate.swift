import Events
import SpeechProtocol

/// A line's pattern and the happening it stands for.
///
/// Patterns are literal text and typed fields, `Fragment sent: id={id:word}, seq={seq:int}`, matched in linear time.
/// For JSON lines `text` is looked for in the message field without regard to case, and `fields` names keys.
package struct LogTemplate: Codable, Hashable, Sendable {
  /// What it becomes; one of `LogTemplate.happenings`.
  package var happening: String
  /// The pattern.
  package var pattern: String
  /// Which logger must have written it, a trailing `*` standing for any rest; nil for any.
  package var logger: String?
  /// Fixed values for fields of the happening that the line does not carry.
  package var constants: [String: String]
  /// Which captured field (or JSON key) fills which field of the happening, where the names differ:
  /// the happening's field to the name in the line.
  package var fields: [String: String]
  /// For a finding: the happening that takes it back; nil for a finding that stays.
  package var until: String?

  /// A line's pattern.
  package init(
    happening: String, pattern: String, logger: String? = nil, constants: [String: String] = [:], fields: [String: String] = [:],
    until: String? = nil
  ) {
    self.happening = happening
    self.pattern = pattern
    self.logger = logger
    self.constants = constants
    self.fields = fields
    self.until = until
  }

  /// Every word that `happening` may be.
  package static let happenings: [String] = HappeningName.allCases.map(\.rawValue)
}

/// What a log template can make of a line.
package enum HappeningName: String, Sendable, CaseIterable {
  case breaker, backpressure
  /// The breaker's state told in passing: a happening only when it differs from the one told before.
  case breakerState = "breaker-state"
  case speechConnected = "speech-connected"
  case speechDisconnected = "speech-disconnected"
  case sessionOpened = "session-opened"
  /// No happening of its own: the service is about to end its stream, so the disconnection that follows is no loss.
  case streamEnding = "stream-ending"
  case reconnectionPlanned = "reconnection-planned"
  case reconnectionAttempt = "reconnection-attempt"
  case reconnectionGaveUp = "reconnection-gave-up"
  case fragmentSent = "fragment-sent"
  case fragmentAcknowledged = "fragment-acknowledged"
  case fragmentProcessed = "fragment-processed"
  case fragmentFailed = "fragment-failed"
  case fragmentTimedOut = "fragment-timed-out"
  case fragmentFallback = "fragment-fallback"
  /// No happening of its own: why the fallback that is told next was needed.
  case fallbackCause = "fallback-cause"
  /// Fragments dropped when the worker stopped: a finding, if there were any.
  case fragmentsCleared = "fragments-cleared"
  case segmentIn = "segment-in"
  case segmentOut = "segment-out"
  case syncClaim = "sync-claim"
  case serviceStarted = "service-started"
  case serviceRestarted = "service-restarted"
  case serviceStopped = "service-stopped"
  case serviceExited = "service-exited"
  case finding
  /// No happening: the line is understood and nothing to worry about, whatever its level says.
  case expected

  /// One field of a happening.
  package struct Field: Hashable, Sendable {
    /// Its name, as templates write it.
    package let name: String
    /// Whether a line without it (and without a constant for it) cannot be that happening.
    package let isRequired: Bool
    /// What values it takes.
    package let type: ValueType

    init(_ name: String, _ type: ValueType, required: Bool = false) {
      self.name = name
      self.type = type
      isRequired = required
    }
  }

  /// What values a field takes.
  package enum ValueType: Hashable, Sendable {
    case text, integer, number, flag
    /// One of these words.
    case word([String])
  }

  /// The fields it has.
  package var fields: [Field] {
    switch self {
    case .breaker, .breakerState:
      let states = BreakerState.allCases.map(\.rawValue)
      return [
        Field("state", .word(states), required: true), Field("from", .word(states)),
        Field("trigger", .word(BreakerTransition.Trigger.allCases.map(\.rawValue))), Field("failure_count", .integer),
      ]
    case .backpressure:
      return [
        Field("action", .word(BackpressureAction.allCases.map(\.rawValue)), required: true),
        Field("severity", .word(BackpressureSeverity.allCases.map(\.rawValue))), Field("recommended_delay_ms", .number),
        Field("current_inflight", .integer), Field("queue_depth", .integer),
      ]
    case .speechConnected, .streamEnding, .serviceStarted, .serviceStopped, .expected: return []
    case .speechDisconnected: return [Field("reason", .text)]
    case .sessionOpened: return [Field("stream_id", .text), Field("session_id", .text), Field("max_inflight", .integer)]
    case .reconnectionPlanned: return [Field("attempt", .integer), Field("delay_sec", .number, required: true)]
    case .reconnectionAttempt: return [Field("attempt", .integer), Field("planned_delay_sec", .number), Field("success", .flag)]
    case .reconnectionGaveUp: return [Field("attempts", .integer)]
    case .fragmentProcessed: return Self.fragmentFields + [Field("status", .text, required: true)]
    case .fragmentSent, .fragmentAcknowledged, .fragmentFailed, .fragmentTimedOut, .fragmentFallback: return Self.fragmentFields
    case .fallbackCause: return [Field("reason", .text, required: true)]
    case .fragmentsCleared: return [Field("count", .integer, required: true)]
    case .segmentIn, .segmentOut:
      return [Field("index", .integer), Field("track", .word(["audio", "video"])), Field("duration_sec", .number), Field("dubbed", .flag)]
    case .syncClaim: return [Field("delta_ms", .number, required: true)]
    case .serviceRestarted: return [Field("evidence", .text)]
    case .serviceExited: return [Field("status", .integer), Field("reason", .text)]
    case .finding: return [Field("id", .text, required: true), Field("text", .text, required: true)]
    }
  }

  private static let fragmentFields = [
    Field("fragment_id", .text), Field("stream_id", .text), Field("sequence_number", .integer), Field("detail", .text),
    Field("duration_ms", .number),
  ]
}
