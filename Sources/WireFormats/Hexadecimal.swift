/// Hexadecimal digits.
package enum Hexadecimal {
  /// The value of a digit in ASCII, large or small letters; nil for any other byte.
  package static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// A number in small digits, filled up with zeros to so many.
  package static func text(_ value: some FixedWidthInteger & UnsignedInteger, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
