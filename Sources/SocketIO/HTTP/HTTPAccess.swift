/// Which requests a service of this machine takes: what a web page of elsewhere sends through the user's browser is refused.
///
/// A browser sends `Origin` with whatever a page of another origin asks for, and a page that had its own name resolved to 127.0.0.1
/// (DNS rebinding) is told by the `Host` it believes in.
package struct HTTPAccess: Sendable, Hashable {
  /// Origins (`http://127.0.0.1:5173`) whose pages may ask, beside the service's own; `*` for all.
  package var allowedOrigins: [String]

  /// Who may ask beside the service's own pages and programs, which send no `Origin`.
  package init(allowedOrigins: [String] = []) { self.allowedOrigins = allowedOrigins }

  /// Whether pages of an origin may ask although they are not the service's own.
  package func allows(origin: String) -> Bool {
    allowedOrigins.contains { $0 == "*" || Self.isSame($0, origin) }
  }

  /// Why a request is not taken; nil when it is.
  /// - Parameters:
  ///   - host: the `Host` of the request; nil when it has none, as programs that speak HTTP/1.0.
  ///   - origin: the `Origin` of the request; nil when it has none.
  ///   - listener: the address the service listens on.
  package func refusal(host: String?, origin: String?, listener: String) -> String? {
    if Self.isLoopback(listener), let host {
      let name = Self.name(ofAuthority: host)
      guard Self.isLoopback(name) || name == listener.lowercased() else {
        return "This service listens on \(listener) and takes requests for this machine only (localhost, 127.0.0.1), not for another Host."
      }
    }
    guard let origin, !allows(origin: origin) else { return nil }
    if let host, let (scheme, authority) = Self.parts(origin), Self.normal(authority, scheme) == Self.normal(host, scheme) { return nil }
    return "Pages of another origin may not use this service; start it with --allow-origin to let one in."
  }

  /// Whether an address or a name of one means this machine and nothing else.
  static func isLoopback(_ name: String) -> Bool {
    let name = name.lowercased()
    if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || name == "[::1]" { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The host of `HOST:PORT`, in lower case.
  private static func name(ofAuthority authority: String) -> String {
    let text = authority.lowercased()
    if text.hasPrefix("[") { return text.firstIndex(of: "]").map { String(text[...$0]) } ?? text }
    return String(text.prefix { $0 != ":" })
  }

  private static func parts(_ origin: String) -> (scheme: String, authority: String)? {
    guard let range = origin.firstRange(of: "://") else { return nil }
    return (origin[..<range.lowerBound].lowercased(), String(origin[range.upperBound...]))
  }

  /// An authority in lower case without the port that its scheme has anyway.
  private static func normal(_ authority: String, _ scheme: String) -> String {
    let text = authority.lowercased()
    let usual = scheme == "https" ? ":443" : ":80"
    return text.hasSuffix(usual) ? String(text.dropLast(usual.count)) : text
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    guard let one = parts(left), let other = parts(right) else { return left.lowercased() == right.lowercased() }
    return one.scheme == other.scheme && normal(one.authority, one.scheme) == normal(other.authority, other.scheme)
  }
}

extension HTTPRequest {
  /// Whether the body says of itself that it is JSON. A page of another origin cannot send that without being asked about first.
  package var isJSON: Bool { Self.isJSON(contentType: headers.first { $0.name.lowercased() == "content-type" }?.value) }

  /// The same for the value of a `Content-Type`.
  package static func isJSON(contentType: String?) -> Bool {
    let type = (contentType ?? "").prefix { $0 != ";" }.lowercased()
    return type.filter { $0 != " " && $0 != "\t" } == "application/json"
  }

  /// What is answered where it is not.
  package static let wantsJSON = "the body must be JSON and say so: Content-Type: application/json"
}
