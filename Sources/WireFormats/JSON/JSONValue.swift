/// A JSON document as a value, with one extra case for the binary attachments of a Socket.IO message.
///
/// Objects are dictionaries: the order of keys is not kept, a repeated key keeps its last value, and writing sorts keys so that
/// equal values give equal bytes.
package enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent that fits 64 bits.
  case integer(Int64)
  /// A whole number beyond that which fits 64 bits without a sign; what fits `integer` is never one of these.
  case unsigned(UInt64)
  /// Any other number. A value that is not finite is written as `null`.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object([String: JSONValue])
  /// Bytes that travel as a Socket.IO attachment. In plain JSON they are written as a base64 string.
  case binary([UInt8])

  /// The member of an object; `nil` when this is no object or has no such member.
  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  /// The element of an array; `nil` when this is no array or the index is outside it.
  package subscript(index: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(index) { return elements[index] }
    return nil
  }

  /// The string, or `nil` for every other kind.
  package var stringValue: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The whole number, also when it was written as `3.0`; `nil` when it has a fraction or does not fit an `Int`.
  package var intValue: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .unsigned(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number as a count, a fraction cut off; `nil` when it is below 0 or does not fit 64 bits.
  package var countValue: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    case .number(let value): UInt64(exactly: value.rounded(.towardZero))
    default: nil
    }
  }

  /// The number, or `nil` for every other kind.
  package var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The truth value, or `nil` for every other kind.
  package var boolValue: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The elements, or `nil` for every other kind.
  package var arrayValue: [JSONValue]? {
    if case .array(let value) = self { return value }
    return nil
  }

  /// The members, or `nil` for every other kind.
  package var objectValue: [String: JSONValue]? {
    if case .object(let value) = self { return value }
    return nil
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`.
  package init(nilLiteral: ()) { self = .null }
  /// A truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  package init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; of a repeated key the last value counts.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}

extension JSONValue {
  /// A whole number from an `Int`.
  package static func int(_ value: Int) -> JSONValue { .integer(Int64(value)) }
}
