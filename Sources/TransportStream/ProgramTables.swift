/// Program association and program map tables (ISO/IEC 13818-1, 2.4.4): read with their check sum, written in one section each.
package enum ProgramTables {
  /// Streams of a program beyond this many are not read.
  package static let maxTracks = 16
  package static let associationPID = 0
  package static let noPID = 0x1FFF

  /// The first program of an association section: its number and where its map is. Nil for any other section or a damaged one.
  package static func association(_ section: [UInt8]) -> (number: Int, mapPID: Int)? {
    guard isWhole(section, table: 0x00) else { return nil }
    var at = 8
    while at + 4 <= section.count - 4 {
      let number = Int(section[at]) << 8 | Int(section[at + 1])
      let pid = Int(section[at + 2] & 0x1F) << 8 | Int(section[at + 3])
      // Number 0 is the network table.
      if number != 0, isElementary(pid) { return (number, pid) }
      at += 4
    }
    return nil
  }

  /// Every program of an association section, by number with the PID of its map, and the table's version. Nil for any other section or a
  /// damaged one.
  package static func associations(_ section: [UInt8]) -> (version: UInt8, mapPIDs: [Int: Int])? {
    guard isWhole(section, table: 0x00) else { return nil }
    var mapPIDs: [Int: Int] = [:]
    for at in stride(from: 8, through: section.count - 8, by: 4) {
      let number = Int(section[at]) << 8 | Int(section[at + 1])
      let pid = Int(section[at + 2] & 0x1F) << 8 | Int(section[at + 3])
      if number != 0, isElementary(pid) { mapPIDs[number] = pid }
    }
    return (section[5] >> 1 & 0x1F, mapPIDs)
  }

  /// The program of a map section; nil for any other section or a damaged one.
  package static func map(_ section: [UInt8]) -> TransportProgram? {
    guard isWhole(section, table: 0x02), section.count >= 16 else { return nil }
    var program = TransportProgram(
      number: Int(section[3]) << 8 | Int(section[4]), clockPID: Int(section[8] & 0x1F) << 8 | Int(section[9]), tracks: [])
    let end = section.count - 4
    var at = 12 + (Int(section[10] & 0x0F) << 8 | Int(section[11]))
    while at + 5 <= end, program.tracks.count < maxTracks {
      let pid = Int(section[at + 1] & 0x1F) << 8 | Int(section[at + 2])
      let length = Int(section[at + 3] & 0x0F) << 8 | Int(section[at + 4])
      guard at + 5 + length <= end else { return nil }
      if isElementary(pid), !program.tracks.contains(where: { $0.pid == pid }) {
        program.tracks.append(
          TransportTrack(pid: pid, streamType: section[at], descriptors: Array(section[(at + 5)..<(at + 5 + length)])))
      }
      at += 5 + length
    }
    return program
  }

  package static func isElementary(_ pid: Int) -> Bool { (0x10..<noPID).contains(pid) }

  /// Whether a section is in order and of a table that is not in force yet (`current_next_indicator` 0): it is sent ahead of a change.
  package static func isAhead(_ section: [UInt8]) -> Bool {
    section.count >= 12 && section[1] & 0x80 != 0 && section[5] & 1 == 0 && checksum(section) == 0
  }

  private static func isWhole(_ section: [UInt8], table: UInt8) -> Bool {
    // Syntax indicator, "current", and a check sum that comes out as 0.
    section.count >= 12 && section[0] == table && section[1] & 0x80 != 0 && section[5] & 1 == 1 && checksum(section) == 0
  }

  /// An association section that names one program.
  package static func associationSection(number: Int, mapPID: Int) -> [UInt8] {
    section(table: 0x00, extension: 1, body: twoBytes(number) + twoBytes(0xE000 | mapPID))
  }

  /// A program's map section. Descriptors that would not fit into one section are left out.
  package static func mapSection(_ program: TransportProgram) -> [UInt8] {
    var body = twoBytes(0xE000 | program.clockPID) + twoBytes(0xF000)
    for track in program.tracks.prefix(maxTracks) {
      let fits = body.count + 5 + track.descriptors.count + 9 + 5 * maxTracks <= 1021
      let descriptors = fits ? track.descriptors : []
      body += [track.streamType] + twoBytes(0xE000 | track.pid) + twoBytes(0xF000 | descriptors.count) + descriptors
    }
    return section(table: 0x02, extension: program.number, body: body)
  }

  private static func section(table: UInt8, extension number: Int, body: [UInt8]) -> [UInt8] {
    // Version 0, current, section 0 of 0.
    var bytes = [table] + twoBytes(0xB000 | body.count + 9) + twoBytes(number) + [0xC1, 0, 0] + body
    let sum = checksum(bytes)
    bytes += twoBytes(Int(sum >> 16)) + twoBytes(Int(sum & 0xFFFF))
    return bytes
  }

  private static func twoBytes(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }

  /// The CRC of ISO/IEC 13818-1, annex A: polynomial 0x04C11DB7, from all ones, not reflected; 0 over a section with its own sum.
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes { sum = (sum << 8) ^ table[Int((sum >> 24) ^ UInt32(byte))] }
    return sum
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { sum, _ in sum & 0x8000_0000 != 0 ? (sum << 1) ^ 0x04C1_1DB7 : sum << 1 }
  }
}

/// Puts sections together from the packets of one PID; a section beyond 4096 bytes cannot be.
package struct SectionAssembler: Sendable {
  private var bytes: [UInt8] = []
  private var isCollecting = false

  package init() {}

  /// Takes a packet's payload and returns the sections that are whole now.
  package mutating func append(_ payload: UnsafeRawBufferPointer, beginsUnit: Bool) -> [[UInt8]] {
    var sections: [[UInt8]] = []
    guard beginsUnit else {
      if isCollecting {
        bytes.append(contentsOf: payload)
        take(&sections)
      }
      return sections
    }
    guard payload.count > 0 else { return [] }
    let pointer = Int(payload[0])
    guard pointer < payload.count - 1 else {
      drop()
      return []
    }
    if isCollecting, pointer > 0 {
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: payload[1..<(1 + pointer)]))
      take(&sections)
    }
    bytes = Array(payload[(1 + pointer)...])
    isCollecting = true
    take(&sections)
    return sections
  }

  /// Forgets a section that is not whole: packets were lost.
  package mutating func drop() {
    bytes = []
    isCollecting = false
  }

  private mutating func take(_ sections: inout [[UInt8]]) {
    while isCollecting {
      // 0xFF is stuffing up to the packet's end.
      guard let table = bytes.first, table != 0xFF else { return drop() }
      guard bytes.count >= 3 else { return }
      let length = 3 + (Int(bytes[1] & 0x0F) << 8 | Int(bytes[2]))
      guard bytes.count >= length else { return }
      sections.append(Array(bytes[..<length]))
      bytes.removeFirst(length)
    }
  }
}
