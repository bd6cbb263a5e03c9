extension JSONLine {
  /// Walks over a line once, without recursion.
  struct Reader {
    var members: [Member] = []
    private var scanner: JSONScanner
    /// The containers around the position: an object with the path of its members, or an array (nil).
    private var open: [[UInt8]?] = []
    /// How many of them are arrays.
    private var arrays = 0

    init(_ line: UnsafeBufferPointer<UInt8>) {
      scanner = JSONScanner(bytes: UnsafeRawBufferPointer(line), position: 0)
      members.reserveCapacity(12)
    }

    mutating func readDocument() throws(JSONError) {
      guard scanner.take(UInt8(ascii: "{")) else { throw scanner.error(.noObject) }
      open = [[]]
      try readMemberOrEnd(first: true)
      while !open.isEmpty { try readNext() }
      scanner.skipSpace()
      if scanner.byte != nil { throw scanner.error(.trailing(afterObject: true)) }
    }

    /// After a value: a comma and what follows it, or the end of the innermost container.
    private mutating func readNext() throws(JSONError) {
      scanner.skipSpace()
      guard let container = open.last, let byte = scanner.byte else { throw scanner.error(.unclosed) }
      if byte == UInt8(ascii: ",") {
        scanner.position += 1
        if container == nil { try readValue(name: nil) } else { try readMemberOrEnd(first: false) }
      } else if byte == (container == nil ? UInt8(ascii: "]") : UInt8(ascii: "}")) {
        scanner.position += 1
        leave()
      } else {
        throw scanner.error(.noComma(inList: container == nil))
      }
    }

    private mutating func readMemberOrEnd(first: Bool) throws(JSONError) {
      scanner.skipSpace()
      if first, scanner.byte == UInt8(ascii: "}") {
        scanner.position += 1
        leave()
        return
      }
      guard scanner.byte == UInt8(ascii: "\"") else { throw scanner.error(.noName) }
      let key = try scanner.string().inside
      guard scanner.take(UInt8(ascii: ":")) else { throw scanner.error(.noColon) }
      // What is inside arrays has no path; over-long ones are nobody's fields.
      try readValue(name: arrays == 0 && key.count <= 256 ? key : nil)
    }

    private mutating func readValue(name: Range<Int>?) throws(JSONError) {
      scanner.skipSpace()
      guard let byte = scanner.byte else { throw scanner.error(.noValue) }
      let start = scanner.position
      switch byte {
      case UInt8(ascii: "\""):
        let (inside, hasEscapes) = try scanner.string()
        add(name, .string, inside, hasEscapes: hasEscapes)
      case UInt8(ascii: "{"):
        try enter(name.map(path) ?? [])
        try readMemberOrEnd(first: true)
      case UInt8(ascii: "["):
        try enter(nil)
        if scanner.take(UInt8(ascii: "]")) { leave() } else { try readValue(name: nil) }
      case UInt8(ascii: "t"):
        try scanner.word("true")
        add(name, .yes, start..<scanner.position)
      case UInt8(ascii: "f"):
        try scanner.word("false")
        add(name, .no, start..<scanner.position)
      case UInt8(ascii: "n"):
        try scanner.word("null")
        add(name, .null, start..<scanner.position)
      default: add(name, .number, try scanner.number().range)
      }
    }

    /// The path of the members of an object of this name.
    private func path(_ name: Range<Int>) -> [UInt8] {
      let outer = (open.last ?? nil) ?? []
      // A path that long is nobody's field.
      return outer.count > 512 ? outer : outer + scanner.bytes[name] + [UInt8(ascii: ".")]
    }

    private mutating func enter(_ container: [UInt8]?) throws(JSONError) {
      guard open.count < JSONLine.maximumDepth else { throw scanner.error(.tooDeep(limit: JSONLine.maximumDepth)) }
      scanner.position += 1
      open.append(container)
      if container == nil { arrays += 1 }
    }

    private mutating func leave() {
      if let container = open.popLast(), container == nil { arrays -= 1 }
    }

    private mutating func add(_ name: Range<Int>?, _ kind: Member.Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
      guard let name, members.count < JSONLine.maximumMembers else { return }
      members.append(Member(parent: (open.last ?? nil) ?? [], name: name, kind: kind, range: range, hasEscapes: hasEscapes))
    }
  }
}
