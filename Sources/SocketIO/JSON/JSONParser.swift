/// Why a text is not JSON: the byte offset and one clause.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  /// Offset of the offending byte, from 0.
  public let offset: Int
  /// What is wrong there.
  public let reason: String

  /// One sentence.
  public var description: String { "invalid JSON at byte \(offset): \(reason)" }
}

extension JSONValue {
  /// The deepest nesting of arrays and objects that is read or written.
  public static let maxDepth = 128

  /// Reads one JSON document (RFC 8259, strict: nothing may follow it).
  /// - Throws: `JSONError` for bad syntax, invalid UTF-8, nesting deeper than `maxDepth` and numbers out of range.
  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    try parse(bytes, from: 0)
  }

  /// Reads one JSON document from text. Errors as for `parse(_:)` of bytes.
  public static func parse(_ text: String) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), from: 0)
  }

  static func parse(_ bytes: [UInt8], from offset: Int) throws(JSONError) -> JSONValue {
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(JSONError) -> JSONValue in try parse(UnsafeRawBufferPointer(buffer), from: offset) }
    }
    return try result.get()
  }

  /// The bytes must stay valid for the call only.
  static func parse(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes, position: offset)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw JSONError(offset: parser.position, reason: "text after the document") }
    return value
  }
}

struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  var position: Int

  func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

  var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let first? where first == UInt8(ascii: "-") || (0x30...0x39).contains(first): return try number()
    case nil: throw error("the text ends where a value should be")
    default: throw error("no value starts like this")
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let length = text.utf8CodeUnitCount
    guard bytes.count - position >= length else { throw error("no value starts like this") }
    for index in 0..<length where bytes[position + index] != text.utf8Start[index] {
      throw error("no value starts like this")
    }
    position += length
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < JSONValue.maxDepth else { throw error("nested deeper than \(JSONValue.maxDepth)") }
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if byte == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      switch byte {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "]"):
        position += 1
        return .array(elements)
      default: throw error("expected , or ]")
      }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < JSONValue.maxDepth else { throw error("nested deeper than \(JSONValue.maxDepth)") }
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if byte == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
      let key = try string()
      skipSpace()
      guard byte == UInt8(ascii: ":") else { throw error("expected : after the key") }
      position += 1
      members[key] = try value(depth: depth + 1)
      skipSpace()
      switch byte {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "}"):
        position += 1
        return .object(members)
      default: throw error("expected , or }")
      }
    }
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte, byte >= 0x30, byte <= 0x39 { position += 1 }
    guard position > start else { throw error("expected a digit") }
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    var isWhole = true
    if byte == UInt8(ascii: "-") { position += 1 }
    if byte == UInt8(ascii: "0") {
      position += 1
      if let byte, byte >= 0x30, byte <= 0x39 { throw error("a number has no leading zero") }
    } else {
      try digits()
    }
    if byte == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try digits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    // The grammar is checked above, so that the library's hexadecimal and "nan" forms never get here.
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let whole = Int64(text), text != "-0" { return .integer(whole) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(offset: start, reason: "number out of range")
    }
    return .number(value)
  }
}
