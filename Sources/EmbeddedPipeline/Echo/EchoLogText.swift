import Events
import SpeechProtocol

/// The lines of the speech service's log, in both shapes: JSON, and plain as the service in the field writes them.
struct EchoLogText: Sendable {
  private var json: LogEntry
  /// Nil where the service in the field has no such line.
  private var plain: LogEntry?

  func entries(shape: ServiceShape) -> [LogEntry] {
    switch shape {
    case .spec018: [json]
    case .mediaService: plain.map { [$0] } ?? []
    }
  }

  private static let server = "sts_service.echo.server"
  private static let fragments = "sts_service.echo.handlers.fragment"

  static func listening(host: String, port: Int) -> EchoLogText {
    EchoLogText(
      json: LogEntry(.info, "echo-sts listening", fields: [("host", .text(host)), ("port", .integer(port))]),
      plain: LogEntry(.info, "Starting Echo STS Service on \(host):\(port)", logger: "__main__"))
  }

  static func voice(_ voice: EchoVoice) -> EchoLogText {
    switch voice {
    case .echo: EchoLogText(json: LogEntry(.info, "voice", fields: [("voice", .text("echo"))]))
    case .dub: EchoLogText(json: LogEntry(.info, "voice", fields: [("voice", .text("dub"))]))
    }
  }

  /// Sound that the dub track does not know, in whole or in part.
  static func echoed(fragmentID: String, unknown: Int, frames: Int) -> EchoLogText {
    EchoLogText(
      json: LogEntry(
        .info, "audio unknown, echoed",
        fields: [("fragment_id", .text(fragmentID)), ("unknown_frames", .integer(unknown)), ("frames", .integer(frames))]))
  }

  static func stopped() -> EchoLogText {
    EchoLogText(json: LogEntry(.info, "echo-sts stopped"), plain: LogEntry(.info, "INFO:     Shutting down", isBare: true))
  }

  static func connected(clientID: String) -> EchoLogText {
    EchoLogText(
      json: LogEntry(.info, "client connected", fields: [("sid", .text(clientID))]),
      plain: LogEntry(.info, "Client connected: sid=\(clientID)", logger: server))
  }

  static func disconnected(clientID: String, streamID: String?, state: String, reason: String) -> EchoLogText {
    EchoLogText(
      json: LogEntry(
        .info, "client disconnected",
        fields: [("sid", .text(clientID)), ("stream_id", .text(streamID ?? "")), ("state", .text(state)), ("reason", .text(reason))]),
      plain: LogEntry(.info, "Client disconnected: sid=\(clientID), stream_id=\(streamID ?? "None"), state=\(state)", logger: server))
  }

  static func opened(streamID: String, sessionID: String, clientID: String) -> EchoLogText {
    EchoLogText(
      json: LogEntry(
        .info, "stream initialized",
        fields: [("stream_id", .text(streamID)), ("session_id", .text(sessionID)), ("sid", .text(clientID))]),
      plain: LogEntry(
        .info, "Stream initialized: stream_id=\(streamID), session_id=\(sessionID), sid=\(clientID)",
        logger: "sts_service.echo.handlers.stream"))
  }

  static func received(fragmentID: String, clientID: String) -> EchoLogText {
    EchoLogText(
      json: LogEntry(.info, "fragment received", fields: [("fragment_id", .text(fragmentID)), ("sid", .text(clientID))]),
      plain: LogEntry(.info, "📨 Received fragment:data: fragment_id=\(fragmentID), sid=\(clientID)", logger: fragments))
  }

  static func answered(fragmentID: String, status: STSFragmentStatus, clientID: String) -> EchoLogText {
    EchoLogText(
      json: LogEntry(
        .info, "fragment answered",
        fields: [("fragment_id", .text(fragmentID)), ("status", .text(status.rawValue)), ("sid", .text(clientID))]),
      plain: LogEntry(.info, "📤 Emitting fragment:processed: fragment_id=\(fragmentID), sid=\(clientID)", logger: fragments))
  }

  static func errorRules(count: Int, streamID: String?) -> EchoLogText {
    EchoLogText(
      json: LogEntry(
        .info, "error simulation", fields: [("rules_count", .integer(count))] + (streamID.map { [("stream_id", .text($0))] } ?? [])))
  }

  static func disconnectPlanned(clientID: String, milliseconds: Double, reason: String?) -> EchoLogText {
    EchoLogText(
      json: LogEntry(
        .info, "disconnect scheduled",
        fields: [("sid", .text(clientID)), ("delay_ms", .number(milliseconds))] + (reason.map { [("reason", .text($0))] } ?? [])))
  }

  static func latency(milliseconds: Double) -> EchoLogText {
    EchoLogText(json: LogEntry(.info, "latency added", fields: [("delay_ms", .number(milliseconds))]))
  }

  static func outageBegan() -> EchoLogText { EchoLogText(json: LogEntry(.warning, "outage began")) }
  static func outageEnded() -> EchoLogText { EchoLogText(json: LogEntry(.info, "outage ended")) }
}
