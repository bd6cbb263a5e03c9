import Events

extension TemplatePattern {
  /// How many places in a line are tried at most: a bound that keeps a hostile line from costing its length squared.
  static let maximumTries = 16

  /// The first place where the pattern matches; nil where it does not.
  /// - Parameter line: the message, as bytes.
  func firstMatch(in line: UnsafeBufferPointer<UInt8>) -> [(name: String, value: FieldValue)]? {
    var start = 0
    for _ in 0..<Self.maximumTries {
      if case .literal(let first)? = pieces.first {
        guard let found = find(first, in: line, from: start) else { return nil }
        start = found
      }
      if let captures = match(line, at: start) { return captures }
      // A pattern that begins with a field is tried where the line begins, and nowhere else.
      guard case .literal? = pieces.first else { return nil }
      start += 1
    }
    return nil
  }

  private func match(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> [(name: String, value: FieldValue)]? {
    var position = start
    var captures: [(name: String, value: FieldValue)] = []
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .literal(let bytes):
        guard starts(line, at: position, with: bytes) else { return nil }
        position += bytes.count
      case .field(let name, let type):
        var next: [UInt8]?
        if index + 1 < pieces.count, case .literal(let bytes) = pieces[index + 1] { next = bytes }
        guard let end = end(of: type, in: line, from: position, next: next),
          let value = Self.value(of: type, UnsafeBufferPointer(rebasing: line[position..<end]))
        else { return nil }
        captures.append((name, value))
        position = end
      }
    }
    return captures
  }

  private func end(of type: FieldType, in line: UnsafeBufferPointer<UInt8>, from start: Int, next: [UInt8]?) -> Int? {
    switch type {
    case .text:
      guard let next else { return line.count }
      return find(next, in: line, from: start)
    case .word:
      var end = start
      while end < line.count, !isSpace(line[end]) {
        if let next, end > start, starts(line, at: end, with: next) { break }
        end += 1
      }
      return end > start ? end : nil
    case .int, .number, .seconds, .milliseconds:
      var end = start
      // Longer runs are no numbers; the bound keeps a line of digits cheap.
      while end < line.count, end - start <= 64 {
        let byte = line[end]
        guard isDigit(byte) || byte == 0x2d || byte == 0x2b || (type != .int && FieldValue.isNumberByte(byte)) else { break }
        end += 1
      }
      // "1.5." at the end of a sentence: the dot is not part of the number.
      while end > start, !isDigit(line[end - 1]) { end -= 1 }
      if next == nil, end < line.count, isWordByte(line[end]) { return nil }
      return end > start ? end : nil
    case .uuid: return start + 36 <= line.count ? start + 36 : nil
    case .bool:
      var end = start
      while end < line.count, end - start < 6, isWordByte(line[end]) { end += 1 }
      return end > start ? end : nil
    }
  }

  private static func value(of type: FieldType, _ bytes: UnsafeBufferPointer<UInt8>) -> FieldValue? {
    switch type {
    case .text, .word: return .text(String(decoding: bytes, as: UTF8.self))
    case .int, .number, .seconds, .milliseconds:
      guard let number = FieldValue.number(in: bytes) else { return nil }
      if type == .int, Int(exactly: number) == nil { return nil }
      if type == .seconds || type == .milliseconds, number < 0 { return nil }
      return .number(number)
    case .uuid:
      for (index, byte) in bytes.enumerated() {
        let isDash = index == 8 || index == 13 || index == 18 || index == 23
        guard isDash ? byte == 0x2d : isDigit(byte) || asciiLowercase(byte) &- 0x61 < 6 else { return nil }
      }
      return .text(String(decoding: bytes, as: UTF8.self))
    case .bool: return FieldValue.text(String(decoding: bytes, as: UTF8.self)).flag.map(FieldValue.flag)
    }
  }

  private func starts(_ line: UnsafeBufferPointer<UInt8>, at position: Int, with literal: [UInt8]) -> Bool {
    guard position + literal.count <= line.count else { return false }
    for offset in 0..<literal.count {
      let byte = line[position + offset]
      guard (ignoresCase ? asciiLowercase(byte) : byte) == literal[offset] else { return false }
    }
    return true
  }

  private func find(_ literal: [UInt8], in line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard start + literal.count <= line.count else { return nil }
    for position in start...(line.count - literal.count) where starts(line, at: position, with: literal) { return position }
    return nil
  }
}
