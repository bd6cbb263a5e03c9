extension SignalID {
  /// Fragments sent to the speech service.
  package static let fragmentsSent: SignalID = "fragments_sent"
  /// Fragments that came back dubbed.
  package static let fragmentsProcessed: SignalID = "fragments_processed"
  /// Fragments that came back as failed.
  package static let fragmentsFailed: SignalID = "fragments_failed"
  /// Fragments for which the original audio stood in.
  package static let fragmentsFallback: SignalID = "fragments_fallback"
  /// Fallbacks because an answer did not come in time.
  package static let fallbackTimeout: SignalID = "fallback_timeout"
  /// Fallbacks because of an error.
  package static let fallbackError: SignalID = "fallback_error"
  /// Fallbacks because the breaker was open.
  package static let fallbackCircuitOpen: SignalID = "fallback_circuit_open"
  /// Fragments sent and not answered yet.
  package static let inflightFragments: SignalID = "inflight_fragments"
  /// The service's own sync figure, in milliseconds; a claim, not a measurement.
  package static let syncClaim: SignalID = "av_sync_delta_ms"
  /// Corrections of the offset between audio and video.
  package static let syncCorrections: SignalID = "av_sync_corrections"
  /// The breaker's gauge, decoded by the contract's `breaker_encoding`.
  package static let breakerState: SignalID = "breaker_state"
  /// Failures that the breaker counted.
  package static let breakerFailures: SignalID = "breaker_failures"
  /// Backpressure messages of any action.
  package static let backpressureEvents: SignalID = "backpressure_events"
  /// Backpressure messages that ask for a pause.
  package static let backpressurePause: SignalID = "backpressure_pause"
  /// Backpressure messages that ask for slowing down.
  package static let backpressureSlowDown: SignalID = "backpressure_slow_down"
  /// Backpressure messages that ask for nothing any more.
  package static let backpressureNone: SignalID = "backpressure_none"
  /// Reconnections to the speech service.
  package static let reconnections: SignalID = "reconnections"
  /// Round trip to the speech service, a histogram in seconds.
  package static let speechLatency: SignalID = "sts_latency_seconds"
  /// Audio segments processed.
  package static let segmentsAudio: SignalID = "segments_audio"
  /// Video segments processed.
  package static let segmentsVideo: SignalID = "segments_video"
  /// Errors of any type.
  package static let errors: SignalID = "errors"
  /// Video segments that wait for their audio.
  package static let bufferVideo: SignalID = "av_buffer_video"
  /// Audio segments that wait for their video.
  package static let bufferAudio: SignalID = "av_buffer_audio"
  /// The state of the input pipeline: 0 stopped, 1 running.
  package static let pipelineInput: SignalID = "pipeline_input"
  /// The state of the output pipeline: 0 stopped, 1 running.
  package static let pipelineOutput: SignalID = "pipeline_output"

  /// Every signal that panes and rules know by name, in the order of the manual.
  package static let known: [SignalID] = meanings.map(\.signal)

  /// What each of them counts or tells; the manual prints it.
  package static let meanings: [(signal: SignalID, meaning: String)] = [
    (.fragmentsSent, "Fragments sent to the speech service"),
    (.fragmentsProcessed, "Fragments that came back dubbed"),
    (.fragmentsFailed, "Fragments that came back as failed"),
    (.fragmentsFallback, "Fragments for which the original audio stood in"),
    (.fallbackTimeout, "Fallbacks because an answer did not come in time"),
    (.fallbackError, "Fallbacks because of an error"),
    (.fallbackCircuitOpen, "Fallbacks because the breaker was open"),
    (.inflightFragments, "Fragments sent and not answered yet"),
    (.syncClaim, "The service's own sync figure, in milliseconds; a claim, not a measurement"),
    (.syncCorrections, "Corrections of the offset between audio and video"),
    (.breakerState, "The breaker's gauge, decoded by the contract's `breaker_encoding`"),
    (.breakerFailures, "Failures that the breaker counted"),
    (.backpressureEvents, "Backpressure messages of any action"),
    (.backpressurePause, "Backpressure messages that ask for a pause"),
    (.backpressureSlowDown, "Backpressure messages that ask for slowing down"),
    (.backpressureNone, "Backpressure messages that ask for nothing any more"),
    (.reconnections, "Reconnections to the speech service"),
    (.speechLatency, "Round trip to the speech service, a histogram in seconds"),
    (.segmentsAudio, "Audio segments processed"),
    (.segmentsVideo, "Video segments processed"),
    (.errors, "Errors of any type"),
    (.bufferVideo, "Video segments that wait for their audio"),
    (.bufferAudio, "Audio segments that wait for their video"),
    (.pipelineInput, "The state of the input pipeline: 0 stopped, 1 running"),
    (.pipelineOutput, "The state of the output pipeline: 0 stopped, 1 running"),
  ]

  /// Gauges that are 0 or more, whatever happens.
  package static let neverNegative: Set<SignalID> = [
    .inflightFragments, .breakerState, .bufferVideo, .bufferAudio, .pipelineInput, .pipelineOutput,
  ]
}
