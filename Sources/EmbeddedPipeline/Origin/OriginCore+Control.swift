import NIOCore
import SocketIO
import WireFormats

extension OriginCore {
  /// Faults from outside, as every stand-in takes them: `POST /control` with `{"action": NAME, …}`.
  func control(method: String, contentType: String?, body: [UInt8]) -> OriginAnswer {
    guard let onCrash else { return Self.rejected("control is switched off; start the service with --control", status: 403) }
    guard method == "POST" else { return Self.rejected("control is posted", status: 405) }
    guard HTTPRequest.isJSON(contentType: contentType) else { return Self.rejected(HTTPRequest.wantsJSON, status: 415) }
    let json: JSONValue
    do { json = try JSONValue.parse(body) } catch { return Self.rejected("the body is not JSON: \(error)") }
    switch json["action"]?.stringValue {
    case "outage":
      guard let seconds = json["seconds"]?.doubleValue, seconds > 0, seconds <= 3600 else {
        return Self.rejected("seconds must be a number above 0, at most 3600")
      }
      beginOutage(seconds: seconds)
    case "crash":
      // The answer has time to leave before the sockets close.
      loop.scheduleTask(in: .milliseconds(50), onCrash)
    case "latency", "audio_skew", "audio_drift":
      return OriginAnswer(
        status: 501, json: ["status": "unavailable", "message": "this fault belongs to the worker or the speech service"])
    case .some(let other): return Self.rejected("\(EnvironmentReader.quoted(other)) is not an action of this service")
    case nil: return Self.rejected("the body must be a JSON object with a text field action")
    }
    return OriginAnswer(json: ["status": "accepted"])
  }

  private static func rejected(_ sentence: String, status: Int = 400) -> OriginAnswer {
    OriginAnswer(status: status, json: ["status": "rejected", "message": .string(sentence)])
  }
}

extension OriginAnswer {
  static let outage = OriginAnswer(503, "outage: try again later")
}
