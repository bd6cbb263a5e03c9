import AsyncHTTPClient
import NIOCore
import NIOPosix
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why nothing could be fetched, in plain words; never with a URL, so never with a secret.
package enum FetchFailure: ProblemCarrier, Sendable, Hashable, CustomStringConvertible {
  /// Nothing complete came in time.
  case timedOut(seconds: Double)
  /// An answer began and was not complete in time: its head came, or data as well.
  case incomplete(seconds: Double, hasData: Bool)
  /// The asking task was cancelled.
  case cancelled
  /// dubwatch or its machine had nothing left to ask with; in words. It says nothing of the service.
  case ownShortage(String)
  /// Anything else, in words.
  case other(String)

  /// For people; never a secret.
  package var description: String {
    switch self {
    case .timedOut(let seconds): "no answer within \(Self.words(seconds: seconds))"
    case .incomplete(let seconds, true): "data came for \(Self.words(seconds: seconds)), not complete"
    case .incomplete(let seconds, false): "only the head of an answer came within \(Self.words(seconds: seconds))"
    case .cancelled: "cancelled"
    case .other(let text), .ownShortage(let text): text
    }
  }

  /// The same as a problem of an endpoint.
  package var problem: Problem { Problem(self == .cancelled ? .ending : .endpoint, description) }

  /// An error of the HTTP client in plain words.
  init(_ error: any Error, target: TargetURL) {
    if let failure = error as? FetchFailure {
      self = failure
    } else if error is CancellationError {
      self = .cancelled
    } else if let error = error as? HTTPClientError {
      self = Self.translate(error, target: target)
    } else if let error = error as? NIOConnectionError {
      self = Self.translate(error)
    } else if let error = error as? IOError {
      self = Self.translate(errno: error.errnoCode)
    } else {
      self = .other(Self.words(unknown: error))
    }
  }

  private static func translate(_ error: HTTPClientError, target: TargetURL) -> FetchFailure {
    switch error {
    case .cancelled, .requestStreamCancelled, .alreadyShutdown: .cancelled
    case .connectTimeout, .deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout: .other("no answer in time")
    case .tlsHandshakeTimeout: .other("TLS: no handshake in time")
    case .remoteConnectionClosed: .other("connection closed before the answer was complete")
    case .uncleanShutdown: .other("TLS: connection cut off")
    default: .other("not a usable HTTP answer (\(error.shortDescription))")
    }
  }

  private static func translate(_ error: NIOConnectionError) -> FetchFailure {
    // Both families of addresses are tried: where one was not, for want of descriptors, the other's answer is not the whole.
    let codes = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
    return codes.lazy.compactMap(shortage).first.map(FetchFailure.ownShortage) ?? .other(words(error, codes))
  }

  private static func translate(errno code: CInt) -> FetchFailure {
    shortage(code).map(FetchFailure.ownShortage) ?? .other(words(errno: code))
  }

  /// What is lacking here when a call to the system fails with this code; nil when it tells of the other side.
  private static func shortage(_ code: CInt) -> String? {
    switch code {
    case EMFILE: "dubwatch itself had no more file descriptors"
    case ENFILE: "dubwatch's machine had no more file descriptors"
    case ENOMEM, ENOBUFS: "dubwatch's machine had no more memory"
    default: nil
    }
  }

  private static func words(_ error: NIOConnectionError, _ codes: [CInt]) -> String {
    if let first = error.connectionErrors.first {
      // Refused tells more than a family without a route.
      if codes.contains(ECONNREFUSED) { return words(errno: ECONNREFUSED) }
      if let code = codes.first { return words(errno: code) }
      return first.error is ChannelError ? "no connection in time" : words(unknown: first.error)
    }
    return "host not found: \(error.host.prefix(100))"
  }

  private static func words(errno code: CInt) -> String {
    switch code {
    case ECONNREFUSED: "connection refused"
    case ECONNRESET, EPIPE: "connection reset"
    case EHOSTUNREACH: "host unreachable"
    case ENETUNREACH: "network unreachable"
    case ETIMEDOUT: "connection timed out"
    case EADDRNOTAVAIL: "address not available"
    default: String(cString: strerror(code))
    }
  }

  /// Errors of layers whose modules are not imported here are told apart by their type's name.
  private static func words(unknown error: any Error) -> String {
    let type = String(reflecting: Swift.type(of: error))
    let text = String(describing: error)
    if type.contains("HTTPParserError") {
      if text.contains("ended at an unexpected") || text.contains("EOF") { return "connection closed before the answer was complete" }
      return text.contains("too many header") || text.contains("headerOverflow") ? "response headers too large" : "not HTTP"
    }
    if type.contains("Decompression") { return text.contains("limit") ? "compressed response too large" : "broken compression" }
    if type.contains("HTTPDecod") || type.contains("NIOHTTP") { return "not HTTP" }
    if type.contains("SSL") || type.contains("TLS") { return tlsWords(text) }
    if type.contains("ChannelError") { return "connection closed" }
    return "failed (\(text.prefix(120)))"
  }

  private static func tlsWords(_ text: String) -> String {
    if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
      return "TLS: certificate not trusted; add its issuer to the system's CA certificates"
    }
    if text.contains("Hostname") || text.contains("hostname") { return "TLS: certificate is for another host" }
    if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") { return "TLS: the server speaks no TLS (http?)" }
    if text.contains("uncleanShutdown") { return "TLS: connection cut off" }
    return "TLS: handshake failed"
  }

  static func words(seconds: Double) -> String {
    if seconds >= 1, seconds == seconds.rounded() { return "\(Int(seconds)) s" }
    return seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : "\((seconds * 10).rounded() / 10) s"
  }
}
