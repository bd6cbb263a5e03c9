import MediaSync

/// Writes one program as an MPEG transport stream: units in, packets out.
///
/// The clock runs `clockLead` before the decoding times and is carried by every unit of the clock's stream; tables come before every
/// key frame and at least every half second of the stream's time. Times wrap at 33 bits.
package struct TransportMuxer: Sendable {
  /// How far the clock is behind the decoding times, in ticks: what a receiver may buffer. 0.7 s, as ffmpeg writes.
  package static let clockLead: Int64 = 63_000
  /// How often tables are repeated at least, in ticks.
  package static let tableInterval: Int64 = 45_000

  /// What it writes.
  package let program: TransportProgram
  package let mapPID: Int
  private let association: [UInt8]
  private let map: [UInt8]
  private var continuity = [UInt8](repeating: 0, count: 0x2000)
  private var lastTables: Int64?
  private let streamIDs: [UInt8]

  /// A muxer for these streams, on their PIDs. Streams without a track, or on a PID that cannot be or is taken, are left out; the
  /// clock goes with the first video stream, without one with the first stream.
  package init(_ tracks: [TransportTrack]) {
    var kept: [TransportTrack] = []
    for track in tracks.prefix(ProgramTables.maxTracks) where track.track != nil && ProgramTables.isElementary(track.pid) {
      if !kept.contains(where: { $0.pid == track.pid }) { kept.append(track) }
    }
    let clock = (kept.first { $0.track == .video } ?? kept.first)?.pid ?? ProgramTables.noPID
    program = TransportProgram(number: 1, clockPID: clock, tracks: kept)
    // 0x1000, as ffmpeg writes, unless a stream is there.
    mapPID = (0x1000...0x1000 + ProgramTables.maxTracks).first { pid in !kept.contains { $0.pid == pid } } ?? 0x1000
    association = ProgramTables.associationSection(number: 1, mapPID: mapPID)
    map = ProgramTables.mapSection(program)
    var videos: UInt8 = 0
    var audios: UInt8 = 0
    streamIDs = kept.map { stream in
      switch (stream.track, stream.streamType) {
      case (.video, _):
        defer { videos += 1 }
        return 0xE0 + videos
      // Private stream 1, as AC-3 and Opus are carried.
      case (_, StreamType.privateData), (_, 0x80...): return 0xBD
      default:
        defer { audios += 1 }
        return 0xC0 + audios
      }
    }
  }

  /// Appends a unit's packets, and tables where they are due. Units come in decoding order within a track.
  /// - Returns: false when no stream is on the unit's PID; nothing is written then.
  @discardableResult
  package mutating func write(_ unit: ElementaryUnit, into out: inout [UInt8]) -> Bool {
    guard let index = program.tracks.firstIndex(where: { $0.pid == unit.pid }) else { return false }
    let isKey = unit.isRandomAccess && unit.track == .video
    let time = unit.decodingTime
    if isKey || lastTables.map({ abs(TransportClock.distance(from: $0, to: time)) >= Self.tableInterval }) ?? true {
      writeTables(into: &out)
      lastTables = time
    }
    let clock = unit.pid == program.clockPID ? TransportClock.wrapped(time &- Self.clockLead) : nil
    writePackets(unit, header: pesHeader(unit, streamID: streamIDs[index]), clock: clock, into: &out)
    return true
  }

  /// Appends both tables.
  package mutating func writeTables(into out: inout [UInt8]) {
    writeSection(association, pid: ProgramTables.associationPID, into: &out)
    writeSection(map, pid: mapPID, into: &out)
  }

  private mutating func nextContinuity(_ pid: Int) -> UInt8 {
    let value = continuity[pid]
    continuity[pid] = (value + 1) & 0x0F
    return value
  }

  private mutating func writeSection(_ section: [UInt8], pid: Int, into out: inout [UInt8]) {
    var at = 0
    while at < section.count {
      let isFirst = at == 0
      let pointer: [UInt8] = isFirst ? [0] : []
      let count = min(section.count - at, 184 - pointer.count)
      out += [0x47, UInt8(pid >> 8) | (isFirst ? 0x40 : 0), UInt8(pid & 0xFF), 0x10 | nextContinuity(pid)]
      out += pointer
      out += section[at..<(at + count)]
      out += Self.filler[..<(184 - pointer.count - count)]
      at += count
    }
  }

  /// ISO/IEC 13818-1, 2.4.3.7. Video beyond 64 KiB leaves its length open, which is allowed there only.
  private func pesHeader(_ unit: ElementaryUnit, streamID: UInt8) -> [UInt8] {
    let pts = TransportClock.wrapped(unit.pts)
    let dts = unit.dts.map(TransportClock.wrapped).flatMap { $0 == pts ? nil : $0 }
    let times = dts.map { Self.time(pts, 3) + Self.time($0, 1) } ?? Self.time(pts, 2)
    let length = 3 + times.count + unit.payload.count
    let written = length <= 0xFFFF ? length : 0
    return [0, 0, 1, streamID, UInt8(written >> 8), UInt8(written & 0xFF), 0x84, dts == nil ? 0x80 : 0xC0, UInt8(times.count)] + times
  }

  private static func time(_ time: Int64, _ prefix: Int64) -> [UInt8] {
    let parts = [
      prefix << 4 | (time >> 30 & 7) << 1 | 1, time >> 22 & 0xFF, (time >> 15 & 0x7F) << 1 | 1, time >> 7 & 0xFF, (time & 0x7F) << 1 | 1,
    ]
    return parts.map { UInt8(truncatingIfNeeded: $0) }
  }

  /// Bytes of stuffing, as many as a packet holds at most.
  private static let filler = [UInt8](repeating: 0xFF, count: TransportPacketReader.packetSize)

  private mutating func writePackets(_ unit: ElementaryUnit, header: [UInt8], clock: Int64?, into out: inout [UInt8]) {
    let size = TransportPacketReader.packetSize
    let isRandomAccess = unit.isRandomAccess
    // Of the first packet: length, flags, clock.
    let firstField = clock != nil ? 8 : isRandomAccess ? 2 : 0
    let behindFirst = max(0, header.count + unit.payload.count - (184 - firstField))
    let count = 1 + (behindFirst + 183) / 184
    let start = out.count
    for _ in 0..<count { out += Self.filler }
    var counter = continuity[unit.pid]
    out.withUnsafeMutableBytes { all in
      unit.payload.withUnsafeBytes { payload in
        var used = 0
        for number in 0..<count {
          let packet = UnsafeMutableRawBufferPointer(rebasing: all[(start + number * size)..<(start + (number + 1) * size)])
          let head = number == 0 ? header.count : 0
          let left = head + payload.count - used
          let wanted = number == 0 ? firstField : 0
          // What the payload leaves free is filled by the adaptation field.
          let field = max(wanted, 184 - left)
          packet[0] = TransportPacketReader.syncByte
          packet[1] = UInt8(unit.pid >> 8) | (number == 0 ? 0x40 : 0)
          packet[2] = UInt8(unit.pid & 0xFF)
          packet[3] = (field > 0 ? 0x30 : 0x10) | counter
          counter = (counter + 1) & 0x0F
          if field > 0 {
            packet[4] = UInt8(field - 1)
            if field > 1 { packet[5] = wanted > 0 ? (isRandomAccess ? 0x40 : 0) | (clock != nil ? 0x10 : 0) : 0 }
            if wanted > 0, let clock { Self.put(clock, packet) }
          }
          var at = 4 + field
          if head > 0 {
            UnsafeMutableRawBufferPointer(rebasing: packet[at...]).copyBytes(from: header)
            at += head
          }
          let part = min(payload.count - used, size - at)
          if part > 0 {
            UnsafeMutableRawBufferPointer(rebasing: packet[at...]).copyMemory(
              from: UnsafeRawBufferPointer(rebasing: payload[used..<(used + part)]))
            used += part
          }
        }
      }
    }
    continuity[unit.pid] = counter
  }

  /// A clock reference: 33 bits of 90 kHz, 6 reserved, 9 of 27 MHz that stay 0.
  private static func put(_ clock: Int64, _ packet: UnsafeMutableRawBufferPointer) {
    for (index, shift) in [25, 17, 9, 1].enumerated() { packet[6 + index] = UInt8(truncatingIfNeeded: clock >> Int64(shift)) }
    packet[10] = UInt8(truncatingIfNeeded: (clock & 1) << 7) | 0x7E
    packet[11] = 0
  }
}
