import Contracts
import Events
import MediaSync
import RunModel
import SpeechProtocol

/// Runs for goldens and tests, made by applying events as sources would send them.
enum SampleRuns {
  static let dataModelContract = Contract(
    name: "spec-018", summary: "the data model",
    signals: [
      SignalBinding(signal: .fragmentsSent, title: "sent", series: "worker_audio_fragments_total", kind: .counter),
      SignalBinding(signal: .fragmentsProcessed, title: "processed", series: "worker_audio_fragments_total", kind: .counter),
      SignalBinding(signal: .fragmentsFallback, title: "fallback", series: "worker_audio_fragments_total", kind: .counter),
      SignalBinding(signal: .fallbackTimeout, title: "timeout", series: "worker_fallback_total", kind: .counter),
      SignalBinding(signal: .fallbackError, title: "error", series: "worker_fallback_total", kind: .counter),
      SignalBinding(signal: .fallbackCircuitOpen, title: "open", series: "worker_fallback_total", kind: .counter),
      SignalBinding(signal: .inflightFragments, title: "in flight", series: "worker_inflight_fragments", kind: .gauge),
      SignalBinding(signal: .syncClaim, title: "A/V", series: "worker_av_sync_delta_ms", kind: .histogram, unit: "ms"),
      SignalBinding(signal: .breakerState, title: "breaker", series: "worker_sts_breaker_state", kind: .gauge),
      SignalBinding(signal: .backpressureEvents, title: "bp", series: "worker_backpressure_events_total", kind: .counter),
      SignalBinding(signal: .reconnections, title: "reconnections", series: "worker_reconnection_total", kind: .counter),
    ])

  static let services: [ServiceName] = [.mediaServer, .mediaService, .speechService]

  static func description(_ contract: Contract, scenario: String?, expected: Double?) -> RunEvent {
    .description(
      RunDescription(
        scenario: scenario, environment: "embedded", contract: contract, contractReason: "asked for", expectedSeconds: expected,
        services: services,
        faults: [
          FaultDescriptor(id: "sts-errors", title: "Let the speech service fail five fragments"),
          FaultDescriptor(id: "sts-disconnect", title: "Disconnect the worker from the speech service"),
          FaultDescriptor(id: "crash", title: "Crash the worker", unavailableReason: "the embedded worker lives in this process"),
        ],
        startedAt: WallTime(epochSeconds: Script.start)))
  }

  /// Up to `end` seconds of a run in which the breaker opens, backpressure comes and the connection is lost and comes back.
  static func everything(until end: Double = 60) -> Script {
    var script = Script()
    script.add(0, .harness, description(dataModelContract, scenario: "everything", expected: 90))
    for service in services { script.reading(SourceID(.health, service)) }
    script.reading(SourceID(.metrics, .mediaService))
    script.reading(SourceID(.mediaServer, .mediaServer), every: 2)
    script.own(0.2, .environment(.starting, reason: nil))
    script.own(1, .environment(.ready, reason: nil))
    script.own(1.2, .environment(.running, reason: nil))
    script.own(1.3, .publisher(.started(target: "rtmp://localhost:1935/live/test/in")))
    var second = 1.0
    while second <= end {
      poll(&script, second)
      happenings(&script, second)
      second += 1
    }
    script.tick(end)
    return script
  }

