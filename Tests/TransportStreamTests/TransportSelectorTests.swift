import MediaSync
import TestSupport
import Testing

@testable import TransportStream

@Suite struct TransportSelectorTests {
  private static func pictures(_ seconds: Range<Int64>) -> [Int64] {
    ((seconds.lowerBound * 25)..<(seconds.upperBound * 25)).map { $0 * Broadcast.picture }
  }

  private static func sounds(_ seconds: Range<Int64>) -> [Int64] {
    ((seconds.lowerBound * 40)..<(seconds.upperBound * 40)).map { $0 * Broadcast.sound }
  }

  @Test(arguments: [(0, 0), (4, 0), (0, 16)], [1, 187, 188, 1000, 100_000])
  func `packets of every spacing reach one decoder, in pieces of every size`(around: (Int, Int), piece: Int) {
    var stream = Broadcast()
    stream.add(0..<6)
    let selection = Selection(stream.spaced(before: around.0, behind: around.1), piece: piece)
    #expect(selection.decoders.map(\.tracks) == [[.video, .audio]])
    #expect(selection.times(.video) == Self.pictures(0..<6) && selection.times(.audio) == Self.sounds(0..<6))
    #expect(selection.defects.isEmpty && selection.decoders[0].faults == TransportFaults(), "\(selection.defects)")
    #expect(selection.facts == [[TrackFacts(kind: "video", codec: "h264"), TrackFacts(kind: "audio", codec: "aac")]])
  }

