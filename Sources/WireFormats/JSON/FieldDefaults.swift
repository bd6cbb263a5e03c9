/// A type whose fields came one after the other: what an older document does not say has a meaning all the same.
///
/// Only for fields of which the default was true of everything that was written before there was the field; what nobody knew then is an
/// optional one.
package protocol FieldDefaults: Decodable {
  /// The values by the names of the fields; of a value that a case of an enum carries, by its own name (`_0` where it has none).
  static var fieldDefaults: [String: JSONValue] { get }
}

extension JSONValue {
  /// The members of something as it is when nothing is said, for ``FieldDefaults``.
  /// - Parameter required: members for which there is no default.
  package static func members(of blank: some Encodable, but required: Set<String> = []) -> [String: JSONValue] {
    guard case .object(let members)? = try? JSONValue(encoding: blank) else { return [:] }
    return members.filter { !required.contains($0.key) }
  }
}
