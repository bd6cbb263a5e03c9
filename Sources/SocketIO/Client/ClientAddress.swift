import NIOCore
import NIOHTTP1
import WireFormats

/// Where a client connects to, and the request targets there.
struct ClientAddress: Sendable, Hashable {
  let host: String
  let port: Int
  let path: String

  /// Takes `http://host:port` or `ws://host:port`; a path in the address is ignored but for `/`.
  init(url: String, path: String) throws(SocketIOError) {
    let parts = url.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, parts[1].hasPrefix("//") else { throw .badAddress("\(url) has no scheme; write http://host:port") }
    switch parts[0].lowercased() {
    case "http", "ws": break
    case "https", "wss": throw .badAddress("\(url) asks for TLS, which this client does not speak; use http or ws")
    default: throw .badAddress("\(url) is neither http nor ws")
    }
    let authority = parts[1].dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { throw .badAddress("\(url) holds a user name, which is not supported") }
    var host = authority
    var port = 80
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else {
        throw .badAddress("\(url) has no valid port")
      }
      port = number
      host = authority[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .badAddress("\(url) has no host") }
    self.host = String(host)
    self.port = port
    var path = path.hasPrefix("/") ? path : "/" + path
    if !path.hasSuffix("/") { path += "/" }
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .badAddress("the path \(path) must be percent-encoded") }
    self.path = path
  }

  func target(_ transport: SocketIOTransport, sid: String?) -> String {
    "\(path)?EIO=4&transport=\(transport.rawValue)" + (sid.map { "&sid=\($0)" } ?? "")
  }

  func headers(_ more: [HTTPField]) -> HTTPHeaders {
    var headers: HTTPHeaders = ["Host": "\(host.contains(":") ? "[\(host)]" : host):\(port)", "User-Agent": "dubwatch"]
    for field in more { headers.replaceOrAdd(name: field.name, value: field.value) }
    return headers
  }
}

/// The first packet of a server: what it offers.
struct EngineHandshake: Sendable, Hashable {
  let sid: String
  let canUpgrade: Bool
  let pingInterval: Duration
  let pingTimeout: Duration
  let maxPayload: Int?

  init(_ data: ByteBuffer) throws(SocketIOError) {
    let value = data.withUnsafeReadableBytes { bytes in Result { () throws(JSONError) in try JSONValue.parse(bytes) } }
    guard let value = try? value.get(), let sid = value["sid"]?.stringValue, Self.isSafe(sid),
      let interval = value["pingInterval"]?.intValue, let timeout = value["pingTimeout"]?.intValue,
      (1...86_400_000).contains(interval), (1...86_400_000).contains(timeout)
    else { throw .handshakeFailed("the open packet lacks sid, pingInterval or pingTimeout") }
    self.sid = sid
    canUpgrade = value["upgrades"]?.arrayValue?.contains("websocket") ?? false
    pingInterval = .milliseconds(interval)
    pingTimeout = .milliseconds(timeout)
    maxPayload = value["maxPayload"]?.intValue.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The sid goes into request targets as it is.
  private static func isSafe(_ sid: String) -> Bool {
    !sid.isEmpty && sid.utf8.count <= 256
      && sid.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"&#?%+\"<>\\".utf8.contains($0) }
  }
}
