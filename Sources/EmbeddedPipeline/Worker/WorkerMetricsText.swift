import Events
import SpeechProtocol

/// Renders a worker's figures as `/metrics` in a shape.
struct WorkerMetricsText {
  var counters: WorkerCounters
  var breaker: BreakerState
  var inflight: Int
  /// Segments that have not left yet, and those of them whose audio is decided.
  var videoWaiting: Int
  var audioWaiting: Int
  var streamID: String
  var startedAt: WallTime
  /// When each series of the `media-service` shape was first set, by its name and labels.
  var created: [String: WallTime]
  var isInputRunning: Bool
  var isOutputRunning: Bool

  func render(shape: ServiceShape, usage: ProcessUsage) -> String {
    var writer = MetricsWriter()
    usage.write(into: &writer, startedAt: startedAt)
    switch shape {
    case .spec018: spec(into: &writer)
    case .mediaService: field(into: &writer)
    }
    return writer.text
  }

  private func spec(into writer: inout MetricsWriter) {
    writer.family("worker_audio_fragments_total", "counter", "Audio fragments by what became of them.")
    let processed = (counters.processed[.success] ?? 0) + (counters.processed[.partial] ?? 0)
    let fallbacks = counters.fallbacks.values.reduce(0, +)
    for (status, value) in [("sent", counters.sent), ("processed", processed), ("fallback", fallbacks)] {
      writer.sample("worker_audio_fragments_total", [("status", status)], Double(value))
    }
    writer.family("worker_fallback_total", "counter", "Segments for which the original audio stood in, by reason.")
    for reason in FallbackReason.allCases {
      writer.sample("worker_fallback_total", [("reason", reason.rawValue)], Double(counters.fallbacks[reason] ?? 0))
    }
    writer.family("worker_inflight_fragments", "gauge", "Fragments sent and not answered yet.")
    writer.sample("worker_inflight_fragments", [], Double(inflight))
    writer.family(
      "worker_av_sync_delta_ms", "histogram", "Audio start against video start of each segment put out, absolute, in milliseconds.")
    writer.histogram("worker_av_sync_delta_ms", [], counters.sync)
    writer.family("worker_sts_breaker_state", "gauge", "Circuit breaker state (0=closed, 1=open, 2=half-open).")
    let code: Double =
      switch breaker {
      case .closed: 0
      case .open: 1
      case .halfOpen: 2
      }
    writer.sample("worker_sts_breaker_state", [], code)
    writer.family("worker_backpressure_events_total", "counter", "Backpressure messages received, by action.")
    for action in BackpressureAction.allCases {
      writer.sample("worker_backpressure_events_total", [("action", action.rawValue)], Double(counters.backpressure[action] ?? 0))
    }
    writer.family("worker_reconnection_total", "counter", "Attempts to connect again to the speech service.")
    writer.sample("worker_reconnection_total", [], Double(counters.reconnections))
  }

  private func field(into writer: inout MetricsWriter) {
    let prefix = "media_service_worker_"
    writer.family(prefix + "info_info", "gauge", "Worker instance information")
    writer.sample(prefix + "info_info", [], 1)
    let known = counters.isStreamKnown
    func counter(_ name: String, _ help: String, _ series: [([(String, String)], Int)]) {
      writer.family(prefix + name + "_total", "counter", help)
      let shown = known ? series.filter { $0.1 > 0 } : []
      for (labels, value) in shown { writer.sample(prefix + name + "_total", labels, Double(value)) }
      guard !shown.isEmpty else { return }
      writer.family(prefix + name + "_created", "gauge", help)
      for (labels, _) in shown { writer.sample(prefix + name + "_created", labels, createdAt(name, labels)) }
    }
    func gauge(_ name: String, _ help: String, _ series: [([(String, String)], Double?)]) {
      writer.family(prefix + name, "gauge", help)
      guard known else { return }
      for (labels, value) in series { if let value { writer.sample(prefix + name, labels, value) } }
    }
    let stream = [("stream_id", streamID)]
    let kinds = [("audio", counters.audioBytes), ("video", counters.videoBytes)]
    counter("segments_processed", "Total segments processed", kinds.map { (stream + [("type", $0.0)], counters.segments) })
    counter("segments_bytes", "Total bytes processed in segments", kinds.map { (stream + [("type", $0.0)], $0.1) })
    counter("sts_fragments_sent", "Total fragments sent to STS", [(stream, counters.sent)])
    counter(
      "sts_fragments_processed", "Total fragments processed by STS",
      STSFragmentStatus.allCases.map { ([("status", $0.rawValue)] + stream, counters.processed[$0] ?? 0) })
    let latency = "sts_processing_latency_seconds"
    writer.family(prefix + latency, "histogram", "STS processing latency in seconds")
    if known, counters.latency.count > 0 {
      writer.histogram(prefix + latency, stream, counters.latency)
      writer.family(prefix + latency + "_created", "gauge", "STS processing latency in seconds")
      writer.sample(prefix + latency + "_created", stream, createdAt(latency, stream))
    }
    gauge("sts_inflight_fragments", "Current number of in-flight STS fragments", [(stream, Double(inflight))])
    let code: Double =
      switch breaker {
      case .closed: 0
      case .halfOpen: 1
      case .open: 2
      }
    gauge("circuit_breaker_state", "Circuit breaker state (0=closed, 1=half_open, 2=open)", [(stream, code)])
    counter("circuit_breaker_failures", "Total circuit breaker failure count", [(stream, counters.breakerFailures)])
    counter("circuit_breaker_fallbacks", "Total fallbacks due to open circuit", [(stream, counters.fallbacks[.circuitOpen] ?? 0)])
    gauge("av_sync_delta_ms", "Current A/V sync delta in milliseconds", [(stream, counters.lastSyncMilliseconds.map { abs($0) })])
    counter("av_sync_corrections", "Total A/V sync drift corrections applied", [(stream, counters.syncCorrections)])
    gauge("av_buffer_video_size", "Video segments waiting for audio", [(stream, Double(videoWaiting))])
    gauge("av_buffer_audio_size", "Audio segments waiting for video", [(stream, Double(audioWaiting))])
    counter(
      "errors", "Total errors by type", counters.errors.sorted { $0.key < $1.key }.map { ([("error_type", $0.key)] + stream, $0.value) })
    gauge(
      "pipeline_state", "Pipeline state (0=stopped, 1=running, 2=error)",
      [([("pipeline", "input")] + stream, isInputRunning ? 1 : 0), ([("pipeline", "output")] + stream, isOutputRunning ? 1 : 0)])
    counter(
      "backpressure_events", "Total backpressure events received",
      BackpressureAction.allCases.map { ([("action", $0.rawValue)] + stream, counters.backpressure[$0] ?? 0) })
  }

  private func createdAt(_ name: String, _ labels: [(String, String)]) -> Double { (created[name] ?? startedAt).epochSeconds }
}
