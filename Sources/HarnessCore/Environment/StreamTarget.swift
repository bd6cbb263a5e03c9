import HarnessModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A media stream to probe: an rtsp, rtmp, srt, udp or http URL, a file, or MPEG-TS on standard input (`-`). Its description is fit
/// for people: without user information and secrets.
public struct StreamTarget: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// A text that is no such place, in one sentence.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// Where the stream is read.
  public enum Place: Sendable, Hashable {
    /// By this protocol, such as `rtsp`.
    case network(scheme: String)
    /// A file.
    case file
    /// Standard input.
    case standardInput
  }

  /// The protocols that a stream is read by.
  public static let schemes = ["http", "https", "rtsp", "rtsps", "rtmp", "rtmps", "srt", "udp", "tcp"]

  /// What it is called: `live/test/out`.
  public let name: ServiceName
  /// Where it is read.
  public let place: Place
  /// The URL or path with its secrets, for ffmpeg only; `-` for standard input.
  let url: String
  /// Whether flashes and beeps are looked for.
  public var probesContent: Bool
  /// Distance between two samples, in seconds of pipeline time.
  public var intervalSeconds: Double

  /// Reads a URL, a path or `-`.
  /// - Parameters:
  ///   - text: the URL, the path or `-`.
  ///   - name: what it is called; nil for the path of the URL, or the file's name.
  public init(
    _ text: String, name: ServiceName? = nil, probesContent: Bool = true, intervalSeconds: Double = 1
  ) throws(Failure) {
    self.probesContent = probesContent
    self.intervalSeconds = intervalSeconds
    guard !text.isEmpty else { throw Failure(description: "a stream is a URL, a file or -, but nothing was given") }
    if text == "-" {
      place = .standardInput
      url = text
      self.name = name ?? "stdin"
      return
    }
    guard let end = text.range(of: "://") else {
      guard !text.utf8.contains(0) else { throw Failure(description: "a path holds no zero bytes") }
      place = .file
      url = text
      self.name = name ?? ServiceName(text.split(separator: "/").last.map(String.init) ?? text)
      return
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      // Not shown: a blank cuts a URL in two, and its second half may be a password.
      throw Failure(description: "a URL holds no blanks and no control characters: write rtsp://HOST:PORT/PATH")
    }
    let shown = Redaction.redact(text)
    let scheme = text[..<end.lowerBound].lowercased()
    guard Self.schemes.contains(scheme) else {
      throw Failure(description: "\(shown): a stream is read by \(Self.schemes.joined(separator: ", ")), not by \(scheme)")
    }
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty || scheme == "udp" else {
      throw Failure(description: "\(shown) names no host: write \(scheme)://HOST:PORT/PATH")
    }
    if let port = parts.port, !(1...65535).contains(port) { throw Failure(description: "\(shown): a port lies between 1 and 65535") }
    place = .network(scheme: scheme)
    url = scheme + text[end.lowerBound...]
    let path = parts.path.drop { $0 == "/" }
    self.name = name ?? ServiceName(path.isEmpty ? "\(host)\(parts.port.map { ":\($0)" } ?? "")" : String(path))
  }

  /// For people; never a secret.
  public var description: String { place == .standardInput ? "standard input" : Redaction.redact(url) }
  /// The same as the description.
  public var debugDescription: String { description }
  /// Shows no secret.
  public var customMirror: Mirror { Mirror(self, children: ["name": name.text, "url": description], displayStyle: .struct) }
}
