/// A value read from a log line.
enum FieldValue: Hashable, Sendable {
  case text(String)
  case number(Double)
  case flag(Bool)

  /// As text; a whole number without a fraction.
  var text: String {
    switch self {
    case .text(let text): text
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .flag(let flag): flag ? "true" : "false"
    }
  }

  /// As a finite number; nil where it is none.
  var number: Double? {
    switch self {
    case .number(let number): return number.isFinite ? number : nil
    case .text(let text): return Self.number(in: text)
    case .flag: return nil
    }
  }

  /// As a whole number; nil where it is none or does not fit.
  var integer: Int? { number.flatMap(Int.init(exactly:)) }

  /// As yes or no.
  var flag: Bool? {
    switch self {
    case .flag(let flag): return flag
    case .number(let number): return number == 1 ? true : number == 0 ? false : nil
    case .text(let text):
      switch text.lowercased() {
      case "true", "yes", "1": return true
      case "false", "no", "0": return false
      default: return nil
      }
    }
  }

  /// A decimal number that is the whole text. `Double(String)` would also take hexadecimal, "inf" and "nan".
  static func number(in text: String) -> Double? {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 64, bytes.allSatisfy({ byte in isNumberByte(byte) }) else { return nil }
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
