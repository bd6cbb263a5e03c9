import CCurl
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

  /// What libcurl says of a request that failed, in plain words.
  /// - Parameters:
  ///   - code: its result.
  ///   - number: the system's error, where a connection was not made; 0 for none.
  ///   - words: its own words, which tell apart what one code stands for.
  init(_ code: CURLcode, errno number: CInt, words: String) {
    if let shortage = Self.shortage(number) {
      self = .ownShortage(shortage)
      return
    }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: self = .other("host not found: \(Self.host(in: words))")
    case CURLE_COULDNT_CONNECT: self = .other(number == 0 ? "connection refused" : Self.words(errno: number))
    case CURLE_OPERATION_TIMEDOUT: self = .other("no answer in time")
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: self = .other("connection closed before the answer was complete")
    // So it says that a line of a head is over its limit of 100 KiB; of memory Swift would have run out before.
    case CURLE_OUT_OF_MEMORY: self = .other("response headers too large")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2: self = .other("not HTTP")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED:
      self = .other(Self.tlsWords(words, isUntrusted: code == CURLE_PEER_FAILED_VERIFICATION))
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR: self = .other(Self.words(broken: words, number))
    default: self = .other("failed (\(String(cString: curl_easy_strerror(code)).prefix(120)))")
    }
  }

  /// An error of the system, where one says why nothing could be asked.
  init(errno number: CInt) { self = Self.shortage(number).map(FetchFailure.ownShortage) ?? .other(Self.words(errno: number)) }

  /// What is lacking here when a call to the system fails with this code; nil when it tells of the other side.
  private static func shortage(_ code: CInt) -> String? {
    switch code {
    case EMFILE: "dubwatch itself had no more file descriptors"
    case ENFILE: "dubwatch's machine had no more file descriptors"
    case ENOMEM, ENOBUFS: "dubwatch's machine had no more memory"
    default: nil
    }
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

  /// "Could not resolve host: x" names it.
  private static func host(in words: String) -> Substring {
    words.firstRange(of: ": ").map { words[$0.upperBound...] }?.prefix(100) ?? "its name has no address"
  }

  /// What broke a connection that was there.
  private static func words(broken words: String, _ number: CInt) -> String {
    if words.contains("chunk") || words.contains("hexadecimal") { return "not HTTP" }
    if words.contains("SSL") || words.contains("TLS") { return "TLS: connection cut off" }
    return number == 0 ? "connection closed before the answer was complete" : Self.words(errno: number)
  }

  private static func tlsWords(_ words: String, isUntrusted: Bool) -> String {
    if words.contains("subject name") || words.contains("does not match") || words.contains("host name") {
      return "TLS: certificate is for another host"
    }
    if isUntrusted || words.contains("certificate problem") {
      return "TLS: certificate not trusted; add its issuer to the system's CA certificates"
    }
    if words.contains("wrong version number") || words.contains("http request") { return "TLS: the server speaks no TLS (http?)" }
    return words.contains("eof") || words.contains("reset") ? "TLS: connection cut off" : "TLS: handshake failed"
  }

  static func words(seconds: Double) -> String {
    if seconds >= 1, seconds == seconds.rounded() { return "\(Int(seconds)) s" }
    return seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : "\((seconds * 10).rounded() / 10) s"
  }
}
