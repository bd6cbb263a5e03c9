/// Follows the tables of a transport stream to the one program that is read: the first whose map names video or sound.
///
/// It stays with that program as long as the association table names it. Tables that are damaged, or of a program that the association
/// table does not name on that PID, are counted and not believed.
struct ProgramDirectory: Sendable {
  /// Programs beyond this many are not followed.
  static let maxPrograms = 64

  /// The program that is read; nil before its map came.
  private(set) var program: TransportProgram?
  /// How many programs the association table names.
  var programCount: Int { mapPIDs.count }
  /// Tables whose check sum or form is wrong, or that contradict one another.
  private(set) var badTables = 0
  private var version: UInt8?
  private var mapPIDs: [Int: Int] = [:]
  private var associations = SectionAssembler()
  private var maps: [Int: SectionAssembler] = [:]

  /// Whether tables come on a PID.
  func follows(_ pid: Int) -> Bool { pid == ProgramTables.associationPID || maps[pid] != nil }

  /// Takes a packet of a table's PID.
  /// - Returns: whether another program or another map of it is read now.
  mutating func take(_ packet: TransportPacket, _ payload: UnsafeRawBufferPointer) -> Bool {
    if packet.pid == ProgramTables.associationPID {
      for section in associations.append(payload, beginsUnit: packet.beginsUnit) { associate(section) }
      return false
    }
    guard let sections = maps[packet.pid]?.append(payload, beginsUnit: packet.beginsUnit) else { return false }
    // Not reduced to one `contains`: each section is to be looked at.
    return sections.map { map($0, on: packet.pid) }.contains(true)
  }

  private mutating func associate(_ section: [UInt8]) {
    if ProgramTables.isAhead(section) { return }
    guard let (version, pids) = ProgramTables.associations(section) else {
      badTables += 1
      return
    }
    // A table of several sections names some programs in each.
    if version != self.version { mapPIDs = [:] }
    self.version = version
    for (number, pid) in pids where mapPIDs.count < Self.maxPrograms || mapPIDs[number] != nil { mapPIDs[number] = pid }
    let wanted = Set(mapPIDs.values)
    maps = maps.filter { wanted.contains($0.key) }
    for pid in wanted where maps[pid] == nil { maps[pid] = SectionAssembler() }
  }

  private mutating func map(_ section: [UInt8], on pid: Int) -> Bool {
    // Other tables may share the PID.
    if let table = section.first, table != 0x02 { return false }
    if ProgramTables.isAhead(section) { return false }
    guard let new = ProgramTables.map(section), mapPIDs[new.number] == pid else {
      badTables += 1
      return false
    }
    if let program, program.number != new.number, mapPIDs[program.number] != nil { return false }
    guard program != nil || new.video != nil || new.audio != nil, new != program else { return false }
    program = new
    return true
  }
}
