/// A value read from a log line.
package enum FieldValue: Hashable, Sendable {
  case text(String)
  case number(Double)
  case flag(Bool)

  /// As text; a whole number without a fraction.
  package var text: String {
    switch self {
    case .text(let text): text
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .flag(let flag): flag ? "true" : "false"
    }
  }

  /// As a finite number; nil where it is none.
  package var number: Double? {
    switch self {
    case .number(let number): return number.isFinite ? number : nil
    case .text(let text): return Self.number(in: text)
    case .flag: return nil
    }
  }

  /// As a whole number; nil where it is none or does not fit.
  package var integer: Int? { number.flatMap(Int.init(exactly:)) }

  /// As yes or no.
  package var flag: Bool? {
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
  package static func number(in text: String) -> Double? {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 64, bytes.allSatisfy({ byte in isNumberByte(byte) }) else { return nil }
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A decimal number that is all of these bytes.
  package static func number(in bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard (1...64).contains(bytes.count) else { return nil }
    // Up to 15 digits and a point: mantissa and power of ten are exact, so that one division rounds right (Clinger 1990).
    var mantissa: UInt64 = 0
    var digits = 0
    var decimals: Int?
    for (index, byte) in bytes.enumerated() {
      if isDigit(byte), digits < 15 {
        mantissa = mantissa * 10 + UInt64(byte - 0x30)
        digits += 1
        decimals = decimals.map { $0 + 1 }
      } else if byte == 0x2e, decimals == nil, digits > 0 {
        decimals = 0
      } else if byte == 0x2d, index == 0 {
        continue
      } else {
        return number(in: String(decoding: bytes, as: UTF8.self))
      }
    }
    guard digits > 0, decimals != 0 else { return number(in: String(decoding: bytes, as: UTF8.self)) }
    let value = Double(mantissa) / powersOfTen[decimals ?? 0]
    return bytes[0] == 0x2d ? -value : value
  }

  private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Whether a byte can stand in a number.
  package static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
