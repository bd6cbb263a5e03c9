import Events
import SpeechProtocol
import WireFormats

/// Spells a worker's log events in a shape; nothing where the shape has no such line.
struct WorkerLogText {
  let shape: ServiceShape
  let streamID: String
  let stsURL: String

  func entries(for event: WorkerLogEvent) -> [LogEntry] {
    switch shape {
    case .spec018: spec(event)
    case .mediaService: field(event)
    }
  }

  private func fragment(_ id: String?, _ sequence: Int?) -> [(String, LogEntry.Value)] {
    var fields: [(String, LogEntry.Value)] = [("stream_id", .text(streamID))]
    if let id { fields.append(("fragment_id", .text(id))) }
    if let sequence { fields.append(("sequence_number", .integer(sequence))) }
    return fields
  }

  private func spec(_ event: WorkerLogEvent) -> [LogEntry] {
    switch event {
    case .starting(let id): [LogEntry(.info, "worker starting", fields: [("stream_id", .text(id))])]
    case .connected: [LogEntry(.info, "sts connected", fields: [("url", .text(stsURL))])]
    case .initSent: [LogEntry(.debug, "stream init sent", fields: fragment(nil, nil))]
    case .streamReady(let session, let limit):
      [LogEntry(.info, "stream ready", fields: fragment(nil, nil) + [("session_id", .text(session)), ("max_inflight", .integer(limit))])]
    case .segmentCut(let segment):
      [
        LogEntry(
          .debug, "segment cut",
          fields: fragment(nil, nil) + [
            ("segment_index", .integer(segment.index)), ("audio_frames", .integer(segment.audioFrames)),
            ("audio_bytes", .integer(segment.audioBytes)),
          ])
      ]
    case .fragmentSent(let id, let sequence, _): [LogEntry(.info, "fragment sent", fields: fragment(id, sequence))]
    case .fragmentProcessed(let id, let sequence, let status, let milliseconds, let code):
      [
        LogEntry(
          status == .failed ? .warning : .info, "fragment processed",
          fields: fragment(id, sequence) + [("status", .text(status.rawValue)), ("processing_time_ms", .integer(milliseconds))]
            + (code.map { [("error_code", .text($0))] } ?? []))
      ]
    case .fragmentTimeout(let id, let sequence, let elapsed, let limit):
      [
        LogEntry(
          .warning, "fragment timeout",
          fields: fragment(id, sequence) + [("elapsed_ms", .integer(elapsed)), ("timeout_ms", .integer(limit))])
      ]
    case .fallback(let segment, let sequence, let reason):
      [
        LogEntry(
          .warning, "fragment fallback",
          fields: fragment(nil, sequence ?? segment.index) + [
            ("segment_index", .integer(segment.index)), ("reason", .text(reason.rawValue)),
          ])
      ]
    case .breaker(let transition): [breaker(transition)]
    case .backpressure(let message, let inflight, let delay):
      [
        LogEntry(
          message.action == .none ? .info : .warning, "backpressure received",
          fields: [("severity", .text(message.severity.rawValue)), ("action", .text(message.action.rawValue))]
            + (delay.map { [("recommended_delay_ms", .number($0))] } ?? []) + [
              ("current_inflight", .integer(message.currentInflight)), ("queue_depth", .integer(message.queueDepth)),
              ("worker_inflight", .integer(inflight)),
            ])
      ]
    case .disconnected(let reason): [LogEntry(.warning, "sts disconnected", fields: [("reason", .text(reason))])]
    case .reconnectionPlanned(let attempt, let delay):
      [LogEntry(.info, "reconnection planned", fields: [("attempt", .integer(attempt)), ("planned_delay_sec", .number(delay))])]
    case .reconnection(let attempt, let planned, let success):
      [
        LogEntry(
          success ? .info : .warning, "reconnection attempt",
          fields: [("attempt", .integer(attempt)), ("planned_delay_sec", .number(planned)), ("success", .flag(success))])
      ]
    case .gaveUp(let attempts): [LogEntry(.critical, "reconnection gave up", fields: [("attempts", .integer(attempts))])]
    case .stsError(let code, let message): [LogEntry(.error, "sts error", fields: [("code", .text(code)), ("message", .text(message))])]
    case .syncCorrection: []
    case .pairOut(let segment, let isDubbed, let delta):
      [
        LogEntry(
          .info, "segment output",
          fields: fragment(nil, nil) + [
            ("segment_index", .integer(segment.index)), ("dubbed", .flag(isDubbed)), ("delta_ms", .number((delta * 1000).rounded() / 1000)),
          ])
      ]
    case .media(let event): [media(event)]
    case .endSent: [LogEntry(.info, "stream end sent", fields: fragment(nil, nil))]
    case .streamComplete(let total):
      [LogEntry(.info, "stream complete", fields: fragment(nil, nil) + [("total_fragments", .integer(total))])]
    case .stopped: [LogEntry(.info, "worker stopped", fields: fragment(nil, nil))]
    }
  }

