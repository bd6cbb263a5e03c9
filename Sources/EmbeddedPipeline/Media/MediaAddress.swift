import WireFormats

/// Where a stream is taken from or put: `http://`, `rtmp://` or `rtsp://`.
struct MediaAddress: Sendable, Hashable {
  /// How it is spoken to.
  enum Transport: Sendable, Hashable {
    /// MPEG-TS in the body of a request or an answer, natively.
    case http(host: String, port: Int, target: String)
    /// By an ffmpeg child, with the output format it needs.
    case ffmpeg(format: String)
  }

  let url: String
  let transport: Transport

  /// Takes a URL; throws a `Problem` that names the setting.
  init(_ url: String, setting: String) throws {
    func fail(_ why: String) -> Problem {
      Problem(.usage, "\(setting) is \(EnvironmentReader.quoted(Self.shown(url))), \(why)")
    }
    guard url.utf8.count <= 2048, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw fail("but must be at most 2048 printable ASCII characters without spaces")
    }
    let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let scheme = parts.first?.lowercased(), ["http", "rtmp", "rtsp"].contains(scheme) else {
      throw fail("but must begin with one of http://, rtmp://, rtsp:// and name a host")
    }
    let authority = parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let target = parts[1].dropFirst(authority.count).prefix { $0 != "#" }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    guard let (host, port) = Self.split(place) else { throw fail("which has no valid host and port") }
    self.url = url
    switch scheme {
    case "http":
      guard place == authority else { throw fail("which holds a user name; that is not supported with http") }
      transport = .http(host: host, port: port ?? 80, target: target.hasPrefix("/") ? String(target) : "/" + target)
    case "rtmp": transport = .ffmpeg(format: "flv")
    default: transport = .ffmpeg(format: "rtsp")
    }
  }

  /// The URL as it may be shown: without a user's name and password.
  var shown: String { Self.shown(url) }

  private static func shown(_ url: String) -> String {
    let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return url }
    let authority = parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return url }
    return "\(parts[0])://\(parts[1][parts[1].index(after: at)...])"
  }

  private static func split(_ place: Substring) -> (host: String, port: Int?)? {
    var host = place
    var port: Int?
    if let colon = place.lastIndex(of: ":"), !place[colon...].contains("]") {
      guard let number = Int(place[place.index(after: colon)...]), (1...65535).contains(number) else { return nil }
      port = number
      host = place[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return host.isEmpty ? nil : (String(host), port)
  }
}
