/// What went wrong in a transport stream.
package struct TransportFaults: Sendable, Hashable {
  /// Bytes that belonged to no packet.
  package var skippedBytes: UInt64 = 0
  /// How often the packets had to be found again.
  package var syncLosses: UInt64 = 0
  /// Packets that are malformed, damaged or scrambled.
  package var badPackets: UInt64 = 0
  /// Tables whose check sum or form is wrong.
  package var badTables: UInt64 = 0
  /// Continuity counters that did not follow one another.
  package var continuityErrors: UInt64 = 0
  /// Units that were dropped: damaged, cut, too large, or without a time.
  package var droppedUnits: UInt64 = 0
}

/// Reads the first program of an MPEG transport stream: bytes in any pieces go in, units of its tracks come out. Total: any bytes may
/// come; memory is bounded by `PESAssembler.maxUnitBytes` a stream.
package struct TransportDemuxer: Sendable {
  /// The program, from its map on; replaced when another map comes.
  package private(set) var program: TransportProgram?
  /// Packets read so far.
  package private(set) var packets: UInt64 = 0
  private var reader = TransportPacketReader()
  private var tables = SectionAssembler()
  private var maps = SectionAssembler()
  private var mapPID: Int?
  private var assemblers: [PESAssembler] = []
  /// Index into `assemblers` plus 1, by PID; 0 for none.
  private var slots = [UInt8](repeating: 0, count: 0x2000)
  private var own = TransportFaults()

  package init() {}

  /// What went wrong so far.
  package var faults: TransportFaults {
    var all = own
    all.skippedBytes = reader.skippedBytes
    all.syncLosses = reader.losses
    for assembler in assemblers {
      all.continuityErrors += assembler.continuityErrors
      all.droppedUnits += assembler.droppedUnits
    }
    return all
  }

  /// Takes the next bytes and returns the units that are whole now, in the order of their ends.
  package mutating func feed(_ bytes: [UInt8]) -> [ElementaryUnit] { bytes.withUnsafeBytes { feed($0) } }

  /// Takes the next bytes and returns the units that are whole now, in the order of their ends.
  package mutating func feed(_ bytes: UnsafeRawBufferPointer) -> [ElementaryUnit] {
    var units: [ElementaryUnit] = []
    // Taken out meanwhile, so that it can be changed beside the rest.
    var reader = TransportPacketReader()
    swap(&reader, &self.reader)
    reader.feed(bytes) { take($0, into: &units) }
    swap(&reader, &self.reader)
    return units
  }

  /// The stream ends: returns the units whose end only the next one would have shown.
  package mutating func finish() -> [ElementaryUnit] {
    var units: [ElementaryUnit] = []
    for index in assemblers.indices { assemblers[index].finish(into: &units) }
    return units
  }

  private mutating func take(_ bytes: UnsafeRawBufferPointer, into units: inout [ElementaryUnit]) {
    packets += 1
    guard let packet = TransportPacket(bytes), !packet.isDamaged, !packet.isScrambled else {
      own.badPackets += 1
      return
    }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[packet.payloadStart...])
    let slot = Int(slots[packet.pid])
    if slot > 0 {
      assemblers[slot - 1].append(packet, payload, into: &units)
    } else if packet.pid == ProgramTables.associationPID, packet.hasPayload {
      for section in tables.append(payload, beginsUnit: packet.beginsUnit) { associate(section) }
    } else if packet.pid == mapPID, packet.hasPayload {
      for section in maps.append(payload, beginsUnit: packet.beginsUnit) { map(section, into: &units) }
    }
  }

  private mutating func associate(_ section: [UInt8]) {
    guard let (_, pid) = ProgramTables.association(section) else {
      own.badTables += 1
      return
    }
    guard pid != mapPID else { return }
    mapPID = pid
    maps.drop()
  }

  private mutating func map(_ section: [UInt8], into units: inout [ElementaryUnit]) {
    guard let new = ProgramTables.map(section) else {
      own.badTables += 1
      return
    }
    guard new != program else { return }
    program = new
    let old = assemblers
    assemblers = []
    slots = [UInt8](repeating: 0, count: 0x2000)
    for track in new.tracks where track.pid != mapPID {
      // A stream that stays keeps what it has collected.
      guard let assembler = old.first(where: { $0.stream == track }) ?? PESAssembler(track) else { continue }
      assemblers.append(assembler)
      slots[track.pid] = UInt8(assemblers.count)
    }
    for var gone in old where !assemblers.contains(where: { $0.stream == gone.stream }) {
      gone.finish(into: &units)
      own.continuityErrors += gone.continuityErrors
      own.droppedUnits += gone.droppedUnits
    }
  }
}
