import Events
import SpeechProtocol

/// The rules a worker goes by; kept as a value so that a run can break one of them on purpose.
package struct WorkerRules: Sendable, Equatable {
  /// Length of a segment, in seconds.
  package var segmentSeconds = 6.0
  /// How long a fragment may take, in milliseconds; sent as `timeout_ms`.
  package var fragmentTimeoutMilliseconds = 8000
  /// How long after the fragment timeout a segment is put out at the latest, in seconds: output stands segment + timeout + this behind.
  package var outputMarginSeconds = 1.0
  /// Fragments in flight; sent as `max_inflight`. The service may lower it.
  package var maxInflight = 3
  /// Consecutive retryable failures that open the breaker.
  package var breakerFailures = 5
  /// How long the breaker stays open after the last failure, in seconds.
  package var breakerCooldownSeconds = 30.0
  /// Delays before reconnection attempts.
  package var backoff = BackoffSchedule()
  /// How long `stream:ready` may take after `stream:init`, in seconds.
  package var readyTimeoutSeconds = 5.0
  /// Delay before each send under slow_down when the service names none, in milliseconds.
  package var slowDownMilliseconds: [BackpressureSeverity: Double] = [.low: 100, .medium: 500, .high: 1000]

  /// The one rule that is broken on purpose, to see whether a run notices; nil for a worker that keeps them all.
  package private(set) var mutation: WorkerMutation?

  /// The rules of the contract.
  package init() {}

  /// Breaks a rule on purpose.
  package mutating func breakOnPurpose(_ mutation: WorkerMutation) {
    self.mutation = mutation
    switch mutation {
    case .opensAtFour: breakerFailures -= 1
    case .halfOpenEarly: breakerCooldownSeconds /= 3
    case .shortBackoff: backoff.firstDelaySeconds /= 2
    case .sendsWhilePaused, .oneMoreInFlight, .skewsAudio, .losesFragment, .noFallbackWhileOpen, .countsNonRetryable, .passesOriginal,
      .repeatsSegment, .dropsSegment, .swapsSegments, .goesSilent, .growsLate:
      break
    }
  }

  /// How long after its cut a segment is put out at the latest, in seconds.
  var outputDeadlineSeconds: Double { Double(fragmentTimeoutMilliseconds) / 1000 + outputMarginSeconds }
}
