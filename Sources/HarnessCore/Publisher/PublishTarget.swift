import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a stream is published to: an rtsp, rtmp or http URL. Its description is fit for people: without user information and secrets.
package struct PublishTarget: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How a stream is published.
  package enum Transport: String, Sendable, Hashable {
    /// RTSP ANNOUNCE and RECORD, over TCP.
    case rtsp
    /// FLV in RTMP.
    case rtmp
    /// MPEG-TS in the body of a POST without end.
    case http
  }

  /// How it is published.
  package let transport: Transport
  /// Whether it leads to this machine itself: proxies are not for it.
  package let isLoopback: Bool
  /// The URL with its secrets, for ffmpeg only.
  let url: String

  /// Reads an rtsp(s), rtmp(s) or http(s) URL.
  package init(_ text: String) throws(Problem) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      // Not shown: a blank cuts a URL in two, and its second half may be a password.
      throw Problem(.usage, "a URL holds no blanks and no control characters: write rtsp://HOST:PORT/PATH")
    }
    let shown = Redaction.redact(text)
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
      throw Problem(.usage, "\(shown) is no URL: write rtsp://, rtmp:// or http://HOST:PORT/PATH")
    }
    switch scheme {
    case "rtsp", "rtsps": transport = .rtsp
    case "rtmp", "rtmps": transport = .rtmp
    case "http", "https": transport = .http
    default: throw Problem(.usage, "\(shown): a stream is published to rtsp, rtmp or http, not to \(scheme)")
    }
    guard let host = parts.host, !host.isEmpty else {
      throw Problem(.usage, "\(shown) names no host: write \(scheme)://HOST:PORT/PATH")
    }
    if let port = parts.port, !(1...65535).contains(port) { throw Problem(.usage, "\(shown): a port lies between 1 and 65535") }
    isLoopback = host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    url = scheme + text.dropFirst(scheme.utf8.count)
  }

  /// ffmpeg's arguments for this output.
  var arguments: [String] {
    switch transport {
    case .rtsp: ["-f", "rtsp", "-rtsp_transport", "tcp", url]
    case .rtmp: ["-f", "flv", "-flvflags", "no_duration_filesize", url]
    // Each packet at once and each AAC frame with its own time, as from an encoder: by default a third of a second of them shares one.
    case .http: ["-f", "mpegts", "-pes_payload_size", "0", "-muxdelay", "0", "-flush_packets", "1", "-method", "POST", url]
    }
  }

  /// For people; never a secret.
  package var description: String { Redaction.redact(url) }
  /// The same as the description.
  package var debugDescription: String { description }
  /// Shows no secret.
  package var customMirror: Mirror { Mirror(self, children: ["url": description], displayStyle: .struct) }
}
