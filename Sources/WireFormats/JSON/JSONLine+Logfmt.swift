extension JSONLine {
  /// Reads a line of logfmt, `time=… level=info msg="fragment sent" seq=4`, in place of what was read before.
  ///
  /// Every word of the line has to be a pair; a name consists of letters, digits and `_ - . @ /`. A value in quotes may hold the escapes of
  /// JSON; a bare word of digits is a number, `true` and `false` are what they say. The format is that of Go's `log/slog` and of logrus.
  /// - Returns: whether it is such a line; where it is not, nothing is kept.
  package mutating func read(logfmt line: UnsafeBufferPointer<UInt8>) -> Bool {
    empty()
    var position = 0
    while true {
      while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
      guard position < line.count else { break }
      guard let pair = Self.pair(line, at: position) else {
        empty()
        return false
      }
      if members.count < Self.maximumMembers { members.append(pair.member) }
      position = pair.end
    }
    return !members.isEmpty
  }

  private static func pair(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> (member: Member, end: Int)? {
    var position = start
    while position < line.count, isName(line[position]) { position += 1 }
    guard position > start, position - start <= 256, position < line.count, line[position] == 0x3D else { return nil }
    let name = start..<position
    position += 1
    if position < line.count, line[position] == 0x22 {
      let first = position + 1
      var hasEscapes = false
      position = first
      while position < line.count, line[position] != 0x22 {
        if line[position] == 0x5C {
          hasEscapes = true
          position += 1
        }
        position += 1
      }
      guard position < line.count else { return nil }
      return (Member(object: 0, name: name, kind: .string, range: first..<position, hasEscapes: hasEscapes), position + 1)
    }
    let first = position
    while position < line.count, line[position] != 0x20, line[position] != 0x09 {
      if line[position] == 0x22 { return nil }
      position += 1
    }
    return (Member(object: 0, name: name, kind: kind(line[first..<position]), range: first..<position, hasEscapes: false), position)
  }

  private static func kind(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Member.Kind {
    if word.elementsEqual("true".utf8) { return .yes }
    if word.elementsEqual("false".utf8) { return .no }
    var scanner = JSONScanner(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: word)), position: 0)
    guard let number = try? scanner.number(), number.range.count == word.count else { return .string }
    return .number
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
