import NIOCore
import TransportStream

/// What a publisher sends, cut into whole packets and where a decoder can begin; pure and total, like the reader beneath.
struct OriginFeed {
  /// Whole packets.
  struct Piece {
    var bytes: ByteBuffer
    /// Whether a decoder can begin with it, after the tables.
    var isStart: Bool
  }

  /// Without any key frame so far, a stream may be begun anywhere after this many bytes: it seems to have none.
  static let startAnywhereAfter = 8 << 20
  /// A stream without video is cut where a unit begins, at most this often.
  private static let audioPieceBytes = 32 << 10

  /// The program, from its map on.
  private(set) var program: TransportProgram?
  private var reader = TransportPacketReader()
  private var associations = SectionAssembler()
  private var maps = SectionAssembler()
  private var mapPID: Int?
  /// The packets of the newest tables, as they came.
  private var associationPackets: [UInt8] = []
  private var mapPackets: [UInt8] = []
  private var collectedMap: [UInt8] = []
  private var startPID: Int?
  private var hasVideo = false
  private var sawStart = false
  private var bytesSinceStart = 0

  /// What a decoder needs before the first piece.
  var tables: ByteBuffer { ByteBuffer(bytes: associationPackets + mapPackets) }

  /// Takes the next bytes; pieces come in order and hold every packet once.
  mutating func feed(_ bytes: UnsafeRawBufferPointer) -> [Piece] {
    var pieces: [Piece] = []
    var run: UnsafeRawBufferPointer?
    var runIsStart = false
    func end() {
      if let whole = run { pieces.append(Piece(bytes: ByteBuffer(bytes: whole), isStart: runIsStart)) }
      run = nil
    }
    // Taken out meanwhile, so that it can be changed beside the rest.
    var reader = TransportPacketReader()
    swap(&reader, &self.reader)
    reader.feed(bytes) { packet in
      let isStart = take(packet)
      // Packets side by side are copied together.
      if !isStart, let before = run, let base = before.baseAddress, base + before.count == packet.baseAddress {
        run = UnsafeRawBufferPointer(start: base, count: before.count + packet.count)
      } else {
        end()
        run = packet
        runIsStart = isStart
      }
    } atEnd: {
      // The reader may have joined what came with what was left over: its memory is gone when it returns.
      end()
    }
    swap(&reader, &self.reader)
    return pieces
  }

  /// Whether a decoder can begin with the packet.
  private mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytesSinceStart += bytes.count
    guard let packet = TransportPacket(bytes), packet.hasPayload, !packet.isDamaged else { return false }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[packet.payloadStart...])
    switch packet.pid {
    case ProgramTables.associationPID:
      for section in associations.append(payload, beginsUnit: packet.beginsUnit) {
        guard let (_, pid) = ProgramTables.association(section) else { continue }
        associationPackets = Array(bytes)
        if pid != mapPID { maps.drop() }
        mapPID = pid
      }
    case mapPID:
      if packet.beginsUnit { collectedMap = [] }
      // A section is at most 4096 bytes.
      if collectedMap.count < 23 * bytes.count { collectedMap.append(contentsOf: bytes) }
      for section in maps.append(payload, beginsUnit: packet.beginsUnit) {
        guard let new = ProgramTables.map(section) else { continue }
        mapPackets = collectedMap
        if new != program { use(new) }
      }
    case startPID where packet.beginsUnit: return begins(packet, payload)
    default: break
    }
    return false
  }

  private mutating func use(_ new: TransportProgram) {
    program = new
    hasVideo = new.video != nil
    startPID = (new.video ?? new.audio)?.pid
    sawStart = false
  }

  private mutating func begins(_ packet: TransportPacket, _ payload: UnsafeRawBufferPointer) -> Bool {
    let isStart: Bool
    if hasVideo {
      let isKey = packet.isRandomAccess || (program?.video?.streamType == StreamType.h264 && Self.looksRandomAccess(payload))
      sawStart = sawStart || isKey
      isStart = isKey || (!sawStart && bytesSinceStart > Self.startAnywhereAfter)
    } else {
      isStart = !sawStart || bytesSinceStart > Self.audioPieceBytes
      sawStart = true
    }
    if isStart { bytesSinceStart = 0 }
    return isStart
  }

  /// Looks behind the header of the PES packet that begins here.
  private static func looksRandomAccess(_ payload: UnsafeRawBufferPointer) -> Bool {
    guard payload.count > 9, 9 + Int(payload[8]) < payload.count else { return false }
    return H264.looksRandomAccess(UnsafeRawBufferPointer(rebasing: payload[(9 + Int(payload[8]))...]))
  }
}
