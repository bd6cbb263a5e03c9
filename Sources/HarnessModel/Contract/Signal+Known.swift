extension SignalID {
  /// Fragments sent to the speech service.
  public static let fragmentsSent: SignalID = "fragments_sent"
  /// Fragments that came back dubbed.
  public static let fragmentsProcessed: SignalID = "fragments_processed"
  /// Fragments that came back as failed.
  public static let fragmentsFailed: SignalID = "fragments_failed"
  /// Fragments for which the original audio stood in.
  public static let fragmentsFallback: SignalID = "fragments_fallback"
  /// Fallbacks because an answer did not come in time.
  public static let fallbackTimeout: SignalID = "fallback_timeout"
  /// Fallbacks because of an error.
  public static let fallbackError: SignalID = "fallback_error"
  /// Fallbacks because the breaker was open.
  public static let fallbackCircuitOpen: SignalID = "fallback_circuit_open"
  /// Fragments sent and not answered yet.
  public static let inflightFragments: SignalID = "inflight_fragments"
  /// The service's own sync figure, in milliseconds; a claim, not a measurement.
  public static let syncClaim: SignalID = "av_sync_delta_ms"
  /// Corrections of the offset between audio and video.
  public static let syncCorrections: SignalID = "av_sync_corrections"
  /// The breaker's gauge, decoded by the contract's `breaker_encoding`.
  public static let breakerState: SignalID = "breaker_state"
  /// Failures that the breaker counted.
  public static let breakerFailures: SignalID = "breaker_failures"
  /// Backpressure messages of any action.
  public static let backpressureEvents: SignalID = "backpressure_events"
  /// Backpressure messages that ask for a pause.
  public static let backpressurePause: SignalID = "backpressure_pause"
  /// Backpressure messages that ask for slowing down.
  public static let backpressureSlowDown: SignalID = "backpressure_slow_down"
  /// Backpressure messages that ask for nothing any more.
  public static let backpressureNone: SignalID = "backpressure_none"
  /// Reconnections to the speech service.
  public static let reconnections: SignalID = "reconnections"
  /// Round trip to the speech service, a histogram in seconds.
  public static let speechLatency: SignalID = "sts_latency_seconds"
  /// Audio segments processed.
  public static let segmentsAudio: SignalID = "segments_audio"
  /// Video segments processed.
  public static let segmentsVideo: SignalID = "segments_video"
  /// Errors of any type.
  public static let errors: SignalID = "errors"
  /// Video segments that wait for their audio.
  public static let bufferVideo: SignalID = "av_buffer_video"
  /// Audio segments that wait for their video.
  public static let bufferAudio: SignalID = "av_buffer_audio"
  /// The state of the input pipeline: 0 stopped, 1 running.
  public static let pipelineInput: SignalID = "pipeline_input"
  /// The state of the output pipeline: 0 stopped, 1 running.
  public static let pipelineOutput: SignalID = "pipeline_output"

  /// Every signal that panes and rules know by name.
  public static let known: [SignalID] = [
    .fragmentsSent, .fragmentsProcessed, .fragmentsFailed, .fragmentsFallback, .fallbackTimeout, .fallbackError, .fallbackCircuitOpen,
    .inflightFragments, .syncClaim, .syncCorrections, .breakerState, .breakerFailures, .backpressureEvents, .backpressurePause,
    .backpressureSlowDown, .backpressureNone, .reconnections, .speechLatency, .segmentsAudio, .segmentsVideo, .errors, .bufferVideo,
    .bufferAudio, .pipelineInput, .pipelineOutput,
  ]
}
