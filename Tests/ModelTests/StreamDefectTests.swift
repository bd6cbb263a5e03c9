import MediaSync
import Testing

/// What is wrong with one track is said of that track, with its size and its place.
@Suite struct StreamDefectTests {
  private func defects(_ packets: [RawPacket]) -> [StreamDefect] {
    StreamTimelineTests.run(packets).compactMap { if case .defect(let defect) = $0 { defect } else { nil } }
  }

  private func first(_ kind: StreamDefect.Kind, _ packets: [RawPacket]) throws -> StreamDefect {
    let found = defects(packets)
    return try #require(found.last { $0.kind == kind }, "\(found)")
  }

  @Test(arguments: [(MediaTrack.video, 47_721.0), (.video, -8_000), (.audio, 40_000), (.audio, -5)])
  func `a track that jumps alone is named with its jump and its place`(track: MediaTrack, seconds: Double) throws {
    let jump = { (time: Double) -> Double? in time < 13 ? time + 9000 : time + 9000 + seconds }
    let stay = { (time: Double) -> Double? in time + 9000 }
    let defect = try first(
      .jumps, StreamTimelineTests.packets(0..<26, video: track == .video ? jump : stay, audio: track == .audio ? jump : stay))
    #expect(defect.track == track)
    #expect(abs((defect.seconds ?? 0) - seconds) < 0.1 && abs((defect.atPTS ?? 0) - 9013) < 0.1, "\(defect)")
    #expect(defect.told.isFailure && defect.told.sentence.contains("the time stamps of the \(track.rawValue) jump"))
  }

  @Test func `what a jump adds is not read`() {
    var analysis = StreamTimelineTests.analysis()
    for packet in StreamTimelineTests.packets(0..<26, video: { $0 < 13 ? $0 : $0 + 47_721 }) { _ = analysis.add(packet) }
    _ = analysis.finish()
    #expect(abs(analysis.mediaSeconds - 26) < 0.1)
    // It did not end: packets came to the last.
    #expect((analysis.silence(of: .video) ?? .infinity) < 0.1)
  }

  @Test func `tracks hours apart are said to be`() throws {
    var analysis = StreamTimelineTests.analysis()
    var found: [StreamDefect] = []
    for packet in StreamTimelineTests.packets(0..<20, audio: { $0 + 40_000 }) {
      for case .defect(let defect) in analysis.add(packet) { found.append(defect) }
    }
    #expect(found.map(\.kind) == [.beside])
    #expect(found.first?.track == .audio && abs((found.first?.seconds ?? 0) - 40_000) < 0.1)
    #expect(abs(analysis.mediaSeconds - 20) < 0.1)
  }

  @Test(arguments: [MediaTrack.video, .audio]) func `a track that comes late is said to`(track: MediaTrack) throws {
    let late = { (time: Double) -> Double? in time < 8 ? nil : time }
    let packets = StreamTimelineTests.packets(
      0..<20, video: track == .video ? late : { $0 }, audio: track == .audio ? late : { $0 })
    let defect = try first(.late, packets)
    #expect(defect.track == track && abs((defect.seconds ?? 0) - 8) < 0.05 && !defect.told.isFailure)
  }

  @Test(arguments: [MediaTrack.video, .audio]) func `a track that stops is said to, once`(track: MediaTrack) {
    let short = { (time: Double) -> Double? in time < 9 ? time : nil }
    var analysis = StreamTimelineTests.analysis()
    var found: [StreamDefect] = []
    for packet in StreamTimelineTests.packets(
      0..<30, video: track == .video ? short : { $0 }, audio: track == .audio ? short : { $0 })
    {
      for case .defect(let defect) in analysis.add(packet) { found.append(defect) }
    }
    #expect(found.map(\.kind) == [.stopped])
    #expect(found.first?.track == track && abs((found.first?.atPTS ?? 0) - 9) < 0.1)
    #expect(abs((analysis.silence(of: track) ?? 0) - 21) < 0.2)
  }

  @Test func `decoding times that fall and repeat are counted`() throws {
    var packets = StreamTimelineTests.packets(0..<20)
    let video = packets.indices.filter { packets[$0].track == .video }
    for place in stride(from: 15, to: 415, by: 10) { packets[video[place]].dts = packets[video[place - 1]].dts.map { $0 - 900 } }
    for place in stride(from: 20, to: 330, by: 10) { packets[video[place]].dts = packets[video[place - 1]].dts }
    let falls = try first(.falls, packets)
    #expect(falls.track == .video && falls.count == 40 && abs((falls.seconds ?? 0) + 0.01) < 1e-6, "\(falls)")
    let repeats = try first(.repeats, packets)
    #expect(repeats.track == .video && repeats.count == 31, "\(repeats)")
    #expect(falls.told.sentence.contains("40 times, by 0.01 s at most"))
  }

  @Test func `packets without a presentation time are placed by their decoding time, and it is said`() throws {
    let packets = StreamTimelineTests.packets(0..<20).map { packet in
      var packet = packet
      packet.pts = nil
      return packet
    }
    let happenings = StreamTimelineTests.run(packets)
    #expect(StreamTimelineTests.measurements(happenings).count == 4)
    let counts = happenings.compactMap { happening -> (MediaTrack?, Int?)? in
      if case .defect(let defect) = happening, defect.kind == .unplaced { (defect.track, defect.count) } else { nil }
    }
    #expect(counts.contains { $0 == (.video, 600) } && counts.contains { $0 == (.audio, 937) }, "\(counts)")
  }

  @Test func `a clean stream has nothing wrong`() {
    #expect(defects(StreamTimelineTests.packets(0..<60)).isEmpty)
    let loop = { (time: Double) in time < 20 ? time : time - 20 }
    #expect(defects(StreamTimelineTests.packets(0..<40, video: loop, audio: loop)).isEmpty)
  }

  @Test(arguments: [1.0 / 3, 0.5, 0.7, 1, 2, 5]) func `alignment is scored only as finely as packets lie`(rate: Double) {
    let kept = Int((30 / rate).rounded())
    var count = 0
    let packets = StreamTimelineTests.packets(0.1..<42.1).filter { packet in
      guard packet.track == .video else { return true }
      defer { count += 1 }
      return (count + 7).isMultiple(of: kept)
    }.map { packet in
      var packet = packet
      packet.isKeyFrame = true
      return packet
    }
    let measured = StreamTimelineTests.measurements(StreamTimelineTests.run(packets))
    #expect(measured.allSatisfy { abs($0.deltaMilliseconds) < 120 }, "\(measured)")
  }
}
