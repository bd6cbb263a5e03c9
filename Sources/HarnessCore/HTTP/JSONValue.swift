#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Any JSON, for answers whose shape differs from version to version.
enum JSONValue: Decodable, Sendable, Hashable {
  case null
  case bool(Bool)
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Nil for anything that is not JSON.
  init?(parsing bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
    self = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// A member of an object; nil for anything else.
  subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  var text: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  var truth: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  var count: UInt64? {
    switch self {
    case .unsigned(let value): value
    case .number(let value) where value >= 0 && value < 1.8e19: UInt64(value)
    default: nil
    }
  }

  var elements: [JSONValue]? {
    if case .array(let values) = self { return values }
    return nil
  }
}
