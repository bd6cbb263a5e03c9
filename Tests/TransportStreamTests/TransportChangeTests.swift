import MediaSync
import Testing

@testable import TransportStream

/// Streams that change what they are while they are read.
@Suite struct TransportChangeTests {
  private static func pictures(_ seconds: Range<Int64>) -> [Int64] {
    ((seconds.lowerBound * 25)..<(seconds.upperBound * 25)).map { $0 * Broadcast.picture }
  }

  @Test func `a new coding late in a stream has its own patience for a key frame`() {
    var stream = Broadcast()
    stream.add(0..<15)
    stream.videoType = 0x24
    // Sound and pictures that are no key come first.
    stream.add(15..<16, hasKeyFrames: false)
    stream.add(16..<20)
    let selection = Selection(stream.bytes)
    // Each part has its own counting of packets.
    #expect(selection.defects.map(\.kind).filter { $0 != .losses } == [.recoded], "\(selection.defects)")
    #expect(selection.times(.video) == Self.pictures(0..<15) + Self.pictures(16..<20))
  }

  @Test func `what can be decoded no more does not gather`() {
    var selector = TransportSelector(audioIndex: 0)
    func feed(_ change: (inout Broadcast) -> Void) {
      var part = Broadcast()
      change(&part)
      _ = selector.feed(part.bytes)
    }
    feed { $0.add(0..<5, announced: [.video], sending: [.video]) }
    // Another coding for one key frame, which begins to wait for a decoder, and the first one again without any.
    feed {
      $0.videoType = 0x24
      $0.add(5..<6, announced: [.video], sending: [.video])
      $0.bytes.removeLast(188 * 50)
    }
    var most = 0
    for second in Int64(6)..<200 {
      feed { $0.add(second..<(second + 1), announced: [.video], sending: [.video], hasKeyFrames: false) }
      most = max(most, selector.waitingBytes)
    }
    #expect(most < 200_000, "\(most)")
  }

  @Test func `a map sent ahead of a change is neither damage nor in force`() throws {
    var stream = Broadcast()
    stream.add(0..<4)
    var bytes = stream.bytes
    let map = ProgramTables.mapSection(TransportProgram(number: 1, clockPID: 0x300, tracks: [TransportTrack(pid: 0x300, streamType: 0x24)]))
    var ahead = map
    ahead[5] &= 0xFE
    let sum = ProgramTables.checksum(Array(ahead.dropLast(4)))
    ahead.replaceSubrange((ahead.count - 4)..., with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32($0))) })
    #expect(ProgramTables.isAhead(ahead))
    // On the map's PID, behind the first map.
    var packet: [UInt8] = [0x47, bytes[188 + 1], bytes[188 + 2], 0x10 | (bytes[188 + 3] &+ 1) & 0x0F, 0] + ahead
    packet += [UInt8](repeating: 0xFF, count: 188 - packet.count)
    bytes.insert(contentsOf: packet, at: 376)
    let selection = Selection(bytes)
    #expect(!selection.defects.contains { $0.kind == .tables || $0.kind == .replaced || $0.kind == .recoded }, "\(selection.defects)")
    #expect(selection.times(.video) == Self.pictures(0..<4))
  }
}
