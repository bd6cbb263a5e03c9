extension JSONLine {
  /// Walks over a line once, without recursion.
  struct Reader {
    let line: UnsafeBufferPointer<UInt8>
    var members: [Member] = []
    private var position = 0
    /// The containers around the position: an object with the path of its members, or an array (nil).
    private var open: [[UInt8]?] = []
    /// How many of them are arrays.
    private var arrays = 0

    init(line: UnsafeBufferPointer<UInt8>) { self.line = line }

    mutating func readDocument() throws(Mistake) {
      skipSpaces()
      guard peek == UInt8(ascii: "{") else { throw mistake("it does not begin with {") }
      position += 1
      open = [[]]
      try readMemberOrEnd(first: true)
      while !open.isEmpty { try readNext() }
      skipSpaces()
      if position < line.count { throw mistake("something follows the object") }
    }

    private var peek: UInt8? { position < line.count ? line[position] : nil }

    private func mistake(_ message: String) -> Mistake { Mistake(position: min(position, line.count) + 1, message: message) }

    private mutating func skipSpaces() {
      while position < line.count, line[position] == 0x20 || line[position] == 0x09 || line[position] == 0x0a || line[position] == 0x0d {
        position += 1
      }
    }

    /// After a value: a comma and what follows it, or the end of the innermost container.
    private mutating func readNext() throws(Mistake) {
      skipSpaces()
      guard let container = open.last, let byte = peek else { throw mistake("the line ends inside an object or a list") }
      if byte == UInt8(ascii: ",") {
        position += 1
        if container == nil { try readValue(name: nil) } else { try readMemberOrEnd(first: false) }
      } else if byte == (container == nil ? UInt8(ascii: "]") : UInt8(ascii: "}")) {
        position += 1
        leave()
      } else {
        throw mistake("a comma or the end of the \(container == nil ? "list" : "object") is missing")
      }
    }

    private mutating func readMemberOrEnd(first: Bool) throws(Mistake) {
      skipSpaces()
      if first, peek == UInt8(ascii: "}") {
        position += 1
        leave()
        return
      }
      guard peek == UInt8(ascii: "\"") else { throw mistake("a name in quotes is missing") }
      let key = try readString()
      skipSpaces()
      guard peek == UInt8(ascii: ":") else { throw mistake("a colon is missing after a name") }
      position += 1
      // What is inside arrays has no path; over-long ones are nobody's fields.
      try readValue(name: arrays == 0 && key.count <= 256 ? key : nil)
    }

    private mutating func readValue(name: Range<Int>?) throws(Mistake) {
      skipSpaces()
      guard let byte = peek else { throw mistake("a value is missing") }
      let start = position
      switch byte {
      case UInt8(ascii: "\""): add(name, .string, try readString())
      case UInt8(ascii: "{"):
        try enter(name.map(path) ?? [])
        try readMemberOrEnd(first: true)
      case UInt8(ascii: "["):
        try enter(nil)
        skipSpaces()
        if peek == UInt8(ascii: "]") {
          position += 1
          leave()
        } else {
          try readValue(name: nil)
        }
      case UInt8(ascii: "t"):
        try readWord("true")
        add(name, .yes, start..<position)
      case UInt8(ascii: "f"):
        try readWord("false")
        add(name, .no, start..<position)
      case UInt8(ascii: "n"):
        try readWord("null")
        add(name, .null, start..<position)
      default:
        try readNumber()
        add(name, .number, start..<position)
      }
    }

    /// The path of the members of an object of this name.
    private func path(_ name: Range<Int>) -> [UInt8] {
      let outer = (open.last ?? nil) ?? []
      // A path that long is nobody's field.
      return outer.count > 512 ? outer : outer + line[name] + [UInt8(ascii: ".")]
    }

    private mutating func enter(_ container: [UInt8]?) throws(Mistake) {
      guard open.count < JSONLine.maximumDepth else { throw mistake("it is nested deeper than \(JSONLine.maximumDepth)") }
      position += 1
      open.append(container)
      if container == nil { arrays += 1 }
    }

    private mutating func leave() {
      if let container = open.popLast(), container == nil { arrays -= 1 }
    }

    private mutating func add(_ name: Range<Int>?, _ kind: Member.Kind, _ range: Range<Int>) {
      guard let name, members.count < JSONLine.maximumMembers else { return }
      members.append(Member(parent: (open.last ?? nil) ?? [], name: name, kind: kind, range: range))
    }

    /// The inside of a string.
    private mutating func readString() throws(Mistake) -> Range<Int> {
      position += 1
      let start = position
      while position < line.count {
        let byte = line[position]
        if byte == UInt8(ascii: "\"") {
          position += 1
          return start..<(position - 1)
        }
        if byte < 0x20 { throw mistake("a control character stands in a string") }
        position += 1
        guard byte == 0x5c else { continue }
        guard let escape = peek else { break }
        position += 1
        switch escape {
        case UInt8(ascii: "\""), 0x5c, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
          UInt8(ascii: "t"):
          break
        case UInt8(ascii: "u"):
          for _ in 0..<4 {
            guard let byte = peek, hexDigit(byte) != nil else { throw mistake("\\u needs four hexadecimal digits") }
            position += 1
          }
        default: throw mistake("an unknown escape stands in a string")
        }
      }
      throw mistake("the line ends inside a string")
    }

    private mutating func readWord(_ word: StaticString) throws(Mistake) {
      let matches = word.withUTF8Buffer { bytes in
        position + bytes.count <= line.count && bytes.elementsEqual(line[position..<(position + bytes.count)])
      }
      guard matches else { throw mistake("a value is misspelt") }
      position += word.utf8CodeUnitCount
    }

    private mutating func readNumber() throws(Mistake) {
      if peek == UInt8(ascii: "-") { position += 1 }
      guard let first = peek, isDigit(first) else { throw mistake("a value is misspelt") }
      position += 1
      if first != UInt8(ascii: "0") { skipDigits() }
      if peek == UInt8(ascii: ".") {
        position += 1
        guard skipDigits() > 0 else { throw mistake("a digit is missing in a number") }
      }
      if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
        position += 1
        if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
        guard skipDigits() > 0 else { throw mistake("a digit is missing in a number") }
      }
    }

    @discardableResult
    private mutating func skipDigits() -> Int {
      let start = position
      while let byte = peek, isDigit(byte) { position += 1 }
      return position - start
    }
  }
}