  @Test(arguments: [MediaTrack.video, .audio], [true, false])
  func `a track that comes late gets a decoder with the other one, and nothing is lost`(late: MediaTrack, isAnnounced: Bool) {
    let first: MediaTrack = late == .video ? .audio : .video
    var stream = Broadcast()
    stream.add(0..<8, announced: isAnnounced ? [.video, .audio] : [first], sending: [first])
    stream.add(8..<14)
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.map(\.tracks) == [[first], [.video, .audio]])
    #expect(selection.times(first) == (first == .video ? Self.pictures(0..<14) : Self.sounds(0..<14)))
    #expect(selection.times(late) == (late == .video ? Self.pictures(8..<14) : Self.sounds(8..<14)))
    #expect(selection.decoders.allSatisfy { $0.faults == TransportFaults() })
    let appeared = selection.defects.filter { $0.kind == .appeared }
    #expect(appeared.map(\.track) == (isAnnounced ? [] : [late]))
    #expect(appeared.allSatisfy { abs(($0.seconds ?? 0) - 8) < 0.1 }, "\(appeared)")
  }

  @Test func `the next decoder begins at a key frame, though sound joins before it`() throws {
    var stream = Broadcast()
    stream.add(0..<5, announced: [.video], sending: [.video])
    stream.add(5..<6, sending: [.audio])
    stream.add(6..<9)
    // Sound joins in the middle of the pictures of a second.
    var other = Broadcast()
    other.add(0..<4, announced: [.video], sending: [.video])
    for bytes in [stream.bytes, other.bytes] {
      let selection = Selection(bytes)
      for decoder in selection.decoders {
        let begin = try #require(decoder.units.first { $0.track == .video })
        #expect(begin.payload.prefix(4) == [0, 0, 1, 0x67], "\(begin.pts)")
      }
    }
    #expect(Selection(stream.bytes).times(.audio) == Self.sounds(5..<9))
  }

  @Test func `tracks that move to other packet identifiers stay with their decoder`() {
    var stream = Broadcast()
    stream.add(0..<5)
    (stream.videoPID, stream.audioPID) = (0x200, 0x201)
    stream.add(5..<9)
    (stream.videoPID, stream.audioPID) = (0x101, 0x100)
    stream.add(9..<12)
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.count == 1)
    #expect(selection.times(.video) == Self.pictures(0..<12) && selection.times(.audio) == Self.sounds(0..<12))
    #expect(selection.decoders[0].faults == TransportFaults())
    #expect(selection.defects.map(\.kind) == [.replaced] && abs((selection.defects[0].seconds ?? 0) - 5) < 0.1, "\(selection.defects)")
  }

  @Test func `a track that is coded otherwise gets another decoder`() {
    var stream = Broadcast()
    stream.add(0..<5)
    stream.videoType = 0x24
    stream.add(5..<9)
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.map(\.tracks) == [[.video, .audio], [.video, .audio]])
    #expect(selection.times(.video) == Self.pictures(0..<9) && selection.times(.audio) == Self.sounds(0..<9))
    #expect(selection.decoders[1].units.filter { $0.track == .video }.allSatisfy { $0.streamType == 0x24 })
    #expect(selection.defects.map(\.kind).filter { $0 != .losses } == [.recoded])
  }

  @Test(arguments: [MediaTrack.video, .audio]) func `a track that never sends is named, and the other one read`(silent: MediaTrack) {
    let other: MediaTrack = silent == .video ? .audio : .video
    for (seconds, told) in [(Int64(30), Double?(10)), (5, nil), (2, nil)] {
      var stream = Broadcast()
      stream.add(0..<seconds, sending: [other])
      let selection = Selection(stream.bytes)
      #expect(selection.decoders.map(\.tracks) == [[other]])
      #expect(selection.defects == [StreamDefect(.silent, silent, seconds: told)])
      #expect(selection.times(other).count == Int(seconds) * (other == .video ? 25 : 40))
    }
  }

  @Test func `video without a key frame is named, and read from the first one on`() {
    var stream = Broadcast()
    stream.add(0..<20, hasKeyFrames: false)
    let never = Selection(stream.bytes)
    #expect(never.decoders.map(\.tracks) == [[.audio]] && never.times(.audio) == Self.sounds(0..<20))
    #expect(never.defects == [StreamDefect(.noKeyFrame, .video, seconds: 10)])
    stream.add(20..<24)
    let late = Selection(stream.bytes)
    #expect(late.decoders.map(\.tracks) == [[.audio], [.video, .audio]] && late.times(.video) == Self.pictures(20..<24))
    // Less than a key frame's longest distance is waited for: with all that came before it.
    var joined = Broadcast()
    joined.add(0..<8, hasKeyFrames: false)
    joined.add(8..<11)
    let waited = Selection(joined.bytes)
    #expect(waited.decoders.map(\.tracks) == [[.video, .audio]] && waited.times(.video) == Self.pictures(0..<11))
    #expect(waited.defects.isEmpty && waited.decoders[0].held > 7.9, "\(waited.defects)")
  }

  @Test func `no decoder begins before its first picture is whole`() throws {
    var muxer = TransportMuxer([
      TransportTrack(pid: 0x100, streamType: StreamType.h264), TransportTrack(pid: 0x101, streamType: StreamType.adtsAAC),
    ])
    var selector = TransportSelector()
    var begun: [Int64: Double] = [:]
    // A picture every two seconds.
    for second in 0..<20 as Range<Int64> {
      var bytes: [UInt8] = []
      if second % 2 == 0 {
        muxer.write(
          ElementaryUnit(track: .video, pid: 0x100, streamType: StreamType.h264, pts: second * 90_000, payload: [0, 0, 1, 0x65, 1]),
          into: &bytes)
      }
      for part in 0..<10 as Range<Int64> {
        muxer.write(
          ElementaryUnit(
            track: .audio, pid: 0x101, streamType: StreamType.adtsAAC, pts: second * 90_000 + part * 9000, payload: [0xFF, 0xF1, 1]),
          into: &bytes)
      }
      for case .decoder(let tracks, let held) in selector.feed(bytes) where tracks == [.video, .audio] { begun[second] = held }
    }
    #expect(begun.keys.sorted() == [4] && (begun[4] ?? 0) >= 3.9, "\(begun)")
  }

  @Test func `a track that no decoder can begin with is left out of the next one`() {
    var stream = Broadcast()
    stream.add(0..<4)
    var selector = TransportSelector()
    _ = selector.feed(stream.bytes)
    selector.leaveOut(.audio)
    var more = Broadcast()
    more.add(4..<8)
    let outputs = selector.feed(more.bytes) + selector.finish()
    let decoders = outputs.compactMap { if case .decoder(let tracks, _) = $0 { tracks } else { nil } }
    #expect(decoders == [[.video]])
  }

  @Test func `a key frame that shows only late in its unit is one`() {
    var stream = Broadcast()
    // A long message stands before the parameter sets, as some encoders write it.
    stream.prefix = [0, 0, 1, 6] + [UInt8](repeating: 5, count: 400)
    stream.add(0..<8)
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.map(\.tracks) == [[.video, .audio]] && selection.times(.video) == Self.pictures(0..<8))
    #expect(selection.defects.isEmpty, "\(selection.defects)")
  }

  @Test func `what is scrambled is named and not read`() {
    var stream = Broadcast()
    stream.add(0..<6)
    for at in stride(from: 0, to: stream.bytes.count, by: 188) where stream.bytes[at + 2] == 0x01 && stream.bytes[at + 1] & 0x1F == 1 {
      stream.bytes[at + 3] |= 0x80
    }
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.map(\.tracks) == [[.video]] && selection.times(.video) == Self.pictures(0..<6))
    #expect(selection.defects.map(\.kind) == [.scrambled] && selection.defects.first?.count == 240, "\(selection.defects)")
  }

  @Test func `missing packets, garbage, damaged tables and other programs are counted`() {
    var stream = Broadcast()
    stream.add(0..<6)
    var bytes = stream.bytes
    // Behind the tables: a packet of the first picture.
    bytes.removeSubrange((188 * 3)..<(188 * 4))
    bytes.insert(contentsOf: [1, 2, 3], at: 188 * 40)
    bytes[188 + 20] ^= 1
    let selection = Selection(bytes)
    var counts: [StreamDefect.Kind: Int] = [:]
    for defect in selection.defects { counts[defect.kind] = defect.count }
    #expect(counts[.garbage] == 1 && counts[.tables] == 1, "\(selection.defects)")
    // The map that was damaged came again half a second later: what is missing before that was not looked at.
    #expect(selection.times(.audio).count > 200)
  }

  @Test func `the first program with pictures or sound is read, and the others are counted`() {
    var stream = Broadcast()
    stream.add(0..<4)
    let body: [UInt8] = [0, 7, 0xE3, 0, 0, 1, 0xF0, 0]
    var section: [UInt8] = [0x00, 0xB0, UInt8(body.count + 9), 0, 1, 0xC1, 0, 0] + body
    let sum = ProgramTables.checksum(section)
    section += [UInt8(sum >> 24), UInt8(sum >> 16 & 0xFF), UInt8(sum >> 8 & 0xFF), UInt8(sum & 0xFF)]
    var packet: [UInt8] = [0x47, 0x40, 0, 0x10, 0] + section
    packet += [UInt8](repeating: 0xFF, count: 188 - packet.count)
    for at in stride(from: 0, to: stream.bytes.count, by: 188) where stream.bytes[at + 1] == 0x40 && stream.bytes[at + 2] == 0 {
      stream.bytes.replaceSubrange(at..<(at + 188), with: packet)
    }
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.map(\.tracks) == [[.video, .audio]] && selection.times(.video) == Self.pictures(0..<4))
    #expect(selection.defects == [StreamDefect(.programs, count: 1)])
  }

  @Test func `a map that changes again and again is followed so far, and that is said`() {
    var stream = Broadcast()
    for second in 0..<70 as Range<Int64> {
      stream.videoType = second % 2 == 0 ? StreamType.h264 : 0x24
      stream.add(second..<(second + 1))
    }
    let selection = Selection(stream.bytes)
    #expect(selection.decoders.count == TransportSelector.mostDecoders)
    #expect(selection.defects.contains { $0.kind == .unsteady && $0.told.isFailure }, "\(selection.defects)")
  }

  @Test func `no bytes trap, and what waits is bounded`() {
    var stream = Broadcast()
    stream.add(0..<4)
    stream.videoPID = 0x300
    stream.add(4..<8, announced: [.video], sending: [.video])
    var random = SplitMix(seed: 13)
    for round in 0..<300 {
      var bytes = stream.bytes
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[at / 188 * 188 + Int.random(in: 0..<6, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...400, using: &random)))
        case 3: bytes.insert(contentsOf: (0..<Int.random(in: 1...400, using: &random)).map { _ in 0x47 }, at: at)
        default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      let selection = Selection(bytes, piece: round % 2 == 0 ? 997 : 20_000)
      for decoder in selection.decoders { #expect(!decoder.tracks.isEmpty) }
    }
    // A unit without end, before a decoder: it does not gather.
    var selector = TransportSelector()
    var open = Broadcast()
    open.add(0..<1, sending: [.video], hasKeyFrames: false)
    _ = selector.feed(open.bytes)
    var packet: [UInt8] = [0x47, 0x01, 0x00, 0x10] + [UInt8](repeating: 3, count: 184)
    var most = 0
    for number in 0..<100_000 {
      packet[3] = 0x10 | UInt8(number % 16)
      _ = selector.feed(packet)
      most = max(most, selector.waitingBytes)
    }
    #expect(most > TransportSelector.holdBytes / 2 && most <= TransportSelector.holdBytes + 188)
  }
}

