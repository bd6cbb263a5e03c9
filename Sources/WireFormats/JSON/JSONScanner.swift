/// The grammar of JSON (RFC 8259) below arrays and objects: blanks, strings, numbers and words. It walks over bytes and builds nothing;
/// the parser of trees and the reader of log lines are made of it.
struct JSONScanner {
  let bytes: UnsafeRawBufferPointer
  var position: Int

  var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  func error(_ kind: JSONError.Kind) -> JSONError { JSONError(offset: min(position, bytes.count), kind: kind) }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
      default: return
      }
    }
  }

  /// Skips blanks and takes one byte if it is this one.
  mutating func take(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard byte == wanted else { return false }
    position += 1
    return true
  }

  mutating func word(_ text: StaticString) throws(JSONError) {
    let length = text.utf8CodeUnitCount
    guard bytes.count - position >= length else { throw error(.misspelt) }
    for index in 0..<length where bytes[position + index] != text.utf8Start[index] { throw error(.misspelt) }
    position += length
  }

  /// Walks over a number; `isWhole` says that it has neither fraction nor exponent.
  mutating func number() throws(JSONError) -> (range: Range<Int>, isWhole: Bool) {
    let start = position
    var isWhole = true
    if byte == UInt8(ascii: "-") { position += 1 }
    guard let first = byte, first &- 0x30 < 10 else { throw error(.misspelt) }
    skipDigits()
    if first == 0x30, position - start > (bytes[start] == 0x30 ? 1 : 2) {
      position = start
      throw error(.leadingZero)
    }
    if byte == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      guard skipDigits() > 0 else { throw error(.noDigit) }
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw error(.noDigit) }
    }
    return (start..<position, isWhole)
  }

  @discardableResult
  private mutating func skipDigits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position &+= 1 }
    return position - start
  }
}
