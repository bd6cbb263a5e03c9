import NIOCore
import NIOHTTP1

/// The refusals of an Engine.IO handshake, with the numbers and words of the reference implementation.
enum EngineRefusal: Int {
  case unknownTransport = 0
  case unknownSession, badMethod, badRequest, forbidden, unsupportedVersion

  var message: String {
    switch self {
    case .unknownTransport: "Transport unknown"
    case .unknownSession: "Session ID unknown"
    case .badMethod: "Bad handshake method"
    case .badRequest: "Bad request"
    case .forbidden: "Forbidden"
    case .unsupportedVersion: "Unsupported protocol version"
    }
  }

  var response: RawResponse {
    RawResponse(
      status: self == .forbidden ? .forbidden : .badRequest, headers: ["Content-Type": "application/json"],
      body: ByteBuffer(string: #"{"code":\#(rawValue),"message":"\#(message)"}"#))
  }
}
