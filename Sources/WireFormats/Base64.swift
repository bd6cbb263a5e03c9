/// Base64 with the standard alphabet and padding (RFC 4648, section 4), for messages of many megabytes.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// 255 marks a byte that is not in the alphabet.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
    return table
  }()

  /// The bytes in base64, as ASCII codes.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { encode($0) }
  }

  /// The bytes in base64, as text.
  package static func text(_ bytes: [UInt8]) -> String { String(decoding: encode(bytes), as: UTF8.self) }

  /// The same; the bytes must stay valid for the call only.
  package static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let size = (bytes.count + 2) / 3 * 4
    return alphabet.withUnsafeBufferPointer { alphabet in
      [UInt8](unsafeUninitializedCapacity: size) { out, count in
        var read = 0
        var write = 0
        while read &+ 3 <= bytes.count {
          let word = UInt32(bytes[read]) << 16 | UInt32(bytes[read &+ 1]) << 8 | UInt32(bytes[read &+ 2])
          out[write] = alphabet[Int(word >> 18)]
          out[write &+ 1] = alphabet[Int(word >> 12 & 63)]
          out[write &+ 2] = alphabet[Int(word >> 6 & 63)]
          out[write &+ 3] = alphabet[Int(word & 63)]
          read &+= 3
          write &+= 4
        }
        let rest = bytes.count - read
        if rest > 0 {
          let word = UInt32(bytes[read]) << 16 | (rest == 2 ? UInt32(bytes[read + 1]) << 8 : 0)
          out[write] = alphabet[Int(word >> 18)]
          out[write + 1] = alphabet[Int(word >> 12 & 63)]
          out[write + 2] = rest == 2 ? alphabet[Int(word >> 6 & 63)] : UInt8(ascii: "=")
          out[write + 3] = UInt8(ascii: "=")
        }
        count = size
      }
    }
  }

  /// The bytes behind base64 text; `nil` when it is not canonical base64 (length, alphabet, padding).
  package static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
  }

  /// The same; the bytes must stay valid for the call only.
  package static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    guard text.count > 0 else { return [] }
    let padding = text[text.count - 1] != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
    let size = text.count / 4 * 3 - padding
    var isValid = true
    let bytes = values.withUnsafeBufferPointer { values in
      [UInt8](unsafeUninitializedCapacity: size) { out, count in
        var seen: UInt8 = 0
        var read = 0
        var write = 0
        let whole = padding == 0 ? text.count : text.count - 4
        while read < whole {
          let a = values[Int(text[read])]
          let b = values[Int(text[read &+ 1])]
          let c = values[Int(text[read &+ 2])]
          let d = values[Int(text[read &+ 3])]
          seen |= a | b | c | d
          let word = UInt32(a & 63) << 18 | UInt32(b & 63) << 12 | UInt32(c & 63) << 6 | UInt32(d & 63)
          out[write] = UInt8(truncatingIfNeeded: word >> 16)
          out[write &+ 1] = UInt8(truncatingIfNeeded: word >> 8)
          out[write &+ 2] = UInt8(truncatingIfNeeded: word)
          read &+= 4
          write &+= 3
        }
        if padding > 0 {
          let a = values[Int(text[read])]
          let b = values[Int(text[read + 1])]
          let c = padding == 1 ? values[Int(text[read + 2])] : 0
          seen |= a | b | c
          let word = UInt32(a & 63) << 18 | UInt32(b & 63) << 12 | UInt32(c & 63) << 6
          out[write] = UInt8(truncatingIfNeeded: word >> 16)
          if padding == 1 { out[write + 1] = UInt8(truncatingIfNeeded: word >> 8) }
          // Bits that no byte holds must be zero, else two texts would mean the same bytes.
          if word & (padding == 1 ? 0xFF : 0xFFFF) != 0 { isValid = false }
        }
        if seen > 63 { isValid = false }
        count = size
      }
    }
    return isValid ? bytes : nil
  }
}
