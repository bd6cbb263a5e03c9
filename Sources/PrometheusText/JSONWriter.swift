/// Writes JSON as Go's `encoding/json` does: no blanks, `<`, `>`, `&`, U+2028 and U+2029 escaped.
struct JSONWriter {
  private(set) var text = ""
  private var needsComma = false

  mutating func array(_ body: (inout JSONWriter) -> Void) {
    nested("[", "]", body)
  }

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    nested("{", "}", body)
  }

  mutating func field(_ name: String, _ value: String) {
    key(name)
    string(value)
    needsComma = true
  }

  mutating func field(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    needsComma = false
    body(&self)
    needsComma = true
  }

  /// A map of strings, sorted by the bytes of its keys; of entries with the same key the last counts.
  mutating func map(_ name: String, _ entries: [(String, String)]) {
    var latest: [NameBytes: String] = [:]
    for (key, value) in entries { latest[NameBytes(key)] = value }
    field(name) {
      $0.object {
        for (key, value) in latest.sorted(by: { $0.key.text.precedesByBytes($1.key.text) }) { $0.field(key.text, value) }
      }
    }
  }

  private mutating func nested(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
    if needsComma { text += "," }
    text += open
    needsComma = false
    body(&self)
    text += close
    needsComma = true
  }

  private mutating func key(_ name: String) {
    if needsComma { text += "," }
    string(name)
    text += ":"
  }

  private mutating func string(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{08}": text += "\\b"
      case "\u{0C}": text += "\\f"
      case "<", ">", "&", "\u{2028}", "\u{2029}": escape(scalar)
      case _ where scalar.value < 0x20: escape(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    let digits = String(scalar.value, radix: 16)
    text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
