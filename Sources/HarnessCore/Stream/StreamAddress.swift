import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a stream is read: an rtmp, rtsp or http URL, a file, or standard input. Its description is fit for people: without user
/// information and secrets.
package struct StreamAddress: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How a stream is read.
  package enum Transport: String, Sendable, Hashable {
    case rtmp, rtsp, http, file
    /// Standard input of this process.
    case standardInput = "standard-input"
  }

  /// How it is read.
  package let transport: Transport
  /// Whether it leads to this machine itself: proxies are not for it.
  let isLoopback: Bool
  /// The URL with its secrets, or the path; for ffmpeg only.
  let location: String
  /// Which of the audio tracks is read, from 0.
  package let audioIndex: Int

  /// The largest number of an audio track.
  static let lastAudio = 63

  /// Reads an rtmp(s), rtsp(s) or http(s) URL, the path of a file, or `-` for standard input; behind it `#audio=N` may choose the audio
  /// track, from 0.
  package init(_ given: String) throws(Problem) {
    var text = given
    if let mark = given.ranges(of: "#audio=").last {
      guard let index = Int(given[mark.upperBound...]), (0...Self.lastAudio).contains(index) else {
        throw Problem(.usage, "after #audio= stands the number of an audio track, 0 to \(Self.lastAudio): 0 is the first")
      }
      audioIndex = index
      text = String(given[..<mark.lowerBound])
    } else {
      audioIndex = 0
    }
    guard !text.isEmpty else {
      throw Problem(.usage, "a stream needs a URL (rtmp://, rtsp:// or http://), a file, or - for standard input")
    }
    if text == "-" {
      (transport, isLoopback, location) = (.standardInput, false, "-")
      return
    }
    let shown = Redaction.redact(text)
    guard let separator = text.firstRange(of: "://") else {
      guard !text.utf8.contains(0) else { throw Problem(.usage, "the path of a file holds no NUL") }
      (transport, isLoopback, location) = (.file, false, text)
      return
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      // Not shown: a blank cuts a URL in two, and its second half may be a password.
      throw Problem(.usage, "a URL holds no blanks and no control characters: write rtsp://HOST:PORT/PATH")
    }
    let scheme = text[..<separator.lowerBound].lowercased()
    switch scheme {
    case "rtmp", "rtmps": transport = .rtmp
    case "rtsp", "rtsps": transport = .rtsp
    case "http", "https": transport = .http
    default: throw Problem(.usage, "\(shown): a stream is read from rtmp, rtsp, http or a file, not from \(scheme)")
    }
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else {
      throw Problem(.usage, "\(shown) names no host: write \(scheme)://HOST:PORT/PATH")
    }
    if let port = parts.port, !(1...65535).contains(port) { throw Problem(.usage, "\(shown): a port lies between 1 and 65535") }
    isLoopback = host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    location = scheme + text[separator.lowerBound...]
  }

  /// Whether it ends by itself and does not come back: a file, standard input.
  package var isFinite: Bool { transport == .file || transport == .standardInput }

  /// What a stream is called when nobody named it: its path on the server, or the file's name.
  package var defaultName: String {
    switch transport {
    case .standardInput: return "standard-input"
    case .file: return location.split(separator: "/").last.map(String.init) ?? location
    case .rtmp, .rtsp, .http:
      guard let parts = URLComponents(string: location) else { return transport.rawValue }
      let path = parts.path.split(separator: "/").joined(separator: "/")
      return path.isEmpty ? "\(parts.host ?? transport.rawValue)" + (parts.port.map { ":\($0)" } ?? "") : Redaction.redact(path)
    }
  }

  /// ffmpeg's arguments for this input. What a stream refers to is read by the protocols of its own kind only: a playlist from a server
  /// never opens a local file, and one in a file never opens a connection.
  var arguments: [String] {
    switch transport {
    case .rtmp: ["-protocol_whitelist", "rtmp,rtmps,tcp,tls", "-i", location]
    case .rtsp: ["-protocol_whitelist", "rtsp,rtsps,rtp,rtcp,udp,tcp,tls,http,https", "-rtsp_transport", "tcp", "-i", location]
    case .http: ["-protocol_whitelist", "http,https,httpproxy,tcp,tls,crypto", "-i", location]
    case .file: ["-protocol_whitelist", "file,crypto", "-i", "file:" + location]
    case .standardInput: ["-protocol_whitelist", "file", "-i", "file:" + Self.ownInput]
    }
  }

  /// Our standard input, as a child can open it, whose own is empty.
  private static var ownInput: String {
    #if os(Linux)
      return "/proc/\(getpid())/fd/0"
    #else
      return "/dev/stdin"
    #endif
  }

  /// For people; never a secret.
  package var description: String {
    let choice = audioIndex == 0 ? "" : " (audio track \(audioIndex))"
    return switch transport {
    case .standardInput: "standard input" + choice
    case .file: location + choice
    case .rtmp, .rtsp, .http: Redaction.redact(location) + choice
    }
  }
  /// The path of a file; nil for any other.
  package var filePath: String? { transport == .file ? location : nil }
  /// The same as the description.
  package var debugDescription: String { description }
  /// Shows no secret.
  package var customMirror: Mirror { Mirror(self, children: ["location": description], displayStyle: .struct) }
}
