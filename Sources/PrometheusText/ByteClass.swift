/// The byte classes of both formats' grammars.
enum ByteClass {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let comma = UInt8(ascii: ",")
  static let equals = UInt8(ascii: "=")
  static let hash = UInt8(ascii: "#")

  @inline(__always) static func isBlank(_ byte: UInt8) -> Bool {
    byte == space || byte == tab
  }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool {
    byte &- 48 <= 9
  }

  @inline(__always) static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 <= 25
  }

  /// `[a-zA-Z_:]`
  @inline(__always) static func isMetricNameStart(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == 0x5F || byte == 0x3A
  }

  /// `[a-zA-Z0-9_:]`, by a bit mask: one test per byte of a name is where a first scrape spends its time.
  @inline(__always) static func isMetricName(_ byte: UInt8) -> Bool {
    isIn(byte, low: 0x07FF_0000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
  }

  /// `[a-zA-Z_]`
  @inline(__always) static func isLabelNameStart(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == 0x5F
  }

  /// `[a-zA-Z0-9_]`
  @inline(__always) static func isLabelName(_ byte: UInt8) -> Bool {
    isIn(byte, low: 0x03FF_0000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
  }

  /// `low` holds the bits of bytes 0 to 63, `high` those of 64 to 127; bytes from 128 on are in no class.
  @inline(__always) private static func isIn(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
    let mask = byte & 0x40 == 0 ? low : high
    return byte < 0x80 && (mask &>> UInt64(byte & 0x3F)) & 1 == 1
  }
}
