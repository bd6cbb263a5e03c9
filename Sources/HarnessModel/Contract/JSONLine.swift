/// The members of one JSON object in a log line, read without building a tree.
///
/// A strict reader (RFC 8259) for one object that is the whole line. Members of nested objects are there under their
/// dotted path, `error.code`; the contents of arrays are checked and left out.
struct JSONLine: Sendable {
  /// Why a line is not a JSON object, and at which byte, from 1.
  struct Mistake: Error, Hashable, Sendable {
    let position: Int
    let message: String
  }

  /// A member: where its name and its value stand.
  struct Member: Sendable {
    enum Kind: Sendable { case string, number, yes, no, null }
    /// The path of the object it is in with a dot at its end; empty for the line's own object.
    let parent: [UInt8]
    /// Its name, between the quotes.
    let name: Range<Int>
    let kind: Kind
    /// Its value; of a string, what is between the quotes.
    let range: Range<Int>

    /// Whether it has this dotted path; a name with escapes is nobody's field.
    func has(_ path: String, in line: UnsafeBufferPointer<UInt8>) -> Bool {
      let bytes = path.utf8
      // Lengths differ far more often than letters: a look at them is what most members cost.
      guard bytes.count == parent.count + name.count else { return false }
      return bytes.starts(with: parent) && bytes.dropFirst(parent.count).elementsEqual(line[name])
    }
  }

  /// How deep objects and arrays may lie in each other.
  static let maximumDepth = 64
  /// How many members are kept; more are checked and left out.
  static let maximumMembers = 256

  private(set) var members: [Member] = []

  /// Reads a line.
  init(_ line: UnsafeBufferPointer<UInt8>) throws(Mistake) {
    var reader = Reader(line: line)
    reader.members.reserveCapacity(12)
    try reader.readDocument()
    members = reader.members
  }

  /// The last member of a name; nil where there is none or it is null.
  func value(_ path: String, in line: UnsafeBufferPointer<UInt8>) -> FieldValue? {
    guard let member = members.last(where: { $0.has(path, in: line) }) else { return nil }
    return Self.value(of: member, in: line)
  }

  static func value(of member: Member, in line: UnsafeBufferPointer<UInt8>) -> FieldValue? {
    let bytes = UnsafeBufferPointer(rebasing: line[member.range])
    switch member.kind {
    case .string:
      return .text(bytes.contains(0x5c) ? String(decoding: unescape(bytes), as: UTF8.self) : String(decoding: bytes, as: UTF8.self))
    case .number: return FieldValue.number(in: bytes).map(FieldValue.number)
    case .yes: return .flag(true)
    case .no: return .flag(false)
    case .null: return nil
    }
  }

  /// The text of a string's inside; a lone surrogate becomes U+FFFD.
  static func unescape(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard bytes.contains(0x5c) else { return Array(bytes) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == 0x5c, index + 1 < bytes.count else {
        result.append(byte)
        index += 1
        continue
      }
      let escape = bytes[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "n"): result.append(0x0a)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0d)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0c)
      case UInt8(ascii: "u"):
        var scalar = hex4(bytes, at: index)
        index = min(index + 4, bytes.count)
        if (0xd800..<0xdc00).contains(scalar), index + 6 <= bytes.count, bytes[index] == 0x5c, bytes[index + 1] == UInt8(ascii: "u") {
          let low = hex4(bytes, at: index + 2)
          if (0xdc00..<0xe000).contains(low) {
            scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
            index += 6
          }
        }
        result.append(contentsOf: Array(String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8))
      default: result.append(escape)
      }
    }
    return result
  }

  private static func hex4(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in start..<(start + 4) {
      guard index < bytes.count, let digit = hexDigit(bytes[index]) else { return 0xfffd }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

func hexDigit(_ byte: UInt8) -> UInt8? {
  if isDigit(byte) { return byte - 0x30 }
  let lower = asciiLowercase(byte)
  return lower &- 0x61 < 6 ? lower - 0x61 + 10 : nil
}
