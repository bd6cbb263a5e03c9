extension JSONValue {
  /// The deepest nesting of arrays and objects that is read or written.
  package static let maxDepth = 128

  /// Reads one JSON document (RFC 8259, strict: nothing may follow it).
  /// - Throws: `JSONError` for bad syntax, invalid UTF-8, nesting deeper than `maxDepth` and numbers out of range.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    try parse(bytes, from: 0)
  }

  /// Reads one JSON document from text. Errors as for `parse(_:)` of bytes.
  package static func parse(_ text: String) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), from: 0)
  }

  /// Reads one JSON document of a service or a tool, also behind a byte order mark; nil for anything else.
  package init?(parsing bytes: [UInt8]) {
    guard let value = try? Self.parse(bytes, from: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0) else { return nil }
    self = value
  }

  /// Reads the JSON document that begins at an offset and takes all bytes from there.
  package static func parse(_ bytes: [UInt8], from offset: Int) throws(JSONError) -> JSONValue {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(JSONError) -> JSONValue in try parse(buffer, from: offset) }
    }
    return try result.get()
  }

  /// The same. The bytes must stay valid for the call only.
  package static func parse(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) throws(JSONError) -> JSONValue {
    var parser = JSONParser(scanner: JSONScanner(bytes: bytes, position: offset))
    let value = try parser.value(depth: 0)
    parser.scanner.skipSpace()
    guard parser.scanner.position == bytes.count else { throw parser.scanner.error(.trailing(afterObject: false)) }
    return value
  }
}

/// Builds trees.
struct JSONParser {
  var scanner: JSONScanner

  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    scanner.skipSpace()
    switch scanner.byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "t"):
      try scanner.word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try scanner.word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try scanner.word("null")
      return .null
    case nil: throw scanner.error(.noValue)
    default: return try number()
    }
  }

  private mutating func enter(_ depth: Int) throws(JSONError) {
    guard depth < JSONValue.maxDepth else { throw scanner.error(.tooDeep(limit: JSONValue.maxDepth)) }
    scanner.position += 1
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    try enter(depth)
    var elements: [JSONValue] = []
    if scanner.take(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
    } while scanner.take(UInt8(ascii: ","))
    try leave(UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    try enter(depth)
    var members: [String: JSONValue] = [:]
    if scanner.take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      scanner.skipSpace()
      guard scanner.byte == UInt8(ascii: "\"") else { throw scanner.error(.noName) }
      let key = try string()
      guard scanner.take(UInt8(ascii: ":")) else { throw scanner.error(.noColon) }
      members[key] = try value(depth: depth + 1)
    } while scanner.take(UInt8(ascii: ","))
    try leave(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func leave(_ end: UInt8) throws(JSONError) {
    guard scanner.take(end) else {
      throw scanner.error(scanner.byte == nil ? .unclosed : .noComma(inList: end == UInt8(ascii: "]")))
    }
  }

  private mutating func string() throws(JSONError) -> String {
    let (inside, hasEscapes) = try scanner.string()
    let run = UnsafeRawBufferPointer(rebasing: scanner.bytes[inside])
    let text =
      hasEscapes
      ? String(validating: JSONScanner.unescape(run), as: UTF8.self)
      : run.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) }
    guard let text else { throw JSONError(offset: inside.lowerBound, kind: .notUTF8) }
    return text
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let (range, isWhole) = try scanner.number()
    // The grammar is checked above, so that the library's hexadecimal and "nan" forms never get here.
    let text = String(decoding: scanner.bytes[range], as: UTF8.self)
    if isWhole, text != "-0" {
      if let whole = Int64(text) { return .integer(whole) }
      if let whole = UInt64(text) { return .unsigned(whole) }
    }
    guard let value = Double(text), value.isFinite else { throw JSONError(offset: range.lowerBound, kind: .outOfRange) }
    return .number(value)
  }
}
