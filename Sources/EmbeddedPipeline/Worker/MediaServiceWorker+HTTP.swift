import HarnessModel
import SocketIO

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
    case ("POST", "/control") where configuration.isControlEnabled: return control(request)
    case (_, "/control") where !configuration.isControlEnabled:
      return .json(["status": "rejected", "message": "control is switched off; start the service with --control"], status: 403)
    case (_, "/health"), (_, "/metrics"), (_, "/control"):
      return .json(["detail": "Method Not Allowed"], status: 405)
    default: return .json(["detail": "Not Found"], status: 404)
    }
  }

  private func control(_ request: HTTPRequest) -> HTTPResponse {
    let body: JSONValue
    do { body = try JSONValue.parse(request.body) } catch {
      return .json(["status": "rejected", "message": .string("the body is not JSON: \(error)")], status: 400)
    }
    switch body["action"]?.stringValue {
    case "crash":
      Task {
        // The answer has time to leave before the sockets close.
        try? await Task.sleep(for: .milliseconds(50))
        await self.end(.crashed)
      }
      return .json(["status": "accepted"])
    case "audio_skew", "audio_drift":
      return .json(["status": "unavailable", "message": "this version puts no media out: there is no media plane yet"], status: 501)
    case "latency", "outage":
      return .json(["status": "unavailable", "message": "this fault belongs to the speech service"], status: 501)
    case .some(let other):
      return .json(
        ["status": "rejected", "message": .string("\(EnvironmentReader.quoted(other)) is not an action of this service")], status: 400)
    case nil:
      return .json(["status": "rejected", "message": "the body must be a JSON object with a text field action"], status: 400)
    }
  }
}
