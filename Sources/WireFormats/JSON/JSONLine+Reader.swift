extension JSONLine {
  /// Walks over a line once, without recursion.
  struct Reader {
    var line: JSONLine
    private var scanner: JSONScanner
    /// The containers around the position: an object by its index, or an array.
    private var open: [Int] = []
    /// How many of them are arrays.
    private var arrays = 0

    private static let array = -1

    init(_ bytes: UnsafeBufferPointer<UInt8>, filling line: consuming JSONLine) {
      scanner = JSONScanner(bytes: UnsafeRawBufferPointer(bytes), position: 0)
      self.line = line
      self.line.members.reserveCapacity(12)
      open.reserveCapacity(8)
    }

    mutating func readDocument() throws(JSONError) {
      guard scanner.take(UInt8(ascii: "{")) else { throw scanner.error(.noObject) }
      open.append(0)
      try readMemberOrEnd(first: true)
      while !open.isEmpty { try readNext() }
      scanner.skipSpace()
      if scanner.byte != nil { throw scanner.error(.trailing(afterObject: true)) }
    }

    /// After a value: a comma and what follows it, or the end of the innermost container.
    private mutating func readNext() throws(JSONError) {
      scanner.skipSpace()
      guard let container = open.last, let byte = scanner.byte else { throw scanner.error(.unclosed) }
      let isList = container == Self.array
      if byte == UInt8(ascii: ",") {
        scanner.position += 1
        if isList { try readValue(name: nil) } else { try readMemberOrEnd(first: false) }
      } else if byte == (isList ? UInt8(ascii: "]") : UInt8(ascii: "}")) {
        scanner.position += 1
        leave()
      } else {
        throw scanner.error(.noComma(inList: isList))
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
        try enter(object(name))
        try readMemberOrEnd(first: true)
      case UInt8(ascii: "["):
        try enter(Self.array)
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

    /// The index of an object of this name; what has no name is in an array, and its members are nobody's.
    private mutating func object(_ name: Range<Int>?) -> Int {
      guard let name, let parent = open.last, parent >= 0, line.objects.count < JSONLine.maximumMembers else {
        return max(0, open.last ?? 0)
      }
      let length = line.objects[parent].pathLength + name.count + 1
      // A path that long is nobody's field.
      guard length <= 1024 else { return parent }
      line.objects.append(Object(parent: parent, name: name, pathLength: length))
      return line.objects.count - 1
    }

    private mutating func enter(_ container: Int) throws(JSONError) {
      guard open.count < JSONLine.maximumDepth else { throw scanner.error(.tooDeep(limit: JSONLine.maximumDepth)) }
      scanner.position += 1
      open.append(container)
      if container == Self.array { arrays += 1 }
    }

    private mutating func leave() { if open.popLast() == Self.array { arrays -= 1 } }

    private mutating func add(_ name: Range<Int>?, _ kind: Member.Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
      guard let name, let object = open.last, object >= 0, line.members.count < JSONLine.maximumMembers else { return }
      line.members.append(Member(object: object, name: name, kind: kind, range: range, hasEscapes: hasEscapes))
    }
  }
}