  private static func poll(_ script: inout Script, _ t: Double) {
    script.healthy(t, .mediaServer, 2)
    script.healthy(t, .mediaService, 3)
    if t >= 57 {
      script.health(t, .speechService, .unhealthy(status: 503, excerpt: "simulated outage"), 47)
    } else {
      script.healthy(t, .speechService, 12 + t.truncatingRemainder(dividingBy: 5))
    }
    if Int(t) % 2 == 0 { script.paths(t, bytes: UInt64(t * 237_000 + (t > 30 ? (t - 30) * 20_000 : 0))) }
    let segments = (t / 6).rounded(.down)
    let fallback = max(0, min(segments - 3, 4))
    let isOpen = t >= 30
    let claims = HistogramValue(
      upperBounds: [10, 25, 50, 120, .infinity],
      cumulativeCounts: [segments * 0.3, segments * 0.6, segments * 0.8, segments, segments].map { $0.rounded() },
      sum: segments * 18 + t / 3,
      count: segments)
    let text = """
      # TYPE worker_audio_fragments_total counter
      worker_audio_fragments_total{status="sent"} \(Int(segments))
      worker_audio_fragments_total{status="processed"} \(Int(segments - fallback))
      worker_audio_fragments_total{status="fallback"} \(Int(fallback))
      # TYPE worker_inflight_fragments gauge
      worker_inflight_fragments \(Int(t) % 6 < 3 ? 2 : 0)
      # TYPE worker_av_sync_delta_ms histogram
      worker_av_sync_delta_ms_bucket{le="10"} \(Int(segments * 0.3))
      worker_av_sync_delta_ms_bucket{le="50"} \(Int(segments))
      worker_av_sync_delta_ms_bucket{le="+Inf"} \(Int(segments))
      worker_av_sync_delta_ms_sum \(Int(segments) * 18)
      worker_av_sync_delta_ms_count \(Int(segments))

      """
    script.metrics(
      t,
      [
        .fragmentsSent: .number(segments), .fragmentsProcessed: .number(segments - fallback), .fragmentsFallback: .number(fallback),
        .fallbackError: .number(fallback), .fallbackTimeout: .number(0), .fallbackCircuitOpen: .number(0),
        .inflightFragments: .number(Int(t) % 6 < 3 ? 2 : 0), .syncClaim: .histogram(claims), .breakerState: .number(isOpen ? 1 : 0),
        .backpressureEvents: .number(t > 26 ? 4 : t > 20 ? 2 : 0), .reconnections: .number(t >= 54 ? 1 : 0),
      ], text: text)
  }

  private static func happenings(_ script: inout Script, _ t: Double) {
    if Int(t) % 6 == 0, t < 15 {
      let number = Int(t) / 6 - 1
      script.told(
        t + 0.01, .fragment(FragmentHappening(stage: .processed, fragmentID: "f\(number * 6)", sequenceNumber: number, detail: "success")))
    }
    if Int(t) % 6 == 0, t < 40, Int(t) != 24 {
      script.told(t + 0.05, .fragment(FragmentHappening(stage: .sent, fragmentID: "f\(Int(t))", sequenceNumber: Int(t) / 6)))
    }
    switch Int(t) {
    case 15: script.own(t + 0.1, .fault(FaultHappening(id: 1, kind: "errors", detail: "TIMEOUT ×5", phase: .began)))
    case 16: script.told(t + 0.3, backpressure(.low, .none))
    case 18: script.told(t + 0.4, backpressure(.medium, .slowDown, 500))
    case 22: script.told(t + 0.2, backpressure(.high, .pause, nil, inflight: 3))
    case 24:
      for number in [2, 3] {
        script.told(
          t + 0.5, .fragment(FragmentHappening(stage: .processed, fragmentID: "f\(number * 6)", sequenceNumber: number, detail: "success")))
      }
    case 25: script.told(t + 0.1, backpressure(.low, .none))
    case 29:
      script.told(t + 0.5, .breaker(BreakerTransition(from: .closed, state: .open, trigger: .failure, failureCount: 5)))
      script.own(t + 0.6, .fault(FaultHappening(id: 1, kind: "errors", detail: "TIMEOUT ×5", phase: .ended)))
    case 36: script.told(t + 0.1, .fragment(FragmentHappening(stage: .fallback, sequenceNumber: 6, detail: "circuit_open")))
    case 39: script.told(t, .speechDisconnected(reason: "transport close"))
    case 41: script.told(t + 0.03, attempt(1, false))
    case 45: script.told(t + 0.04, attempt(2, false))
    case 53:
      script.told(t, attempt(3, true))
      script.told(t + 0.2, .sessionOpened(streamID: "test", sessionID: "s2", maxInflight: 3))
    case 54: script.told(t + 0.1, .fragment(FragmentHappening(stage: .sent, fragmentID: "g0", sequenceNumber: 0)))
    default: break
    }
  }

  private static func backpressure(
    _ severity: BackpressureSeverity, _ action: BackpressureAction, _ delay: Double? = nil, inflight: Int? = nil
  ) -> Happening.Kind {
    .backpressure(
      BackpressureEvent(
        severity: severity, action: action, recommendedDelayMilliseconds: delay, currentInflight: inflight,
        queueDepth: inflight.map { _ in 1 }))
  }

  private static func attempt(_ number: Int, _ success: Bool) -> Happening.Kind {
    .reconnectionAttempt(ReconnectionAttempt(attempt: number, plannedDelaySeconds: [2, 4, 8][number - 1], success: success))
  }

