import Contracts
import Events
import PrometheusText
import SpeechProtocol
import Testing

@testable import HarnessConfig

@Suite struct Spec018SampleTests {
  @Test func `the contracts lines`() throws {
    var matcher = LogMatcher(contract: BuiltInContracts.spec018, hostUTCOffsetSeconds: 0)
    let matches = try Fixtures.lines("contracts/spec-018.log").map { matcher.match($0, service: .mediaService) }
    #expect(matches.allSatisfy { $0.line.isMatched && $0.happenings.count == 1 })
    #expect(
      matches.flatMap(\.happenings).map(\.kind) == [
        .fragment(FragmentHappening(stage: .sent, fragmentID: "f-4", streamID: "test", sequenceNumber: 4)),
        .fragment(FragmentHappening(stage: .processed, fragmentID: "f-4", streamID: "test", sequenceNumber: 4, detail: "success")),
        .fragment(FragmentHappening(stage: .fallback, streamID: "test", sequenceNumber: 5, detail: "circuit_open")),
        .backpressure(BackpressureEvent(severity: .medium, action: .slowDown, recommendedDelayMilliseconds: 500)),
        .speechDisconnected(reason: "transport close"),
        .breaker(BreakerTransition(state: .open, trigger: .timeout, failureCount: 5)),
        .reconnectionAttempt(ReconnectionAttempt(attempt: 2, plannedDelaySeconds: 4, success: false)),
      ])
    #expect(matches.map(\.line.level) == [.info, .info, .warning, .info, .warning, .warning, .info])
    #expect(matches.last?.line.reportedAt == WallTime(epochSeconds: 1_767_139_210.004))
  }

  @Test(arguments: [
    (#"{"msg":"Reconnection planned","attempt":3,"planned_delay_sec":8}"#, Happening.Kind.reconnectionPlanned(attempt: 3, delaySeconds: 8)),
    (#"{"msg":"reconnection gave up","attempts":5}"#, .reconnectionGaveUp(attempts: 5)),
    (#"{"msg":"max reconnection attempts reached, giving up","attempts":5}"#, .reconnectionGaveUp(attempts: 5)),
    (#"{"msg":"sts connected"}"#, .speechConnected),
    (
      #"{"msg":"stream ready","stream_id":"t","session_id":"s","max_inflight":3}"#,
      .sessionOpened(streamID: "t", sessionID: "s", maxInflight: 3)
    ),
    (
      #"{"msg":"fragment processed","fragment_id":"f","status":"failed","error_code":"MODEL_ERROR","processing_time_ms":12}"#,
      .fragment(FragmentHappening(stage: .failed, fragmentID: "f", detail: "MODEL_ERROR", durationMilliseconds: 12))
    ),
    (
      #"{"msg":"segment cut","segment_index":2,"track":"audio","duration_sec":6}"#,
      .segment(SegmentHappening(direction: .input, index: 2, track: "audio", durationSeconds: 6))
    ),
    (
      #"{"msg":"segment output","segment_index":2,"dubbed":false}"#,
      .segment(SegmentHappening(direction: .output, index: 2, isDubbed: false))
    ),
    (
      #"{"msg":"fragment timeout","fragment_id":"f","sequence_number":1,"elapsed_ms":8000,"timeout_ms":8000}"#,
      .fragment(FragmentHappening(stage: .timedOut, fragmentID: "f", sequenceNumber: 1, durationMilliseconds: 8000))
    ),
    (
      #"{"msg":"sts error","code":"RATE_LIMIT","message":"slow down"}"#,
      .finding(Finding(id: "sts-error", text: "the speech service reports RATE_LIMIT: slow down"))
    ), (#"{"msg":"worker starting","stream_id":"t"}"#, .lifecycle(.started)),
    (#"{"msg":"drift correction","delta_ms":-12.5}"#, .syncClaim(deltaMilliseconds: -12.5)),
    (#"{"msg":"worker exiting","status":1,"reason":"gave nothing"}"#, .lifecycle(.exited(status: 1, reason: "gave nothing"))),
  ])
  func `further lines`(line: String, expected: Happening.Kind) {
    var matcher = LogMatcher(contract: BuiltInContracts.spec018, hostUTCOffsetSeconds: 0)
    #expect(matcher.match(line, service: .mediaService).happenings.map(\.kind) == [expected])
  }

  @Test func `the data models metrics`() throws {
    let text = """
      # TYPE worker_audio_fragments_total counter
      worker_audio_fragments_total{status="sent"} 10
      worker_audio_fragments_total{status="processed"} 10
      # TYPE worker_fallback_total counter
      # TYPE worker_inflight_fragments gauge
      worker_inflight_fragments 0
      # TYPE worker_av_sync_delta_ms histogram
      worker_av_sync_delta_ms_bucket{le="120"} 9
      worker_av_sync_delta_ms_bucket{le="+Inf"} 10
      worker_av_sync_delta_ms_sum 321
      worker_av_sync_delta_ms_count 10
      # TYPE worker_sts_breaker_state gauge
      worker_sts_breaker_state 1
      # TYPE worker_backpressure_events_total counter
      worker_backpressure_events_total{action="pause"} 2
      worker_backpressure_events_total{action="none"} 3
      # TYPE worker_reconnection_total counter
      worker_reconnection_total 1

      """
    var parser = ExpositionParser()
    var resolver = SignalResolver(contract: BuiltInContracts.spec018)
    let found = resolver.resolve(try parser.parse(text, format: ExpositionFormat(contentType: nil)))
    let numbers: [SignalID: Double] = [
      .fragmentsSent: 10, .fragmentsProcessed: 10, .fragmentsFallback: 0, .fallbackTimeout: 0, .fallbackError: 0, .fallbackCircuitOpen: 0,
      .inflightFragments: 0, .breakerState: 1, .backpressureEvents: 5, .backpressurePause: 2, .backpressureSlowDown: 0,
      .backpressureNone: 3,
      .reconnections: 1,
    ]
    for (signal, value) in numbers { #expect(found[signal] == .number(value), "\(signal)") }
    #expect(
      found[.syncClaim] == .histogram(HistogramValue(upperBounds: [120, .infinity], cumulativeCounts: [9, 10], sum: 321, count: 10)))
    #expect(found.count == BuiltInContracts.spec018.signals.count)
  }
}
