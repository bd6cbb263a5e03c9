import TestSupport
import Testing

@testable import MediaSync

@Suite struct TimestampUnwrapperTests {

  @Test(arguments: [
    ("mpegts", TimeBase(1, 90000), Int64(1) << 33, Int64(3000)), ("flv", TimeBase(1, 1000), 1 << 32, 33),
    ("flv", TimeBase(1, 1000), 1 << 31, 33), ("flv", TimeBase(1, 1000), 1 << 24, 33),
  ])
  func `goes on across a wrap`(container: String, base: TimeBase?, period: Int64, step: Int64) throws {
    var unwrapper = TimestampUnwrapper(container: container, base: try #require(base))
    var wraps = 0
    var last: Int64?
    for index in Int64(0)..<40 {
      let stamp = period - 20 * step + index * step
      let unwrapped = unwrapper.unwrap(stamp % period)
      if let last { #expect(unwrapped.ticks - last == step) }
      last = unwrapped.ticks
      wraps += unwrapped.isWrap ? 1 : 0
    }
    #expect(wraps == 1)
  }

  @Test func `sees a wrap that a library has unwrapped`() throws {
    var unwrapper = TimestampUnwrapper(container: "mpegts", base: try #require(TimeBase(1, 90000)))
    let stamps: [Int64] = [-6000, -3000, 0, 3000]
    #expect(stamps.map { unwrapper.unwrap($0).isWrap } == [false, false, true, false])
  }

  @Test func `takes a jump of MPEG-TS the shorter way`() throws {
    var unwrapper = TimestampUnwrapper(container: "mpegts", base: try #require(TimeBase(1, 90000)))
    _ = unwrapper.unwrap(90_000_000)
    #expect(unwrapper.unwrap((1 << 33) + 9000).ticks == 9000)
    #expect(!unwrapper.unwrap((1 << 33) + 12000).isWrap)
  }

  @Test(arguments: ["matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2"])
  func `leaves other containers alone`(container: String) throws {
    var unwrapper = TimestampUnwrapper(container: container, base: try #require(TimeBase(1, 1000)))
    _ = unwrapper.unwrap(1 << 32)
    #expect(unwrapper.unwrap(5).ticks == 5)
  }

  @Test func `survives anything`() throws {
    for container in ["mpegts", "flv", nil] {
      for base in [TimeBase(1, 90000), TimeBase(1, 1000), TimeBase(.max, 1), TimeBase(1, .max)].compactMap(\.self) {
        var unwrapper = TimestampUnwrapper(container: container, base: base)
        for stamp in [Int64.min, .max, 0, -1, 1 << 33, .min, .max, .max, 1 << 62, -(1 << 62)] { _ = unwrapper.unwrap(stamp) }
        #expect(unwrapper.unwrap(0).ticks == unwrapper.unwrap(0).ticks)
      }
    }
  }
}

@Suite struct StreamTimelineTests {
  /// Packets of 30 frames/s and of 48 kHz AAC, in MPEG-TS time, in the order of their times.
  static func packets(_ times: Range<Double>, video: (Double) -> Double? = { $0 }, audio: (Double) -> Double? = { $0 }) -> [RawPacket] {
    var all: [(Double, RawPacket)] = []
    for index in 0..<Int(((times.upperBound - times.lowerBound) * 30).rounded()) {
      let time = times.lowerBound + Double(index) / 30
      if let at = video(time) {
        let ticks = Int64((at * 90000).rounded())
        all.append((time, RawPacket(.video, pts: ticks, dts: ticks, isKeyFrame: index % 30 == 0, byteCount: 1000)))
      }
    }
    for index in 0..<Int((times.upperBound - times.lowerBound) * 48000 / 1024) {
      let time = times.lowerBound + Double(index) * 1024 / 48000
      if let at = audio(time) {
        let ticks = Int64((at * 90000).rounded())
        all.append((time, RawPacket(.audio, pts: ticks, dts: ticks, isKeyFrame: true, byteCount: 100)))
      }
    }
    return all.sorted { $0.0 < $1.0 }.map(\.1)
  }

  static func analysis() -> StreamAnalysis {
    var analysis = StreamAnalysis(rhythm: nil)
    let base = TimeBase(1, 90000)
    analysis.describe(container: "mpegts", bases: [.video: base, .audio: base].compactMapValues(\.self))
    return analysis
  }

  static func run(_ packets: [RawPacket]) -> [StreamHappening] {
    var analysis = analysis()
    return packets.flatMap { analysis.add($0) } + analysis.finish()
  }

  static func measurements(_ happenings: [StreamHappening]) -> [SyncMeasurement] {
    happenings.compactMap { if case .alignment(let measurement, isScored: true) = $0 { measurement } else { nil } }
  }

  @Test func `measures ten segments of a minute`() {
    let found = Self.measurements(Self.run(Self.packets(0..<60)))
    #expect(found.map(\.segmentIndex) == Array(0..<10))
    #expect(found.allSatisfy { abs($0.deltaMilliseconds) < 10.7 })
    #expect(SyncMeasurement.violations(in: found).isEmpty)
  }

  @Test func `begins where both tracks are`() {
    // Audio from 0.2 s on: the key frame at 0 does not count.
    let found = Self.measurements(Self.run(Self.packets(0..<20, audio: { $0 + 0.2 })))
    #expect(found.first?.videoPTS == 1)
    #expect(found.allSatisfy { abs($0.deltaMilliseconds) < 10.7 })
  }

  @Test func `tells a hole of both tracks`() {
    let happenings = Self.run(Self.packets(0..<20, video: { $0 < 8 ? $0 : $0 + 2 }, audio: { $0 < 8 ? $0 : $0 + 2 }))
    let gaps = happenings.compactMap { happening -> (MediaTrack, Double, Double)? in
      if case .gap(let track, let seconds, let at) = happening { (track, seconds, at) } else { nil }
    }
    #expect(Set(gaps.map(\.0)) == [.video, .audio])
    #expect(gaps.allSatisfy { abs($0.1 - 2) < 0.03 && abs($0.2 - 8) < 0.05 })
  }

  @Test func `joins a loop and keeps what lies between the tracks`() {
    // The audio is 50 ms late; after 20 s everything begins again.
    let jump = { (time: Double) in time < 20 ? time : time - 20 }
    let happenings = Self.run(Self.packets(0..<40, video: jump, audio: { jump($0) + 0.05 }))
    let seams = happenings.compactMap { if case .seam(let seconds, _) = $0 { seconds } else { nil } }
    #expect(seams.count == 1 && abs((seams.first ?? 0) + 20) < 0.1)
    let found = Self.measurements(happenings)
    #expect(found.map(\.segmentIndex) == Array(0..<8))
    #expect(SyncMeasurement.violations(in: found).isEmpty)
    #expect(found.allSatisfy { abs($0.deltaMilliseconds) < 10.7 || abs($0.deltaMilliseconds - 50) < 1 })
  }

  @Test func `takes a restart far ahead for a seam`() {
    let jump = { (time: Double) in time < 10 ? time : time + 500 }
    let happenings = Self.run(Self.packets(0..<20, video: jump, audio: jump))
    #expect(happenings.contains { if case .seam(let seconds, _) = $0 { abs(seconds - 500) < 0.1 } else { false } })
    #expect(!happenings.contains { if case .gap = $0 { true } else { false } })
  }

  @Test func `drops a damaged time stamp`() {
    let happenings = Self.run(Self.packets(0..<20, video: { abs($0 - 7) < 0.001 ? $0 + 3000 : $0 }))
    #expect(!happenings.contains { if case .seam = $0 { true } else if case .gap = $0 { true } else { false } })
    #expect(Self.measurements(happenings).count == 4)
  }

  @Test func `shows a jump of one track as it is`() {
    let happenings = Self.run(Self.packets(0..<30, audio: { $0 < 8 ? $0 : $0 + 15 }))
    #expect(
      happenings.contains { if case .gap(.audio, let seconds, _) = $0 { abs(seconds - 15) < 0.1 } else { false } }, "\(happenings)")
  }

  @Test func `decides across reordered frames`() {
    // Three B-frames: decoded as I P B B B, shown in order.
    var packets: [RawPacket] = []
    let order = [0, 4, 1, 2, 3]
    for index in 0..<720 {
      let group = index / 5 * 5
      let shown = group + order[index % 5]
      packets.append(
        RawPacket(
          .video, pts: Int64(shown + 4) * 3000, dts: Int64(index) * 3000, isKeyFrame: index % 30 == 0, byteCount: 1))
    }
    let audio = Self.packets(0..<24, video: { _ in nil })
    let all = (packets + audio).sorted { ($0.dts ?? 0) < ($1.dts ?? 0) }
    let found = Self.measurements(Self.run(all))
    let videoTimes = packets.compactMap { $0.pts }.map { Double($0) / 90000 }
    let audioTimes = audio.compactMap { $0.pts }.map { Double($0) / 90000 }
    let origin = 4.0 / 30
    for measurement in found {
      let boundary = origin + Double(measurement.segmentIndex) * 6
      #expect(measurement.videoPTS == videoTimes.min { abs($0 - boundary) < abs($1 - boundary) })
      // Two may lie equally far.
      let distance = audioTimes.map { abs($0 - boundary) }.min() ?? .nan
      #expect(abs(abs(measurement.audioPTS - boundary) - distance) < 1e-6)
    }
    #expect(found.count == 4)
  }

  @Test func `says nothing of one track alone`() {
    #expect(Self.measurements(Self.run(Self.packets(0..<20, audio: { _ in nil }))).isEmpty)
  }

  @Test func `survives garbage`() {
    var generator = SplitMix(seed: 7)
    var analysis = Self.analysis()
    var count = 0
    for _ in 0..<20000 {
      let track = generator.next() % 2 == 0 ? MediaTrack.video : .audio
      let pts = generator.next() % 5 == 0 ? Int64(bitPattern: generator.next()) : Int64(generator.next() % (1 << 33))
      let packet = RawPacket(
        track, pts: generator.next() % 9 == 0 ? nil : pts, dts: generator.next() % 9 == 0 ? nil : pts, isKeyFrame: true, byteCount: -5)
      count += analysis.add(packet).count
    }
    #expect(analysis.videoPackets + analysis.audioPackets == 20000)
    #expect(count < 100_000)
  }
}
