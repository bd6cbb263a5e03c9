/// The fields of one log line, read without building a tree: the members of a JSON object, or the pairs of a line of logfmt.
///
/// Of JSON a strict reader (RFC 8259) for one object that is the whole line. Members of nested objects are there under their dotted path,
/// `error.code`; the contents of arrays are checked and left out. Strings may hold bytes that are no UTF-8. One value reads any number of
/// lines and keeps its memory.
package struct JSONLine: Sendable {
  /// A member: where its name and its value stand.
  package struct Member: Sendable {
    /// What its value is.
    package enum Kind: Sendable { case string, number, yes, no, null }
    /// The object it is in; 0 is the line's own.
    let object: Int
    /// Its name, between the quotes.
    package let name: Range<Int>
    /// What its value is.
    package let kind: Kind
    /// Its value; of a string, what is between the quotes.
    package let range: Range<Int>
    /// Whether it is a string with escapes.
    package let hasEscapes: Bool

    /// The text of a string, the letters of anything else. Bytes that are no UTF-8 and lone surrogates become U+FFFD.
    package func text(in line: UnsafeBufferPointer<UInt8>) -> String {
      hasEscapes
        ? String(decoding: bytes(in: line), as: UTF8.self)
        : String(decoding: UnsafeBufferPointer(rebasing: line[range]), as: UTF8.self)
    }

    /// The bytes that its value stands for, without escapes.
    package func bytes(in line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
      let inside = UnsafeBufferPointer(rebasing: line[range])
      return hasEscapes ? JSONScanner.unescape(UnsafeRawBufferPointer(inside)) : Array(inside)
    }
  }

  /// An object of the line: its own name, and the one it is in.
  struct Object: Sendable {
    let parent: Int
    let name: Range<Int>
    /// How long the path of a member is before the member's own name, with the dots.
    let pathLength: Int
  }

  /// How deep objects and arrays may lie in each other.
  package static let maximumDepth = 64
  /// How many members are kept; more are checked and left out.
  package static let maximumMembers = 256

  /// The members, in the order of the line; of a name that stands there twice, both.
  package internal(set) var members: [Member] = []
  var objects: [Object] = []

  /// Nothing read yet.
  package init() {}

  /// Reads a line.
  package init(_ line: UnsafeBufferPointer<UInt8>) throws(JSONError) { try read(line) }

  /// Reads a line of JSON in place of what was read before; where it throws, nothing is kept.
  package mutating func read(_ line: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var taken = JSONLine()
    swap(&taken, &self)
    taken.empty()
    var reader = Reader(line, filling: taken)
    taken = JSONLine()
    do {
      try reader.readDocument()
      self = reader.line
    } catch {
      self = reader.line
      empty()
      throw error
    }
  }

  mutating func empty() {
    members.removeAll(keepingCapacity: true)
    objects.removeAll(keepingCapacity: true)
    objects.append(Object(parent: 0, name: 0..<0, pathLength: 0))
  }

  /// Whether any member lies in an object of its own.
  package var isNested: Bool { objects.count > 1 }

  /// The last member with a dotted path; nil where there is none.
  package func member(_ path: String, in line: UnsafeBufferPointer<UInt8>) -> Member? {
    var path = path
    return path.withUTF8 { member($0, in: line) }
  }

  /// The last member with a dotted path; nil where there is none.
  /// - Parameter object: the object that the path begins in; 0 for the line's own.
  package func member(_ path: UnsafeBufferPointer<UInt8>, in line: UnsafeBufferPointer<UInt8>, of object: Int = 0) -> Member? {
    var index = members.count
    while index > 0 {
      index -= 1
      if has(members[index], path, in: line, of: object) { return members[index] }
    }
    return nil
  }

  /// The objects of the line, in its order, 0 for its own.
  package var objectIndices: Range<Int> { objects.indices }

  /// Whether an object has this dotted path.
  package func object(_ object: Int, has path: UnsafeBufferPointer<UInt8>, in line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard object != 0, objects[object].pathLength == path.count + 1 else { return false }
    return isPath(path, objects[object].name, objects[object].parent, in: line, of: 0)
  }

  /// How long a member's dotted path is.
  package func pathLength(_ member: Member) -> Int { objects[member.object].pathLength + member.name.count }

  /// Whether a member has this dotted path; a name with escapes is nobody's field.
  /// - Parameter object: the object that the path begins in; 0 for the line's own.
  package func has(
    _ member: Member, _ path: UnsafeBufferPointer<UInt8>, in line: UnsafeBufferPointer<UInt8>, of object: Int = 0
  ) -> Bool {
    // Lengths differ far more often than letters: a look at them is what most members cost.
    guard path.count == pathLength(member) - objects[object].pathLength else { return false }
    return isPath(path, member.name, member.object, in: line, of: object)
  }

  private func isPath(
    _ path: UnsafeBufferPointer<UInt8>, _ name: Range<Int>, _ parent: Int, in line: UnsafeBufferPointer<UInt8>, of base: Int
  ) -> Bool {
    var end = path.count
    var name = name
    var object = parent
    while true {
      let start = end - name.count
      guard start >= 0 else { return false }
      var offset = 0
      while offset < name.count {
        guard path[start + offset] == line[name.lowerBound + offset] else { return false }
        offset += 1
      }
      guard object != base, object != 0 else { return start == 0 && object == base }
      guard start > 0, path[start - 1] == 0x2E else { return false }
      end = start - 1
      name = objects[object].name
      object = objects[object].parent
    }
  }

  /// A member's dotted path.
  package func path(of member: Member, in line: UnsafeBufferPointer<UInt8>) -> String {
    var names = [line[member.name]]
    var object = member.object
    while object != 0 {
      names.append(line[objects[object].name])
      object = objects[object].parent
    }
    return names.reversed().map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
  }
}
