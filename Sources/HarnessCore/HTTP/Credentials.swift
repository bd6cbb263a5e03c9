import WireFormats

/// What proves to a service who asks. No description, dump or reflection of it shows the secret, and it cannot be encoded.
package struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private enum Kind: Sendable, Hashable {
    case bearer(String)
    case basic(user: String, password: String)
  }

  private let kind: Kind

  private init(_ kind: Kind) { self.kind = kind }

  /// A bearer token.
  package static func bearer(_ token: String) -> Credentials { Credentials(.bearer(token)) }

  /// A user and a password.
  package static func basic(user: String, password: String) -> Credentials { Credentials(.basic(user: user, password: password)) }

  /// The value of the `Authorization` header (RFC 6750, RFC 7617).
  var headerValue: String {
    switch kind {
    case .bearer(let token): "Bearer \(token)"
    case .basic(let user, let password): "Basic \(Base64.text(Array("\(user):\(password)".utf8)))"
    }
  }

  /// For people; never a secret.
  package var description: String {
    switch kind {
    case .bearer: "bearer \(Redaction.mask)"
    case .basic: "basic \(Redaction.mask)"
    }
  }

  /// The same as the description.
  package var debugDescription: String { description }
  /// Shows no secret.
  package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