  /// A healthy run of the service as built: an unsigned sync gauge far beyond the threshold, no reconnection counter, no transition lines.
  static func healthyMediaService(until end: Double = 40) -> Script {
    var script = Script()
    let contract = Contract(
      name: "media-service", summary: "as built",
      signals: [
        SignalBinding(signal: .fragmentsSent, title: "sent", series: "sent_total", kind: .counter),
        SignalBinding(signal: .fragmentsProcessed, title: "processed", series: "processed_total", kind: .counter),
        SignalBinding(signal: .inflightFragments, title: "in flight", series: "inflight", kind: .gauge),
        SignalBinding(signal: .breakerState, title: "breaker", series: "circuit_breaker_state", kind: .gauge),
        SignalBinding(signal: .syncClaim, title: "A/V delta", series: "av_sync_delta_ms", kind: .gauge, unit: "ms"),
        SignalBinding(signal: .segmentsAudio, title: "audio segments", series: "segments_processed_total", kind: .counter),
      ],
      breakerEncoding: [
        BreakerCode(value: 0, state: .closed), BreakerCode(value: 1, state: .halfOpen), BreakerCode(value: 2, state: .open),
      ], logFormat: .pythonLogging,
      thresholds: Thresholds(
        timeoutsCountAsFailures: false, backoff: BackoffSchedule(firstDelaySeconds: 1, jitterSeconds: 0.5)))
    script.add(0, .harness, description(contract, scenario: nil, expected: nil))
    for service in services { script.reading(SourceID(.health, service)) }
    script.reading(SourceID(.metrics, .mediaService))
    var t = 1.0
    while t <= end {
      for service in services { script.healthy(t, service) }
      let segments = (t / 6).rounded(.down)
      script.metrics(
        t,
        [
          .fragmentsSent: .number(segments), .fragmentsProcessed: .number(segments), .inflightFragments: .number(1),
          .breakerState: .number(0), .syncClaim: .number(464 + t), .segmentsAudio: .number(segments),
        ], text: "media_service_worker_segments_processed_total{type=\"audio\"} \(Int(segments))\n")
      if Int(t) % 6 == 0 {
        let id = "id\(Int(t))"
        script.told(t + 0.1, .fragment(FragmentHappening(stage: .sent, fragmentID: id, sequenceNumber: Int(t) / 6 - 1)))
        script.told(t + 0.9, .fragment(FragmentHappening(stage: .processed, fragmentID: id, detail: "success", durationMilliseconds: 731)))
        script.told(t + 0.95, .syncClaim(deltaMilliseconds: 464))
        let lines = ["ERROR - converting audio failed", "INFO - Segment ready"].map {
          LogLine(
            service: .mediaService, text: "2025-12-31 12:00:00,000 - media_service.worker - \($0)",
            level: $0.hasPrefix("E") ? .error : .info, isMatched: !$0.hasPrefix("E"), isExpected: $0.hasPrefix("E"))
        }
        script.add(t + 0.96, SourceID(.log, .mediaService), .logLines(lines))
      }
      t += 1
    }
    script.tick(end + 0.97)
    return script
  }

  /// The same service, with much that is wrong at once and of every sureness.
  static func broken() -> Script {
    var script = healthyMediaService()
    script.health(41, .speechService, .unreachable(reason: "connection refused"))
    script.told(41.2, .speechDisconnected(reason: "transport close"))
    script.metrics(42, [.inflightFragments: .number(5), .breakerState: .number(2)], text: "up 1\n")
    let output: ServiceName = "live/test/out"
    for happening in [StreamHappening.opened(StreamFacts()), .closed(reason: "end of file")] {
      script.add(42.5, SourceID(.stream, output), .happening(Happening(.stream(happening), service: output, provenance: .own)))
    }
    script.add(
      42.6, SourceID(.log, .mediaService),
      .logLines([LogLine(service: .mediaService, text: "❌ OUTPUT PIPELINE ERROR: Could not write to resource", level: .error)]))
    script.add(
      42.7, SourceID(.log, .speechService),
      .sourceStatus(
        SourceStatus(
          standing: .failing(reason: "no such file", consecutiveFailures: 3, retryInSeconds: 2), target: "x", intervalSeconds: nil)))
    for service in [ServiceName.mediaServer, .mediaService] { script.healthy(43, service) }
    return script
  }
}
