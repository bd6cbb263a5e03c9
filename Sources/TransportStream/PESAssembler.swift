import MediaSync

/// Puts the units of one elementary stream together from the payloads of its packets (PES packets, ISO/IEC 13818-1, 2.4.3.6).
package struct PESAssembler: Sendable {
  /// A unit beyond this many bytes is dropped.
  package static let maxUnitBytes = 8 << 20

  package let stream: TransportTrack
  package let track: MediaTrack
  /// Units that were dropped: damaged, cut, too large, or without a time.
  package private(set) var droppedUnits: UInt64 = 0
  /// Continuity counters that did not follow one another.
  package private(set) var continuityErrors: UInt64 = 0
  private var bytes: [UInt8] = []
  private var isCollecting = false
  private var isRandomAccess = false
  private var continuity: UInt8?
  private var hadDuplicate = false
  private var lastSize = 0

  /// Nil for a stream that is neither video nor audio.
  package init?(_ stream: TransportTrack) {
    guard let track = stream.track else { return nil }
    self.stream = stream
    self.track = track
  }

  /// Takes a packet of the stream; units that are whole now are appended to `units`.
  package mutating func append(_ packet: TransportPacket, _ payload: UnsafeRawBufferPointer, into units: inout [ElementaryUnit]) {
    guard packet.hasPayload, follows(packet) else { return }
    if packet.beginsUnit {
      finish(into: &units)
      isCollecting = true
      isRandomAccess = packet.isRandomAccess
      bytes.reserveCapacity(lastSize)
    }
    guard isCollecting else { return }
    bytes.append(contentsOf: payload)
    if bytes.count > Self.maxUnitBytes { return drop() }
    if let expected, bytes.count >= expected { finish(into: &units) }
  }

  /// Ends the unit at hand: the next one begins, or the stream ends.
  package mutating func finish(into units: inout [ElementaryUnit]) {
    guard isCollecting else { return }
    isCollecting = false
    lastSize = min(bytes.count, 1 << 20)
    if let expected {
      guard bytes.count >= expected else { return drop() }
      bytes.removeLast(bytes.count - expected)
    }
    guard let times = PESTimes(bytes) else { return drop() }
    var payload: [UInt8] = []
    swap(&payload, &bytes)
    payload.removeFirst(times.headerLength)
    guard !payload.isEmpty else { return drop() }
    let isKey = isRandomAccess || (stream.streamType == StreamType.h264 && H264.isRandomAccess(payload))
    units.append(
      ElementaryUnit(
        track: track, pid: stream.pid, streamType: stream.streamType, pts: times.pts, dts: times.dts, payload: payload,
        isRandomAccess: isKey))
  }

  private mutating func drop() {
    bytes = []
    isCollecting = false
    droppedUnits += 1
  }

  /// How long the packet is by its header; nil while that is open (video: up to the next one).
  private var expected: Int? {
    guard bytes.count >= 6 else { return nil }
    let length = Int(bytes[4]) << 8 | Int(bytes[5])
    return length == 0 ? nil : 6 + length
  }

  /// Counts continuity; false for a packet that came twice.
  private mutating func follows(_ packet: TransportPacket) -> Bool {
    defer { continuity = packet.continuity }
    guard let last = continuity, !packet.isDiscontinuous else { return true }
    if packet.continuity == (last &+ 1) & 0x0F {
      hadDuplicate = false
      return true
    }
    // A packet may be sent twice, and only twice.
    if packet.continuity == last, !hadDuplicate, !packet.beginsUnit {
      hadDuplicate = true
      return false
    }
    hadDuplicate = false
    continuityErrors += 1
    if isCollecting { drop() }
    return true
  }
}

/// The times in the header of a PES packet.
package struct PESTimes: Hashable {
  package var pts: Int64
  package var dts: Int64?
  /// Where the payload begins.
  package var headerLength: Int

  /// Nil when it is no PES packet of a stream with times, is cut, or names no presentation time.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 9, bytes[0] == 0, bytes[1] == 0, bytes[2] == 1, bytes[6] & 0xC0 == 0x80 else { return nil }
    // Maps, padding, private stream 2, ECM, EMM, directory: no times.
    guard ![0xBC, 0xBE, 0xBF, 0xF0, 0xF1, 0xF2, 0xF8, 0xFF].contains(bytes[3]) else { return nil }
    let length = Int(bytes[8])
    guard bytes.count >= 9 + length, bytes[7] & 0x80 != 0, length >= 5 else { return nil }
    headerLength = 9 + length
    pts = Self.time(bytes, at: 9)
    if bytes[7] & 0x40 != 0, length >= 10 {
      let time = Self.time(bytes, at: 14)
      dts = time == pts ? nil : time
    }
  }

  private static func time(_ bytes: [UInt8], at start: Int) -> Int64 {
    let high = Int64(bytes[start] >> 1 & 7) << 30
    let middle = Int64(bytes[start + 1]) << 22 | Int64(bytes[start + 2] >> 1) << 15
    return high | middle | Int64(bytes[start + 3]) << 7 | Int64(bytes[start + 4] >> 1)
  }
}
