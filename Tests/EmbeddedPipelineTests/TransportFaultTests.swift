import MediaSync
import TestSupport
import Testing

@testable import EmbeddedPipeline
@testable import TransportStream

/// Bytes that are no transport stream, or a damaged one.
@Suite struct TransportFaultTests {
  /// A small stream of both tracks.
  private func stream(frames: Int64 = 40) -> [UInt8] {
    var muxer = TransportMuxer()
    var out: [UInt8] = []
    for frame in 0..<frames {
      let payload = [0, 0, 1, frame % 10 == 0 ? 0x65 : 0x41] + [UInt8](repeating: UInt8(frame), count: 700)
      muxer.write(
        ElementaryUnit(track: .video, pid: 0x100, streamType: StreamType.h264, pts: frame * 3000, payload: payload), into: &out)
      let audio = AACSilence.frames(firstFrame: Int(frame), count: 2)
      muxer.write(
        ElementaryUnit(track: .audio, pid: 0x101, streamType: StreamType.adtsAAC, pts: frame * 3000, payload: audio), into: &out)
    }
    return out
  }

  private func demux(_ bytes: [UInt8]) -> (units: [ElementaryUnit], faults: TransportFaults) {
    var demuxer = TransportDemuxer()
    let units = demuxer.feed(bytes) + demuxer.finish()
    return (units, demuxer.faults)
  }

  @Test func `key frames are known by their slices`() {
    let (units, faults) = demux(stream())
    #expect(units.count == 80)
    #expect(units.filter { $0.track == .video && $0.isRandomAccess }.map(\.pts) == [0, 30000, 60000, 90000])
    #expect(faults == TransportFaults())
    #expect(H264.isRandomAccess([0, 0, 0, 1, 9, 0xF0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 1, 0, 0, 1, 0x65]))
    #expect(!H264.isRandomAccess([0, 0, 1, 0x41, 0, 0, 1, 0x65]), "a slice of another picture comes first")
    for bytes in [[], [0], [0, 0, 1], [1], [0, 1, 0x65]] as [[UInt8]] { #expect(!H264.isRandomAccess(bytes)) }
  }

  @Test func `garbage around packets is passed over`() {
    let good = stream()
    let (units, faults) = demux([1, 2, 0x47, 3] + good[..<(188 * 40)] + [7, 7, 7] + good[(188 * 40)...])
    #expect(faults.skippedBytes == 7)
    #expect(faults.syncLosses == 2)
    #expect(units.count == 80)
  }

  @Test func `a lost packet costs its unit and is counted`() {
    var bytes = stream()
    // Behind the tables: the first unit takes packets 2 to 5.
    bytes.removeSubrange((188 * 3)..<(188 * 4))
    let (units, faults) = demux(bytes)
    #expect(faults.continuityErrors == 1)
    #expect(faults.droppedUnits == 1)
    #expect(units.count == 79)
    bytes = stream()
    bytes.insert(contentsOf: bytes[(188 * 3)..<(188 * 4)], at: 188 * 4)
    let repeated = demux(bytes)
    #expect(repeated.units.count == 80, "a packet may come twice")
    #expect(repeated.faults == TransportFaults())
  }

  @Test func `a damaged table is not believed`() {
    var bytes = stream()
    bytes[188 + 20] ^= 1
    let (units, faults) = demux(bytes)
    #expect(faults.badTables == 1)
    #expect(units.count < 80 && units.count > 40, "the next map counts: \(units.count)")
  }

  @Test func `a unit without end is bounded`() {
    var demuxer = TransportDemuxer()
    var units = demuxer.feed(Array(stream(frames: 1)))
    var packet: [UInt8] = [0x47, 0x41, 0x00, 0x14, 0, 0, 1, 0xE0, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1]
    packet += [UInt8](repeating: 3, count: 188 - packet.count)
    units += demuxer.feed(packet)
    packet[1] = 0x01
    for number in 0..<50_000 {
      packet[3] = 0x10 | UInt8((number + 5) % 16)
      units += demuxer.feed(packet)
    }
    #expect(units.count == 2)
    #expect(demuxer.faults.droppedUnits == 1)
    #expect(demuxer.finish().isEmpty)
  }

  @Test func `any bytes are taken`() {
    var random = SplitMix(seed: 7)
    let good = stream()
    var found = 0
    for round in 0..<120 {
      var bytes = good
      switch round % 4 {
      case 0:
        for _ in 0..<200 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
      case 1: bytes = Array(bytes[..<Int.random(in: 0..<bytes.count, using: &random)])
      case 2: bytes = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) }
      default:
        // Well-formed packets with anything in them, on the PIDs that are listened to.
        bytes = Array(good[..<(188 * 2)])
        for _ in 0..<60 {
          var packet = (0..<188).map { _ in UInt8.random(in: 0...255, using: &random) }
          packet[0] = 0x47
          packet[1] = packet[1] & 0x40 | ([0, 1, 0x10].randomElement(using: &random) ?? 0)
          packet[2] = UInt8.random(in: 0...1, using: &random)
          bytes += packet
        }
      }
      var demuxer = TransportDemuxer()
      var splitter = ADTSSplitter()
      var units: [ElementaryUnit] = []
      var at = 0
      while at < bytes.count {
        let end = min(bytes.count, at + Int.random(in: 1...700, using: &random))
        units += demuxer.feed(Array(bytes[at..<end]))
        at = end
      }
      units += demuxer.finish()
      for unit in units { _ = splitter.split(unit) }
      var muxer = TransportMuxer(demuxer.program?.tracks ?? [])
      for unit in units { #expect(muxer.write(unit).count % 188 == 0) }
      found += units.count
    }
    #expect(found > 1000, "\(found)")
  }

  @Test func `tables of any form are taken`() {
    var random = SplitMix(seed: 9)
    let sections = [ProgramTables.associationSection(number: 1, mapPID: 0x1000), ProgramTables.mapSection(TransportMuxer().program)]
    #expect(ProgramTables.association(sections[0])?.mapPID == 0x1000)
    #expect(ProgramTables.map(sections[1]) == TransportMuxer().program)
    for section in sections {
      for length in 0..<section.count {
        #expect(ProgramTables.association(Array(section[..<length])) == nil)
        #expect(ProgramTables.map(Array(section[..<length])) == nil)
      }
      for _ in 0..<2000 {
        // A right check sum over wrong lengths.
        var damaged = Array(section.dropLast(4))
        for _ in 0..<3 { damaged[Int.random(in: 3..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
        let sum = ProgramTables.checksum(damaged)
        damaged += (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * $0)) }
        if let program = ProgramTables.map(damaged) { #expect(program.tracks.count <= ProgramTables.maxTracks) }
        if let found = ProgramTables.association(damaged) { #expect(found.number != 0) }
      }
    }
  }
}
