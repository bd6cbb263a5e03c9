/// What proves to a service who asks. No description, dump or reflection of it shows the secret, and it cannot be encoded.
public struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private enum Kind: Sendable, Hashable {
    case bearer(String)
    case basic(user: String, password: String)
  }

  private let kind: Kind

  private init(_ kind: Kind) { self.kind = kind }

  /// A bearer token.
  public static func bearer(_ token: String) -> Credentials { Credentials(.bearer(token)) }

  /// A user and a password.
  public static func basic(user: String, password: String) -> Credentials { Credentials(.basic(user: user, password: password)) }

  /// The value of the `Authorization` header (RFC 6750, RFC 7617).
  var headerValue: String {
    switch kind {
    case .bearer(let token): "Bearer \(token)"
    case .basic(let user, let password): "Basic \(Base64.encode(Array("\(user):\(password)".utf8)))"
    }
  }

  /// For people; never a secret.
  public var description: String {
    switch kind {
    case .bearer: "bearer \(Redaction.mask)"
    case .basic: "basic \(Redaction.mask)"
    }
  }

  /// The same as the description.
  public var debugDescription: String { description }
  /// Shows no secret.
  public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// The alphabet of RFC 4648, section 4; FoundationEssentials would do, but this keeps Foundation out of the file.
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let rest = bytes.count - index
      let word = UInt32(bytes[index]) << 16 | UInt32(rest > 1 ? bytes[index + 1] : 0) << 8 | UInt32(rest > 2 ? bytes[index + 2] : 0)
      out.append(alphabet[Int(word >> 18 & 63)])
      out.append(alphabet[Int(word >> 12 & 63)])
      out.append(rest > 1 ? alphabet[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      out.append(rest > 2 ? alphabet[Int(word & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: out, as: UTF8.self)
  }
}