  private func breaker(_ transition: BreakerTransition) -> LogEntry {
    let word =
      switch transition.state {
      case .closed: "closed"
      case .open: "opened"
      case .halfOpen: "half-open"
      }
    var fields: [(String, LogEntry.Value)] = [("state", .text(transition.state.rawValue))]
    if let trigger = transition.trigger { fields.append(("trigger", .text(trigger.rawValue))) }
    if let count = transition.failureCount { fields.append(("failure_count", .integer(count))) }
    return LogEntry(transition.state == .open ? .warning : .info, "circuit breaker \(word)", fields: fields)
  }
}

extension WorkerLogText {
  private static let client = "media_service.sts.socketio_client"
  private static let runner = "media_service.worker.worker_runner"

  /// The lines of the service in the field; it writes none for a breaker's transition or a planned attempt.
  private func field(_ event: WorkerLogEvent) -> [LogEntry] {
    switch event {
    case .starting(let id): [LogEntry(.info, "Starting worker for stream: \(id)", logger: Self.runner)]
    case .connected:
      [
        LogEntry(.info, "Socket.IO connected", logger: Self.client),
        LogEntry(.info, "Connected to STS Service at \(stsURL)", logger: Self.client),
      ]
    case .initSent: [LogEntry(.info, "Stream init sent: stream_id=\(streamID)", logger: Self.client)]
    case .streamReady(let session, let limit):
      [LogEntry(.info, "Stream ready: session_id=\(session), max_inflight=\(limit)", logger: Self.client)]
    case .segmentCut(let segment):
      [
        LogEntry(
          .info,
          "Audio segment emitted: batch=\(segment.index), duration=\(NumberText.fixed(segment.audioMilliseconds / 1000, 2))s, "
            + "buffers=\(segment.audioFrames)", logger: "media_service.buffer.segment_buffer"),
        LogEntry(.info, "Audio segment queued: batch=\(segment.index)", logger: Self.runner),
      ]
    case .fragmentSent(let id, let sequence, let milliseconds):
      [LogEntry(.info, "Fragment sent: id=\(id), seq=\(sequence), duration=\(milliseconds)ms", logger: Self.client)]
    case .fragmentProcessed(let id, _, let status, let milliseconds, _):
      [
        LogEntry(
          .info, "Fragment processed: id=\(id), status=\(status.rawValue), processing_time=\(milliseconds)ms", logger: Self.client)
      ]
    case .fragmentTimeout(let id, _, let elapsed, let limit):
      [
        LogEntry(
          .warning, "Fragment timeout: id=\(id), elapsed=\(elapsed)ms, timeout=\(limit)ms", logger: "media_service.sts.fragment_tracker")
      ]
    case .fallback(let segment, _, let reason):
      (reason == .circuitOpen
        ? [
          LogEntry(
            .info, "Circuit open: using fallback for segment \(Identifiers.uuid(seed: UInt64(segment.index), salt: streamID))",
            logger: "media_service.sts.circuit_breaker")
        ] : []) + [LogEntry(.info, "Using fallback for segment \(segment.index)", logger: Self.runner)]
    case .backpressure(let message, let inflight, let delay):
      [
        LogEntry(
          .warning, "Backpressure: severity=\(message.severity.rawValue), action=\(message.action.rawValue), inflight=\(inflight)",
          logger: Self.client)
      ]
        + (delay.map {
          [
            LogEntry(
              .info, "Backpressure slow_down: severity=\(message.severity.rawValue), delay=\(NumberText.fixed($0, 0))ms",
              logger: "media_service.sts.backpressure_handler")
          ]
        } ?? [])
    case .disconnected: [LogEntry(.warning, "Socket.IO disconnected", logger: Self.client)]
    case .gaveUp: [LogEntry(.error, "Failed to reconnect to STS Service", logger: Self.client)]
    case .stsError(let code, let message): [LogEntry(.error, "STS error: code=\(code), message=\(message)", logger: Self.client)]
    case .syncCorrection(let delta, let adjustment):
      [
        LogEntry(
          .info,
          "Drift correction applied: delta=\(NumberText.fixed(abs(delta), 1))ms, adjustment=\(NumberText.fixed(adjustment, 1))ms",
          logger: "media_service.sync.av_sync")
      ]
    case .pairOut(let segment, let isDubbed, _):
      [
        LogEntry(
          .info,
          "✅ A/V PAIR CREATED: batch=\(segment.index), pts=\(NumberText.fixed(segment.videoStart, 2))s, "
            + "v_size=\(segment.videoBytes), "
            + "a_size=\(segment.audioBytes), dubbed=\(isDubbed ? "True" : "False")", logger: "media_service.sync.av_sync")
      ]
    case .media(let event): [media(event)]
    case .endSent: [LogEntry(.info, "Stream end sent: stream_id=\(streamID)", logger: Self.client)]
    case .stopped: [LogEntry(.info, "Worker stopped", logger: Self.runner)]
    case .breaker, .reconnectionPlanned, .reconnection, .streamComplete: []
    }
  }
}
