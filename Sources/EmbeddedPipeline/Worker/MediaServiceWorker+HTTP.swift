import SocketIO
import WireFormats

extension MediaServiceWorker {
  /// Answers `/health`, `/metrics` and `/control`.
  func answer(_ request: HTTPRequest) -> HTTPResponse {
    switch (request.method, request.path) {
    case ("GET", "/health"):
      return .json([
        "status": "ok", "service": "media-service", "stream_id": .string(configuration.streamID),
        "uptime_seconds": .number((uptimeSeconds * 1000).rounded() / 1000),
      ])
    case ("GET", "/metrics"):
      let text = metricsText().render(shape: configuration.shape, usage: .current())
      return .text(text, contentType: MetricsWriter.contentType)
    case ("GET", "/control") where configuration.isControlEnabled: return shiftState()
    case ("POST", "/control") where configuration.isControlEnabled: return control(request)
    case (_, "/control") where !configuration.isControlEnabled:
      return .json(["status": "rejected", "message": "control is switched off; start the service with --control"], status: 403)
    case (_, "/health"), (_, "/metrics"), (_, "/control"):
      return .json(["detail": "Method Not Allowed"], status: 405)
    default: return .json(["detail": "Not Found"], status: 404)
    }
  }
}
