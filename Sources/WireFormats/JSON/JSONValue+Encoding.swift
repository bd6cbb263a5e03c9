extension JSONValue {
  /// The JSON value of something that can be encoded. A number has no point where it is whole and exact; members that are nil are left
  /// out, as synthesised conformances do.
  /// - Throws: `EncodingError` for a number that is not finite, and whatever the value's own `encode(to:)` throws.
  package init(encoding value: some Encodable) throws {
    let place = JSONPlace()
    try JSONPlaceEncoder(place: place, codingPath: []).put(value)
    self = place.value
  }
}

/// A place in a document that is being made: containers of one encoder write to it in any order.
private final class JSONPlace {
  enum Content {
    case scalar(JSONValue)
    case array([JSONPlace])
    case object([String: JSONPlace])
  }

  var content = Content.scalar(.null)

  var value: JSONValue {
    switch content {
    case .scalar(let value): value
    case .array(let places): .array(places.map(\.value))
    case .object(let places): .object(places.mapValues(\.value))
    }
  }

  var count: Int { if case .array(let places) = content { places.count } else { 0 } }

  func becomeArray() { if case .array = content {} else { content = .array([]) } }
  func becomeObject() { if case .object = content {} else { content = .object([:]) } }

  func member(_ name: String) -> JSONPlace {
    let place = JSONPlace()
    guard case .object(var places) = content else { return place }
    // Given up meanwhile, so that it is not copied for each member.
    content = .scalar(.null)
    places[name] = place
    content = .object(places)
    return place
  }

  func element() -> JSONPlace {
    let place = JSONPlace()
    guard case .array(var places) = content else { return place }
    content = .scalar(.null)
    places.append(place)
    content = .array(places)
    return place
  }
}

private struct JSONPlaceEncoder: Encoder, SingleValueEncodingContainer {
  let place: JSONPlace
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    place.becomeObject()
    return KeyedEncodingContainer(JSONMembersEncoder(place: place, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    place.becomeArray()
    return JSONElementsEncoder(place: place, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { place.content = .scalar(.null) }
  func encode(_ value: some Encodable) throws { try put(value) }

  func put(_ value: some Encodable) throws {
    switch value {
    case let text as String: place.content = .scalar(.string(text))
    case let flag as Bool: place.content = .scalar(.bool(flag))
    case let number as Double: place.content = .scalar(try finite(number))
    // By its own shortest text, which is shorter than that of the same number as a Double.
    case let number as Float: place.content = .scalar(try finite(Double(number.description) ?? Double(number)))
    case let number as any BinaryInteger: place.content = .scalar(try whole(number))
    default: try value.encode(to: self)
    }
  }

  private func finite(_ number: Double) throws -> JSONValue {
    guard number.isFinite else { throw unwritable(number) }
    // As far as Swift writes a whole number without an exponent.
    return number.magnitude <= 0x1p53 && number == number.rounded() ? .integer(Int64(number)) : .number(number)
  }

  private func whole(_ number: some BinaryInteger) throws -> JSONValue {
    if let number = Int64(exactly: number) { return .integer(number) }
    if let number = UInt64(exactly: number) { return .unsigned(number) }
    throw unwritable(number)
  }

  private func unwritable(_ number: Any) -> EncodingError {
    .invalidValue(number, EncodingError.Context(codingPath: codingPath, debugDescription: "\(number) is no number of JSON"))
  }
}

private struct JSONMembersEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let place: JSONPlace
  let codingPath: [any CodingKey]

  private func member(_ key: any CodingKey) -> JSONPlaceEncoder {
    JSONPlaceEncoder(place: place.member(key.stringValue), codingPath: codingPath + [key])
  }

  func encodeNil(forKey key: Key) { member(key).encodeNil() }
  func encode(_ value: some Encodable, forKey key: Key) throws { try member(key).put(value) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    member(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { member(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { member(JSONKey("super")) }
  func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

private struct JSONElementsEncoder: UnkeyedEncodingContainer {
  let place: JSONPlace
  let codingPath: [any CodingKey]
  var count: Int { place.count }

  private func element() -> JSONPlaceEncoder {
    let key = JSONKey(count)
    return JSONPlaceEncoder(place: place.element(), codingPath: codingPath + [key])
  }

  func encodeNil() { element().encodeNil() }
  func encode(_ value: some Encodable) throws { try element().put(value) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    element().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { element().unkeyedContainer() }
  func superEncoder() -> any Encoder { element() }
}

/// A step of a path: the name of a member, or the index of an element.
struct JSONKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ index: Int) {
    stringValue = "\(index)"
    intValue = index
  }

  init(_ name: String) {
    stringValue = name
    intValue = nil
  }

  init(stringValue: String) { self.init(stringValue) }
  init(intValue: Int) { self.init(intValue) }
}