@Suite struct TransportSniffTests {
  @Test(arguments: [(0, 0, true), (4, 0, true), (0, 16, true)]) func `a transport stream is known by its packets`(
    before: Int, behind: Int, isOne: Bool
  ) {
    var stream = Broadcast()
    stream.add(0..<1)
    let bytes = stream.spaced(before: before, behind: behind)
    #expect(TransportPacketReader.isTransportStream(Array(bytes.prefix(2000))) == isOne)
    #expect(TransportPacketReader.isTransportStream(Array(bytes.prefix(400))) == nil)
    #expect(TransportPacketReader.isTransportStream(Array(bytes[100..<2000])) == isOne)
  }

  @Test func `anything else is none`() {
    var random = SplitMix(seed: 4)
    for _ in 0..<100 {
      let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(TransportPacketReader.isTransportStream(bytes) == false)
    }
    #expect(TransportPacketReader.isTransportStream(Array("GGGGGG".utf8)) == nil)
    #expect(TransportPacketReader.isTransportStream([]) == nil)
  }

  @Test(
    arguments: [
      (0x1B, [0, 0, 1, 0x67], .key), (0x1B, [0, 0, 1, 9, 0xF0, 0, 0, 0, 1, 0x65], .key), (0x1B, [0, 0, 1, 0x41, 0, 0, 1, 0x65], .picture),
      (0x1B, [0, 0, 1, 6, 5], .nothing), (0x24, [0, 0, 1, 0x40], .key), (0x24, [0, 0, 0, 1, 0x26], .key),
      (0x24, [0, 0, 1, 0x02], .picture),
      (0x02, [0, 0, 1, 0xB3], .key), (0x02, [0, 0, 1, 0x00], .picture), (0x02, [], .nothing), (0x1B, [0, 1, 0x65], .nothing),
    ] as [(UInt8, [UInt8], KeyFrames.Sight)]) func `key frames of each codec are known`(
      type: UInt8, bytes: [UInt8], sight: KeyFrames.Sight
    )
  {
    #expect(bytes.withUnsafeBytes { KeyFrames.look(type, $0) } == sight)
    #expect(bytes.withUnsafeBytes { KeyFrames.look(0xD1, $0) } == nil)
  }
}
