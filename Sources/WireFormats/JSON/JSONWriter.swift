/// Writes JSON piece by piece, members in the order in which they come, commas where they belong.
///
/// What it writes is always one valid document as long as every value inside an object comes by `field`.
package struct JSONWriter: Sendable {
  /// What strings look like, and whether lines are broken.
  package struct Formatting: Sendable, Hashable {
    /// Writes `<`, `>`, `&`, U+2028 and U+2029 as escapes and DEL as it is, as Go's `encoding/json` does; else DEL as an escape.
    package var escapesLikeGo = false
    /// One member or element a line, indented by two blanks, a blank on both sides of a colon.
    package var isIndented = false

    /// No blanks, one line.
    package static let compact = Formatting()
    /// As Go's `encoding/json` writes.
    package static let go = Formatting(escapesLikeGo: true)
    /// For people.
    package static let indented = Formatting(isIndented: true)
  }

  /// What has been written, in UTF-8.
  package private(set) var bytes: [UInt8] = []
  let style: Formatting
  /// Whether something stands before what comes next in the same array or object.
  private var needsComma = false
  /// Whether a name was written that waits for its value.
  private var awaitsValue = false
  private var depth = 0

  /// A writer with nothing written.
  /// - Parameter prefix: what stands before the document, as it is.
  package init(_ style: Formatting = .compact, after prefix: String = "") {
    self.style = style
    bytes = Array(prefix.utf8)
  }

  /// What has been written, as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// An array; the closure writes its elements.
  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  /// An object; the closure writes its members with `field`.
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  /// A member whose value the closure writes, exactly one.
  package mutating func field(_ name: String, _ body: (inout JSONWriter) -> Void) {
    begin()
    bytes.appendJSON(name, style)
    bytes.append(contentsOf: style.isIndented ? [0x20, 0x3A, 0x20] : [0x3A])
    awaitsValue = true
    body(&self)
  }

  /// A member that is a string.
  package mutating func field(_ name: String, _ text: String) { field(name) { $0.string(text) } }

  /// A member. What is nested deeper than `JSONValue.maxDepth` is written as `null`.
  package mutating func field(_ name: String, _ value: JSONValue) { field(name) { $0.value(value) } }

  /// A string on its own, or as an element.
  package mutating func string(_ text: String) {
    begin()
    bytes.appendJSON(text, style)
    needsComma = true
  }

  /// A number, `true`, `false` or `null` that is JSON already, on its own or as an element.
  package mutating func literal(_ json: String) {
    begin()
    bytes.append(contentsOf: json.utf8)
    needsComma = true
  }

  /// A value on its own, or as an element; keys of objects sorted. What is nested deeper than `JSONValue.maxDepth` is written as `null`.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .array where depth >= JSONValue.maxDepth, .object where depth >= JSONValue.maxDepth: literal("null")
    case .null: literal("null")
    case .bool(let flag): literal(flag ? "true" : "false")
    case .integer(let number): literal(String(number))
    case .unsigned(let number): literal(String(number))
    case .number(let number): literal(number.isFinite ? number.description : "null")
    case .string(let text): string(text)
    case .binary(let attachment):
      begin()
      bytes.append(0x22)
      bytes.append(contentsOf: Base64.encode(attachment))
      bytes.append(0x22)
      needsComma = true
    case .array(let elements): array { writer in for element in elements { writer.value(element) } }
    case .object(let members):
      object { writer in for key in members.keys.sorted() { writer.field(key, members[key] ?? .null) } }
    }
  }

  private mutating func nested(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
    begin()
    bytes.append(open)
    needsComma = false
    depth += 1
    body(&self)
    depth -= 1
    if style.isIndented {
      // An empty one has an empty line between its ends, as Foundation writes it.
      if !needsComma { bytes.append(0x0A) }
      newLine()
    }
    bytes.append(close)
    needsComma = true
  }

  private mutating func begin() {
    if awaitsValue {
      awaitsValue = false
      return
    }
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    if style.isIndented, depth > 0 { newLine() }
  }

  private mutating func newLine() {
    bytes.append(0x0A)
    for _ in 0..<(2 * depth) { bytes.append(0x20) }
  }
}
