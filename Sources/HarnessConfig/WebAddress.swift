/// Checks URLs of endpoints without reaching for them.
enum WebAddress {
  /// Why a text is no URL that can be polled; nil for a good one. The sentence never repeats user or password.
  static func problem(_ text: String) -> String? {
    guard let separator = text.firstRange(of: "://") else {
      return "must be a URL that begins with http:// or https://, but is \"\(text)\""
    }
    let scheme = text[..<separator.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else { return "must begin with http:// or https://, not \(scheme)://" }
    let rest = text[separator.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.contains("@") {
      return "must not hold a user or a password; give them beside the URL as user and password_env or password_file"
    }
    if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) { return "must not hold spaces or control characters" }
    var host = authority
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else { return "has an address without its closing ]" }
      host = authority[authority.index(after: authority.startIndex)..<close]
      let after = authority[authority.index(after: close)...]
      if !after.isEmpty {
        guard after.hasPrefix(":") else { return "has something between address and port" }
        port = after.dropFirst()
      }
    } else if let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    if host.isEmpty { return "names no host" }
    if let port {
      guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port), (1...65535).contains(number) else {
        return "must have a port of 1 to 65535, but has \"\(port)\""
      }
    }
    return nil
  }
}
