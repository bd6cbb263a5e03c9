import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An http or https URL that is polled. Its description is fit for people: without user information and secrets.
package struct TargetURL: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where a request goes; credentials are never sent to another origin.
  struct Origin: Sendable, Hashable {
    let scheme: String
    let host: String
    let port: Int
  }

  /// The URL as requested: without user information.
  let url: URL
  let origin: Origin
  /// The user information of the URL, where it had one.
  let embeddedCredentials: Credentials?

  /// Reads a URL; `HOST:PORT/PATH` and `:PORT/PATH` (localhost) mean http.
  package init(_ text: String) throws(Problem) {
    let shown = Redaction.redact(text)
    var full = text.hasPrefix(":") ? "localhost" + text : text
    if !full.contains("://") { full = "http://" + full }
    guard full.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      // Not shown: a blank cuts a URL in two, and its second half may be a password.
      throw Problem(.usage, "a URL holds no blanks and no control characters: write http://HOST:PORT/PATH")
    }
    guard var parts = URLComponents(string: full) else { throw Problem(.usage, "\(shown) is no URL: write http://HOST:PORT/PATH") }
    let scheme = (parts.scheme ?? "").lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw Problem(.usage, "\(shown): only http and https can be polled, not \(scheme.isEmpty ? "no scheme" : scheme)")
    }
    guard let host = parts.host, !host.isEmpty else { throw Problem(.usage, "\(shown) names no host: write http://HOST:PORT/PATH") }
    let port = parts.port ?? (scheme == "https" ? 443 : 80)
    guard (1...65535).contains(port) else { throw Problem(.usage, "\(shown): a port lies between 1 and 65535") }
    embeddedCredentials = parts.user.map { Credentials.basic(user: $0, password: parts.password ?? "") }
    parts.user = nil
    parts.password = nil
    parts.fragment = nil
    if parts.path.isEmpty { parts.path = "/" }
    guard let url = parts.url else { throw Problem(.usage, "\(shown) is no URL: write http://HOST:PORT/PATH") }
    self.url = url
    origin = Origin(scheme: scheme, host: host.lowercased(), port: port)
  }

  /// Where a `Location` leads from here; nil when it is no http or https URL.
  func redirected(to location: String) -> TargetURL? {
    guard let next = URL(string: location, relativeTo: url) else { return nil }
    return try? TargetURL(next.absoluteString)
  }

  /// The same URL with query items added.
  func adding(query: [(name: String, value: String)]) -> TargetURL {
    guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return self }
    let old = parts.queryItems ?? []
    parts.queryItems = old + query.map { URLQueryItem(name: $0.name, value: $0.value) }
    // Allowed in a query by RFC 3986, but a blank to every server that reads forms.
    parts.percentEncodedQuery = parts.percentEncodedQuery.map {
      $0.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
    }
    return replacing(parts)
  }

  /// The same server and query, with more of a path: `/prometheus` and `api/v1/query` are `/prometheus/api/v1/query`.
  func appending(path more: String) -> TargetURL {
    guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return self }
    parts.path += parts.path.hasSuffix("/") ? more : "/\(more)"
    return replacing(parts)
  }

  /// This URL when it names a path already, else the same server with this path.
  func defaulting(path: String) -> TargetURL {
    guard var parts = URLComponents(url: url, resolvingAgainstBaseURL: false), parts.path.isEmpty || parts.path == "/" else { return self }
    parts.path = path
    return replacing(parts)
  }

  private func replacing(_ parts: URLComponents) -> TargetURL {
    guard let text = parts.string, let target = try? TargetURL(text) else { return self }
    return TargetURL(target, credentials: embeddedCredentials)
  }

  private init(_ other: TargetURL, credentials: Credentials?) {
    url = other.url
    origin = other.origin
    embeddedCredentials = credentials
  }

  /// Its host, without the brackets of an address, and its port; nil when it names no host.
  package var endpoint: (host: String, port: Int)? {
    guard let parts = URLComponents(url: url, resolvingAgainstBaseURL: false), let host = parts.host, !host.isEmpty else { return nil }
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return (bare, parts.port ?? (parts.scheme?.lowercased() == "https" ? 443 : 80))
  }

  /// For people; never a secret.
  package var description: String { Redaction.redact(url.absoluteString) }
  /// The same as the description.
  package var debugDescription: String { description }
  /// Shows no secret.
  package var customMirror: Mirror { Mirror(self, children: ["url": description], displayStyle: .struct) }
}
