import Events
import WireFormats

/// Reads entries of `journalctl -o export`, a field a line and a blank line between two entries (systemd, JOURNAL_EXPORT_FORMATS).
///
/// A field that is not plain text is its name alone, and in the next line eight bytes of its length before its bytes. By then a line is text
/// already, so that the length is told by its noughts: it is below 64 KiB, as no longer line of a log is read.
struct JournalExport: Sendable {
  /// What one line is.
  enum Part {
    /// A field that says nothing of the message, or more lines of one.
    case field
    /// What was logged, from this byte of the line on.
    case message(from: Int)
  }

  /// When the entry was taken in, in seconds since 1970.
  private(set) var time: Double?
  /// How grave its sender says it is.
  private(set) var level: LogLevel?
  /// Whether an entry has begun and not ended.
  private(set) var isOpen = false
  /// Whose bytes come in the next line.
  private var awaited: [UInt8] = []
  /// Whether the lines of a message go on.
  private var isInMessage = false

  private static let first = ["__CURSOR=", "__REALTIME_TIMESTAMP="].map { Array($0.utf8) }
  private static let message = Array("MESSAGE".utf8)

  /// Takes in a line; nil where it is of no entry.
  mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Part? {
    if !isOpen {
      guard Self.first.contains(where: { line.starts(with: $0) }) else { return nil }
      self = JournalExport()
      isOpen = true
    }
    if !awaited.isEmpty { return takeBytes(line) }
    if line.isEmpty {
      isOpen = false
      return .field
    }
    let end = line.firstIndex { !isFieldName($0) } ?? line.endIndex
    if end > 0, end < line.endIndex, line[end] == UInt8(ascii: "=") { return take(line, named: line[..<end], from: end + 1) }
    // Between two lines of a message a word alone is one of it.
    if end == line.endIndex, !isInMessage { awaited = Array(line) }
    return .field
  }

  private mutating func take(
    _ line: UnsafeBufferPointer<UInt8>, named name: Slice<UnsafeBufferPointer<UInt8>>, from start: Int
  ) -> Part {
    isInMessage = false
    if name.elementsEqual(Self.message) { return .message(from: start) }
    func number() -> Double? { FieldValue.number(in: String(decoding: line[start...], as: UTF8.self)) }
    switch String(decoding: name, as: UTF8.self) {
    case "__REALTIME_TIMESTAMP": time = time ?? number().map { $0 / 1e6 }
    case "_SOURCE_REALTIME_TIMESTAMP": time = number().map { $0 / 1e6 } ?? time
    case "PRIORITY": level = number().flatMap { LogLevel(number: $0, scale: .syslog) }
    default: break
    }
    return .field
  }

  private mutating func takeBytes(_ line: UnsafeBufferPointer<UInt8>) -> Part {
    guard let start = Self.afterLength(line) else {
      // A byte of the length may be that of a line's end.
      if line.count > 1 { awaited = [] }
      return .field
    }
    isInMessage = awaited == Self.message
    awaited = []
    return isInMessage ? .message(from: start) : .field
  }

  /// Where the bytes of a field begin, behind the noughts of their length; nil where there is none.
  private static func afterLength(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
    var noughts = 0
    for index in line.indices.prefix(16) {
      if line[index] == 0 {
        noughts += 1
      } else {
        if noughts >= 5 { return index }
        noughts = 0
      }
    }
    return noughts >= 5 && line.count <= 16 ? line.count : nil
  }
}

private func isFieldName(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 || isDigit(byte) || byte == 0x5f }
