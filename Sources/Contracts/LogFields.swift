import Events
import WireFormats

/// The fields of one line, with those known by their key put aside: time, message, level and logger.
struct LogFields: Sendable {
  /// A member under a known key.
  struct Known: Sendable {
    let entry: Int
    let rank: Int
    let member: Int
  }

  private(set) var line = JSONLine()
  /// The objects in which a field is looked for: the line's own, and those in which loggers put fields.
  private var places = [0]
  private var known: [[Known]] = LogKeys.Role.allCases.map { _ in [] }

  /// Reads a line of JSON.
  mutating func read(json bytes: UnsafeBufferPointer<UInt8>, _ table: LogKeyTable) throws(JSONError) {
    try line.read(bytes)
    note(bytes, table)
  }

  /// Reads a line of logfmt; false where it is none, or none of its fields is what every logger writes.
  mutating func read(logfmt bytes: UnsafeBufferPointer<UInt8>, _ table: LogKeyTable) -> Bool {
    guard line.read(logfmt: bytes) else { return false }
    note(bytes, table)
    return has(.level) || has(.message) || has(.time)
  }

  private mutating func note(_ bytes: UnsafeBufferPointer<UInt8>, _ table: LogKeyTable) {
    for role in known.indices where !known[role].isEmpty { known[role].removeAll(keepingCapacity: true) }
    for index in line.members.indices {
      let member = line.members[index]
      guard member.kind != .null, !member.name.isEmpty else { continue }
      for entry in table.candidates(length: line.pathLength(member), last: bytes[member.name.upperBound - 1]) {
        guard table.entries[entry].path.withUnsafeBufferPointer({ line.has(member, $0, in: bytes) }) else { continue }
        note(Known(entry: entry, rank: table.entries[entry].rank, member: index), table.entries[entry].role.rawValue)
      }
    }
    if places.count > 1 { places.removeLast(places.count - 1) }
    guard line.isNested else { return }
    for scope in LogKeyTable.scopes {
      for object in line.objectIndices.dropFirst() where scope.withUnsafeBufferPointer({ line.object(object, has: $0, in: bytes) }) {
        places.append(object)
      }
    }
  }

  private mutating func note(_ new: Known, _ role: Int) {
    // Of a name that stands there twice the last counts.
    let place = known[role].firstIndex { $0.rank >= new.rank } ?? known[role].count
    if place < known[role].count, known[role][place].rank == new.rank {
      known[role][place] = new
    } else {
      known[role].insert(new, at: place)
    }
  }

  func has(_ role: LogKeys.Role) -> Bool { !known[role.rawValue].isEmpty }

  /// The members under the keys of a role, the one that is believed first at the beginning.
  func all(_ role: LogKeys.Role) -> [Known] { known[role.rawValue] }

  func member(_ known: Known) -> JSONLine.Member { line.members[known.member] }

  /// The value under the first key of a role.
  func first(_ role: LogKeys.Role) -> JSONLine.Member? { known[role.rawValue].first.map(member) }

  /// The value of a field: of the line itself, else of an object in which loggers put fields.
  func value(_ path: String, in bytes: UnsafeBufferPointer<UInt8>) -> FieldValue? {
    var path = path
    return path.withUTF8 { path in
      for object in places {
        if let found = line.member(path, in: bytes, of: object).flatMap({ JSONLine.value(of: $0, in: bytes) }) { return found }
      }
      return nil
    }
  }
}
