import SocketIO
import SpeechProtocol
import WireFormats

extension EchoSTSService {
  /// Answers what is not Socket.IO: `/health`, `/control`.
  func answer(_ request: HTTPRequest) -> HTTPResponse {
    if isOutage, request.path != "/control" { return .json(["status": "unavailable", "reason": "outage"], status: 503) }
    switch (request.method, request.path) {
    case ("GET", "/health"), ("HEAD", "/health"):
      let sessions = clients.values.count { $0.session.state != .initializing && $0.session.state != .completed }
      return .json([
        "status": "healthy", "service": "echo-sts", "uptime_seconds": .number((uptimeSeconds * 1000).rounded() / 1000),
        "active_sessions": .int(sessions),
      ])
    case ("GET", "/control") where configuration.isControlEnabled: return .json(state)
    case ("POST", "/control") where configuration.isControlEnabled: return control(request)
    case (_, "/control") where !configuration.isControlEnabled:
      return .json(["status": "rejected", "message": "control is switched off; start the service with --control"], status: 403)
    case (_, "/health"), (_, "/control"): return .json(["status": "rejected", "message": "method not allowed"], status: 405)
    default: return .json(["status": "rejected", "message": "not found"], status: 404)
    }
  }

  /// What the harness may look at.
  private var state: JSONValue {
    let sessions = clients.values.filter { $0.session.streamID != nil }.map { client -> JSONValue in
      [
        "stream_id": .string(client.session.streamID ?? ""), "state": .string(client.session.state.rawValue),
        "inflight": .int(client.session.inflight.count), "received": .int(client.session.receivedCount),
        "error_shots_left": client.session.errors.shotsLeft.map { .int($0) } ?? .null,
      ]
    }
    return ["outage": .bool(isOutageWanted), "added_latency_ms": .number(addedLatency * 1000), "sessions": .array(sessions)]
  }

  /// `POST /control`: `{"action": NAME, …}`.
  private func control(_ request: HTTPRequest) -> HTTPResponse {
    guard request.isJSON else { return Self.rejected(HTTPRequest.wantsJSON, status: 415) }
    let body: JSONValue
    do { body = try JSONValue.parse(request.body) } catch { return Self.rejected("the body is not JSON: \(error)") }
    guard case .object = body, let action = body["action"]?.stringValue else {
      return Self.rejected("the body must be a JSON object with a text field action")
    }
    switch action {
    case "latency":
      guard let delay = body["delay_ms"]?.doubleValue, (0...60000).contains(delay) else {
        return Self.rejected("delay_ms must be a number from 0 to 60000")
      }
      guard let seconds = Self.seconds(body) else { return Self.rejected("seconds must be a number above 0, at most 3600") }
      timers.cancel(.latencyEnds)
      if seconds.isFinite { arm(.latencyEnds, seconds) }
      setLatency(delay / 1000)
      return .json(["status": "accepted"])
    case "outage":
      if body["seconds"]?.doubleValue == 0 {
        timers.cancel(.outageEnds)
        isOutageWanted = false
        later { await $0.applyOutage() }
        return .json(["status": "accepted"])
      }
      guard let seconds = Self.seconds(body), seconds.isFinite else {
        return Self.rejected("seconds must be a number from 0, which ends an outage, to 3600")
      }
      arm(.outageEnds, seconds)
      isOutageWanted = true
      later { await $0.applyOutage() }
      return .json(["status": "accepted"])
    case "crash":
      later { await $0.end(.crashed) }
      return .json(["status": "accepted"])
    case "audio_skew", "audio_drift":
      return .json(
        ["status": "unavailable", "message": "this fault belongs to the worker: POST it there"], status: 501)
    case STSEventName.configErrorSimulation:
      let answer = simulateErrors(body, from: nil)
      return Self.relay(answer, isGood: answer.status == "accepted")
    case STSEventName.simulateDisconnect:
      let answer = simulateDisconnect(body, from: nil)
      return Self.relay(answer, isGood: answer.status == "scheduled")
    case STSEventName.simulateBackpressure:
      let answer = simulateBackpressure(body, from: nil)
      return Self.relay(answer, isGood: answer.status == "sent")
    default: return Self.rejected("\(EnvironmentReader.quoted(action)) is not an action of this service")
    }
  }

  /// Does what closes this very connection after the answer had time to leave.
  private func later(_ action: @escaping @Sendable (EchoSTSService) async -> Void) {
    Task {
      try? await Task.sleep(for: .milliseconds(50))
      await action(self)
    }
  }

  private func arm(_ timer: ServiceTimer, _ seconds: Double) {
    timers.set(timer, seconds: seconds, clock: clock) { [weak self] timer, number in await self?.faultEnds(timer, number) }
  }

  private func faultEnds(_ timer: ServiceTimer, _ number: Int) async {
    guard timers.claim(timer, number) else { return }
    switch timer {
    case .outageEnds:
      isOutageWanted = false
      await applyOutage()
    case .latencyEnds: setLatency(0)
    case .disconnect: break
    }
  }

  private func setLatency(_ seconds: Double) {
    guard seconds != addedLatency else { return }
    addedLatency = seconds
    write(EchoLogText.latency(milliseconds: seconds * 1000))
  }

  /// `seconds`: infinite when absent, nil when out of range.
  private static func seconds(_ body: JSONValue) -> Double? {
    guard let value = body["seconds"] else { return .infinity }
    guard let seconds = value.doubleValue, seconds > 0, seconds <= 3600 else { return nil }
    return seconds
  }

  private static func rejected(_ message: String, status: Int = 400) -> HTTPResponse {
    .json(["status": "rejected", "message": .string(message)], status: status)
  }

  private static func relay(_ answer: some Encodable, isGood: Bool) -> HTTPResponse {
    .json((try? STSCodec.json(answer)) ?? .null, status: isGood ? 200 : 400)
  }
}
