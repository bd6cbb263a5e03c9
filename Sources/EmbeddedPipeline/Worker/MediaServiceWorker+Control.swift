import Events
import SocketIO
import WireFormats

extension MediaServiceWorker {
  /// `POST /control`: `{"action":"crash"}`, or how the output's audio is moved: `skew_ms`, `drift_ms_per_s`, and `seconds` after which both
  /// are 0 again.
  func control(_ request: HTTPRequest) -> HTTPResponse {
    guard request.isJSON else { return .json(["status": "rejected", "message": .string(HTTPRequest.wantsJSON)], status: 415) }
    let body: JSONValue
    do { body = try JSONValue.parse(request.body) } catch { return Self.rejected("the body is not JSON: \(error)") }
    switch body["action"]?.stringValue {
    case "crash":
      Task {
        // The answer has time to leave before the sockets close.
        try? await Task.sleep(for: .milliseconds(50))
        await self.end(.crashed)
      }
      return .json(["status": "accepted"])
    case "audio_skew", "audio_drift": return shift(body)
    case "latency", "outage":
      return .json(["status": "unavailable", "message": "this fault belongs to the speech service"], status: 501)
    case .some(let other): return Self.rejected("\(EnvironmentReader.quoted(other)) is not an action of this service")
    case nil:
      if body["action"] == nil, body["skew_ms"] != nil || body["drift_ms_per_s"] != nil { return shift(body) }
      return Self.rejected("the body must be a JSON object with a text field action, or with skew_ms or drift_ms_per_s")
    }
  }

  /// How the output's audio is moved now.
  func shiftState() -> HTTPResponse {
    guard let shift = plane?.shift else { return Self.noMedia }
    return .json([
      "status": "accepted", "skew_ms": .number(shift.skewMilliseconds), "drift_ms_per_s": .number(shift.driftMillisecondsPerSecond),
      "shift_ms": .number((shift.milliseconds * 1000).rounded() / 1000),
    ])
  }

  private func shift(_ body: JSONValue) -> HTTPResponse {
    guard plane != nil else { return Self.noMedia }
    let limits = [
      ("skew_ms", AudioShift.skewLimits), ("drift_ms_per_s", AudioShift.driftLimits), ("seconds", 0.0...86_400),
    ]
    var values: [String: Double] = [:]
    for (name, range) in limits {
      guard let field = body[name], field != .null else { continue }
      guard let value = field.doubleValue, range.contains(value) else {
        let (low, high) = (LogText.shortest(range.lowerBound), LogText.shortest(range.upperBound))
        return Self.rejected("\(name) must be a number from \(low) to \(high)")
      }
      values[name] = value
    }
    guard values["skew_ms"] != nil || values["drift_ms_per_s"] != nil else {
      return Self.rejected("skew_ms or drift_ms_per_s is missing")
    }
    setShift(skew: values["skew_ms"], drift: values["drift_ms_per_s"])
    output.shiftEnd?.cancel()
    output.shiftEnd = values["seconds"].map { seconds in
      Task { [weak self, clock] in
        do { try await clock.sleep(seconds: seconds) } catch { return }
        await self?.setShift(skew: 0, drift: 0)
      }
    }
    return shiftState()
  }

  func setShift(skew: Double?, drift: Double?) {
    guard !Task.isCancelled, var shift = plane?.shift else { return }
    if let skew { shift.setSkew(skew) }
    if let drift { shift.setDrift(drift) }
    guard shift != plane?.shift else { return }
    plane?.shift = shift
    log(.audioShifted(skewMilliseconds: shift.skewMilliseconds, driftMillisecondsPerSecond: shift.driftMillisecondsPerSecond))
  }

  private static let noMedia = HTTPResponse.json(
    ["status": "unavailable", "message": "this worker has no input, so it puts no media out; start it with an input"], status: 501)

  private static func rejected(_ message: String) -> HTTPResponse {
    .json(["status": "rejected", "message": .string(message)], status: 400)
  }
}
