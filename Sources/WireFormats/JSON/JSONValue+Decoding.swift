extension JSONValue {
  /// Reads something that can be decoded.
  ///
  /// A whole number may be written with a point (`3.0`) or an exponent; an attachment reads as the base64 text that plain JSON has for it.
  /// - Throws: `DecodingError`: a number with a fraction, or too large, where a whole one belongs is `dataCorrupted`, `null` where a value
  ///   belongs `valueNotFound`. A member that is not there is read as ``FieldDefaults`` of its type say.
  package func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
    try JSONValueDecoder(value: self, codingPath: [], owner: nil).read(type)
  }
}

private struct JSONValueDecoder: Decoder, SingleValueDecodingContainer {
  let value: JSONValue
  let codingPath: [any CodingKey]
  /// The type that is being read from it; nil before that is known.
  var owner: Any.Type?
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(JSONMembersDecoder(members: members, codingPath: codingPath, owner: owner))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([Any].self) }
    return JSONElementsDecoder(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { value.isNull }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try read(type) }

  func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let simple: Any?
    switch type {
    case is String.Type: simple = value.stringValue ?? value.binaryValue.map(Base64.text)
    case is Bool.Type: simple = value.boolValue
    case is Double.Type: simple = value.doubleValue
    case is Float.Type: simple = value.doubleValue.map { Float($0) }
    case let whole as any FixedWidthInteger.Type: simple = try integer(whole)
    default: return try Value(from: JSONValueDecoder(value: value, codingPath: codingPath, owner: type))
    }
    guard let read = simple as? Value else { throw mismatch(type) }
    return read
  }

  /// Nil for what is no number.
  private func integer<Whole: FixedWidthInteger>(_ type: Whole.Type) throws -> Whole? {
    let whole: Whole?
    switch value {
    case .integer(let number): whole = Whole(exactly: number)
    case .unsigned(let number): whole = Whole(exactly: number)
    case .number(let number): whole = Whole(exactly: number)
    default: return nil
    }
    guard let whole else { throw DecodingError.dataCorrupted(context("the number does not fit \(type)")) }
    return whole
  }

  private func mismatch(_ type: Any.Type) -> DecodingError {
    value.isNull
      ? .valueNotFound(type, context("null where there must be \(type)")) : .typeMismatch(type, context("something else than \(type)"))
  }

  private func context(_ text: String) -> DecodingError.Context { DecodingError.Context(codingPath: codingPath, debugDescription: text) }
}

private struct JSONMembersDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [String: JSONValue]
  let codingPath: [any CodingKey]
  let owner: Any.Type?
  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  private func member(_ key: any CodingKey) throws -> JSONValueDecoder {
    guard let value = members[key.stringValue] ?? (owner as? any FieldDefaults.Type)?.fieldDefaults[key.stringValue] else {
      throw DecodingError.keyNotFound(key, DecodingError.Context(codingPath: codingPath, debugDescription: "no member \(key.stringValue)"))
    }
    return JSONValueDecoder(value: value, codingPath: codingPath + [key], owner: owner)
  }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try member(key).read(type) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
    try member(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try member(key).unkeyedContainer() }
  func superDecoder() throws -> any Decoder { try member(JSONKey("super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

private struct JSONElementsDecoder: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  init(elements: [JSONValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  /// The element that comes next, which is passed only when it could be read.
  private mutating func next<Value>(_ read: (JSONValueDecoder) throws -> Value) throws -> Value {
    let path = codingPath + [JSONKey(currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(Value.self, DecodingError.Context(codingPath: path, debugDescription: "no further element"))
    }
    let value = try read(JSONValueDecoder(value: elements[currentIndex], codingPath: path, owner: nil))
    currentIndex += 1
    return value
  }

  mutating func decodeNil() -> Bool {
    guard !isAtEnd, elements[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try $0.read(type) } }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    try next { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next { try $0.unkeyedContainer() } }
  mutating func superDecoder() throws -> any Decoder { try next { $0 } }
}

extension JSONValue {
  /// The attachment's bytes; nil for every other kind.
  var binaryValue: [UInt8]? { if case .binary(let value) = self { value } else { nil } }

  /// True for `null` only.
  var isNull: Bool { self == .null }
}
